// `npm start`: runs Motu on this machine until Ctrl-C.

import { parseArgs } from 'node:util'
import { AlreadyRuns, openControl } from './launch/control.ts'
import { findPlaces } from './launch/places.ts'
import { describeSignIns } from './launch/sign-ins.ts'
import { Stack } from './launch/stack.ts'

const USAGE = `npm start [-- OPTIONS]

  --port N      the address's port (MOTU_PORT; 8787)
  --services    use PostgreSQL, Redis and RabbitMQ that run already: MOTU_POSTGRES_URL,
                MOTU_REDIS_URL, MOTU_AMQP_URL, else the default local ports
  --help        this text

Data, secrets and logs are kept in .motu/ (MOTU_DIR). Ctrl-C stops everything.`

const PORT_DEFAULT = '8787'
const LAUNCHER_CHECK_MS = 200

const say = (line: string): void => console.log(`  ${line}`)

/** Ends with a message and without a stack: what went wrong is the user's to mend. */
function fail(message: string): never {
  console.error(message)
  process.exit(1)
}

function readOptions(): { port: number; useServices: boolean } {
  const options = {
    port: { type: 'string' },
    services: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  } as const
  try {
    const { values } = parseArgs({ options })
    if (values.help) {
      console.log(USAGE)
      process.exit(0)
    }
    const port = values.port ?? (process.env.MOTU_PORT || PORT_DEFAULT)
    if (!/^[1-9]\d{0,4}$/.test(port) || Number(port) > 65_535) fail(`${port} is not a port`)
    return { port: Number(port), useServices: values.services }
  } catch (error) {
    return fail(`${(error as Error).message}\n\n${USAGE}`)
  }
}

const { port, useServices } = readOptions()
const places = findPlaces(process.env)
const stack = new Stack({ places, port, useServices, say })

let stopping: Promise<void> | null = null

/** The first signal counts; the terminal, npm and the launcher may each send the same one. */
function stopOnce(): Promise<void> {
  stopping ??= stack.stop()
  return stopping
}

async function stopAndExit(): Promise<void> {
  if (stopping) return
  console.log('\nStopping …')
  try {
    await stopOnce()
  } catch (error) {
    fail((error as Error).message)
  }
  console.log('Stopped. Everything is kept for the next start.')
  process.exit(0)
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => void stopAndExit())
}

// A terminal that was closed reads no more lines; stopping goes on without them.
process.stdout.on('error', () => {})
process.stderr.on('error', () => {})

/** Without the launcher nobody at a terminal can stop this: it stops by itself. */
const launcher = process.ppid
setInterval(() => {
  if (process.ppid !== launcher) void stopAndExit()
}, LAUNCHER_CHECK_MS).unref()

try {
  await openControl(places.controlSocket, (command) => stack.command(command))
  console.log('Motu starts:')
  const secrets = await stack.start()
  console.log(`
Motu is ready: ${stack.url}

${describeSignIns(secrets)}

Take home away with    npm run plug -- out
and give it back with  npm run plug -- in     (Ctrl-C stops everything)`)
} catch (error) {
  // A signal during the start makes it fail; the stop that is under way says the rest.
  if (!stopping) {
    await stopOnce()
    const hint = error instanceof AlreadyRuns ? '\nStop it with Ctrl-C where it runs.' : ''
    fail(`\n${(error as Error).message}${hint}`)
  }
}
