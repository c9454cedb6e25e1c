// Home as a child: one process with every role.

import { join } from 'node:path'
import { freePort } from '../servers/ports.ts'
import { ServerProcess } from '../servers/server-process.ts'
import { KeptProcess } from './kept-process.ts'
import { rotateLog } from './log-files.ts'
import { type Places, ROOT } from './places.ts'
import { type Backing } from './backing.ts'

const READY_TIMEOUT_MS = 20_000
const PREFERRED_PORT = 8788

type Context = {
  places: Places
  backing: Backing
  internalSecret: string
  /** Where the edge will be. */
  edgeUrl: string
  say: (line: string) => void
}

/** Home, not yet started, and the address of its API. */
export async function homeProcess(context: Context): Promise<{ kept: KeptProcess; url: string }> {
  const { places, backing, internalSecret, edgeUrl, say } = context
  // An inner address: nobody types it, so any free port will do.
  const port = await freePort(
    Number.parseInt(process.env.MOTU_HOME_PORT ?? '', 10) || PREFERRED_PORT,
  )
  const url = `http://127.0.0.1:${port}`
  const env = {
    ...process.env,
    MOTU_HOME_HOST: '127.0.0.1',
    MOTU_HOME_PORT: String(port),
    MOTU_POSTGRES_URL: backing.postgresUrl,
    MOTU_REDIS_URL: backing.redisUrl ?? '',
    MOTU_REDIS_PREFIX: backing.redisPrefix,
    MOTU_AMQP_URL: backing.amqpUrl ?? '',
    MOTU_QUEUE_PREFIX: backing.queuePrefix,
    MOTU_INTERNAL_SECRET: internalSecret,
    MOTU_EDGE_URL: process.env.MOTU_EDGE_URL || edgeUrl,
    MOTU_ALWAYS_OPEN: alwaysOpenOf(process.env),
    MOTU_SIGNING_KEY_FILE: places.signingKeyFile,
    MOTU_CREDENTIAL_KEYS_FILE: places.credentialKeysFile,
    MOTU_PUSH_KEY_FILE: places.pushKeyFile,
  }
  const logFile = rotateLog(places.logsDir, 'home')
  const kept = new KeptProcess({
    name: 'home',
    pidsDir: places.pidsDir,
    readyTimeoutMs: READY_TIMEOUT_MS,
    launch: () =>
      new ServerProcess({
        name: 'home',
        program: process.execPath,
        args: [join(ROOT, 'home/src/main.ts'), '--roles', 'api,engine,feeder,notifier,bot'],
        env,
        cwd: ROOT,
        logFile,
      }),
    isReady: () => answersOk(`${url}/internal/health`),
    say,
  })
  return { kept, url }
}

/** Practice goes on around the clock where all prices are replayed, unless somebody wants the hours. */
export function alwaysOpenOf({ MOTU_ALWAYS_OPEN, MOTU_FEED }: NodeJS.ProcessEnv): string {
  return MOTU_ALWAYS_OPEN ?? ((MOTU_FEED || 'replay') === 'replay' ? '1' : '0')
}

const PROBE_TIMEOUT_MS = 1_000

/** Whether a GET is answered 2xx. */
export async function answersOk(url: string): Promise<boolean> {
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(PROBE_TIMEOUT_MS) })
    await answer.body?.cancel()
    return answer.ok
  } catch {
    // Nothing listens yet, or it is busy starting.
    return false
  }
}
