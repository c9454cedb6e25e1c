// Private servers for whoever wants to break one: on free ports, with their data in a folder that
// goes with them. They can be killed, paused, and started again on the same port and data.

import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { installRabbitmq, installRedis } from './installed.ts'
import { freePort } from './ports.ts'
import { postgresUrl, startPostgres } from './postgres.ts'
import { openPostgresPrograms } from './postgres-programs.ts'
import { makeRabbitmqNode, rabbitmqUrl, startRabbitmq } from './rabbitmq.ts'
import { startRedis } from './redis.ts'
import { type ServerProcess } from './server-process.ts'

export type PrivateServer = {
  url: string
  /** Of the server that runs now: another one after a restart. */
  readonly pid: number
  /** To the server and all its processes; SIGSTOP and SIGCONT pause and wake it. */
  kill(signal: NodeJS.Signals): void
  /** Ends it if it runs (politely; kill it first for a crash) and starts it on the same data. */
  restart(): Promise<void>
  /** Ends it and removes its data. */
  stop(): Promise<void>
}

/** A real PostgreSQL (superuser `postgres`, no password), with fsync as in production. */
export async function privatePostgres(
  settings: Readonly<Record<string, string>> = {},
): Promise<PrivateServer> {
  const dir = temporaryFolder('postgres')
  // PostgreSQL runs as another user when we are root.
  chmodSync(dir, 0o755)
  const options = {
    programs: await openPostgresPrograms(),
    dataDir: join(dir, 'data'),
    logFile: join(dir, 'log'),
    port: await freePort(),
    password: null,
    settings,
  }
  return privateServer(postgresUrl(options), dir, () => startPostgres(options))
}

export async function privateRedis(): Promise<PrivateServer> {
  const dir = temporaryFolder('redis')
  const program = await installRedis()
  const options = { program, dir, port: await freePort(), logFile: join(dir, 'log') }
  return privateServer(`redis://127.0.0.1:${options.port}`, dir, () => startRedis(options))
}

/** A real RabbitMQ (user guest); its quorum queues survive kill and restart. */
export async function privateRabbitmq(): Promise<PrivateServer> {
  const dir = temporaryFolder('rabbitmq')
  const script = await installRabbitmq()
  const port = await freePort()
  const node = await makeRabbitmqNode({ script, dir, port, logFile: join(dir, 'output') })
  return privateServer(
    rabbitmqUrl(port),
    dir,
    () => startRabbitmq(node),
    () => node.nameServer.stop(),
  )
}

const temporaryFolder = (name: string): string => mkdtempSync(join(tmpdir(), `motu-${name}-`))

async function privateServer(
  url: string,
  dir: string,
  start: () => Promise<ServerProcess>,
  stopCompanion: () => Promise<void> = () => Promise.resolve(),
): Promise<PrivateServer> {
  let server = await start()
  return {
    url,
    get pid() {
      return server.pid
    },
    kill: (signal) => server.kill(signal),
    async restart() {
      await server.stop()
      server = await start()
    },
    async stop() {
      await server.stop()
      await stopCompanion()
      rmSync(dir, { recursive: true, force: true })
    },
  }
}
