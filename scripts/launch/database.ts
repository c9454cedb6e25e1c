// The embedded PostgreSQL of `npm start`: a real server on this machine, its programs from npm, its
// data in `.motu/postgres`.

import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import postgres from 'postgres'
import { freePort } from '../servers/ports.ts'
import { answersQueries, launchPostgres, makeCluster, postgresUrl } from '../servers/postgres.ts'
import { openDataFolder, openPostgresPrograms } from '../servers/postgres-programs.ts'
import { KeptProcess } from './kept-process.ts'
import { rotateLog } from './log-files.ts'
import { type Places } from './places.ts'

const READY_TIMEOUT_MS = 30_000
export const DATABASE = 'motu'

type Context = { places: Places; password: string; say: (line: string) => void }

/** The server, not yet started, and the URL of the database it will hold. */
export async function embeddedPostgres(
  context: Context,
): Promise<{ kept: KeptProcess; url: string }> {
  const { places, password, say } = context
  const { folder, closed } = openDataFolder(places.postgresDir)
  if (closed !== null) {
    say(`PostgreSQL does not run as root, and others may not enter ${closed}:`)
    say(`its data is in ${folder} instead`)
  }
  const options = {
    programs: await openPostgresPrograms(),
    dataDir: folder,
    logFile: rotateLog(places.logsDir, 'postgres'),
    port: await rememberedPort(places.choicesFile),
    password,
  }
  await makeCluster(options)
  const kept = new KeptProcess({
    name: 'postgres',
    pidsDir: places.pidsDir,
    readyTimeoutMs: READY_TIMEOUT_MS,
    launch: () => launchPostgres(options),
    isReady: () => answersQueries(postgresUrl(options)),
    say,
  })
  return { kept, url: postgresUrl(options).replace(/postgres$/, DATABASE) }
}

/** Makes the database of a URL if the server does not have it. */
export async function ensureDatabase(url: string): Promise<void> {
  if (await answersQueries(url)) return
  const server = new URL(url)
  const database = server.pathname.slice(1)
  server.pathname = '/postgres'
  const sql = postgres(server.href, { max: 1, onnotice: () => {} })
  try {
    const found = await sql`SELECT 1 FROM pg_database WHERE datname = ${database}`
    if (found.length === 0) await sql`CREATE DATABASE ${sql(database)}`
  } finally {
    await sql.end({ timeout: 5 })
  }
}

/** The port of the last start if it is still free: people keep it in their database tools. */
async function rememberedPort(choicesFile: string): Promise<number> {
  const remembered = existsSync(choicesFile)
    ? (JSON.parse(readFileSync(choicesFile, 'utf8')) as { postgresPort?: number }).postgresPort
    : undefined
  const port = await freePort(remembered)
  writeFileSync(choicesFile, `${JSON.stringify({ postgresPort: port })}\n`)
  return port
}
