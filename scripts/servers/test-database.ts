// A database of its own for each test file: migrated once into a template, then copied, which takes
// some 50 ms. The template's name carries the schema's hash, so a new migration makes a new one.

import { createHash, randomUUID } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import postgres from 'postgres'
import { migrate } from '../../home/src/db/migrate.ts'

const MIGRATIONS = join(import.meta.dirname, '../../home/migrations')
const TEMPLATE_LOCK = 7_301_002

export type TestDatabase = { url: string; drop(): Promise<void> }

/** An empty, migrated database. `name` tells whose it is: lower case, digits, underscores. */
export async function createTestDatabase(serverUrl: string, name: string): Promise<TestDatabase> {
  if (!/^[a-z][a-z0-9_]{0,30}$/.test(name)) throw new Error(`${name} cannot name a database`)
  const database = `motu_${runName()}_${name}_${randomUUID().slice(0, 8)}`
  await asAdministrator(serverUrl, async (sql) => {
    // One at a time: a template may not be connected to while it is copied, or made twice.
    await sql`SELECT pg_advisory_lock(${TEMPLATE_LOCK})`
    const template = await migratedTemplate(sql, serverUrl)
    await sql`CREATE DATABASE ${sql(database)} TEMPLATE ${sql(template)}`
  })
  const drop = (): Promise<void> =>
    asAdministrator(serverUrl, async (sql) => {
      await sql`DROP DATABASE IF EXISTS ${sql(database)} WITH (FORCE)`
    })
  return { url: databaseUrl(serverUrl, database), drop }
}

/** Removes what this run made and did not drop: the template, and what a killed test left. */
export async function dropTestDatabases(serverUrl: string): Promise<void> {
  await asAdministrator(serverUrl, async (sql) => {
    const left = await sql<{ datname: string }[]>`
      SELECT datname FROM pg_database WHERE starts_with(datname, ${`motu_${runName()}_`})`
    for (const { datname } of left) {
      await sql`DROP DATABASE IF EXISTS ${sql(datname)} WITH (FORCE)`
    }
  })
}

async function migratedTemplate(sql: postgres.Sql, serverUrl: string): Promise<string> {
  const template = templateName()
  const found = await sql`SELECT 1 FROM pg_database WHERE datname = ${template}`
  if (found.length > 0) return template
  // Under another name until it is complete, so that an interrupted attempt is never copied.
  const draft = `${template}_draft`
  await sql`DROP DATABASE IF EXISTS ${sql(draft)} WITH (FORCE)`
  await sql`CREATE DATABASE ${sql(draft)}`
  await migrate(databaseUrl(serverUrl, draft))
  await sql`ALTER DATABASE ${sql(draft)} RENAME TO ${sql(template)}`
  return template
}

function templateName(): string {
  const hash = createHash('sha256')
  for (const file of readdirSync(MIGRATIONS).sort()) {
    if (file.endsWith('.sql')) hash.update(file).update(readFileSync(join(MIGRATIONS, file)))
  }
  return `motu_${runName()}_template_${hash.digest('hex').slice(0, 10)}`
}

/** Keeps two runs on one server apart: each removes only what is its own. */
const runName = (): string => process.env.MOTU_TEST_RUN ?? 'test'

function databaseUrl(serverUrl: string, database: string): string {
  const url = new URL(serverUrl)
  url.pathname = `/${database}`
  return url.href
}

async function asAdministrator(
  serverUrl: string,
  act: (sql: postgres.Sql) => Promise<void>,
): Promise<void> {
  const sql = postgres(serverUrl, { max: 1, onnotice: () => {} })
  try {
    await act(sql)
  } finally {
    await sql.end({ timeout: 5 })
  }
}
