// A database of before the doors, with data in it, comes through to the newest schema: sign-ins go on,
// and the relay goes on where it was. Then the audit log only grows.

import { createHash, randomUUID } from 'node:crypto'
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { drizzle } from 'drizzle-orm/postgres-js'
import { migrate as applyMigrations } from 'drizzle-orm/postgres-js/migrator'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { renewSignIn } from '../../src/api/queries/sessions.ts'
import { connect, type Sql } from '../../src/db/connect.ts'
import { migrate } from '../../src/db/migrate.ts'

const MIGRATIONS = resolve(import.meta.dirname, '../../migrations')
const BEFORE_THE_DOORS = '0001_fillfactor'
const SERVER_URL = process.env.MOTU_POSTGRES_URL ?? 'postgres://postgres@127.0.0.1:5432/postgres'
const DAY_MS = 86_400_000

type Journal = { entries: { idx: number; tag: string }[] }

let folder: string
let admin: Sql
let sql: Sql
let url: string
const database = `motu_test_${randomUUID().replaceAll('-', '').slice(0, 12)}`

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'motu-migrations-'))
  await cp(MIGRATIONS, folder, { recursive: true })
  const file = join(folder, 'meta/_journal.json')
  const journal = JSON.parse(await readFile(file, 'utf8')) as Journal
  const last = journal.entries.findIndex(({ tag }) => tag === BEFORE_THE_DOORS)
  expect(last).toBeGreaterThan(0)
  const entries = journal.entries.slice(0, last + 1)
  await writeFile(file, JSON.stringify({ ...journal, entries }))
  admin = connect(SERVER_URL, { max: 1, name: 'motu-test' })
  await admin.unsafe(`CREATE DATABASE ${database}`)
  const address = new URL(SERVER_URL)
  address.pathname = `/${database}`
  url = address.href
  // Of its own: Drizzle changes how its client writes dates.
  const migrating = connect(url, { max: 1, name: 'motu-test' })
  await applyMigrations(drizzle(migrating), { migrationsFolder: folder })
  await migrating.end({ timeout: 5 })
  sql = connect(url, { max: 2, name: 'motu-test' })
})
afterAll(async () => {
  await sql.end({ timeout: 5 })
  await admin.unsafe(`DROP DATABASE ${database} WITH (FORCE)`)
  await admin.end({ timeout: 5 })
  await rm(folder, { recursive: true })
})

it('keeps sign-ins, ended ones too, and the place of the relay', async () => {
  const nowMs = Date.now()
  const [at, end] = [new Date(nowMs - DAY_MS), new Date(nowMs + DAY_MS)]
  const userId = randomUUID()
  await sql`INSERT INTO users (id, partition, username, nickname, role, password_hash, created_at)
    VALUES (${userId}, 0, 'old-hand', 'Old', 'USER', 'a hash', ${at})`
  const tokens = { living: randomUUID(), ended: randomUUID() }
  for (const [name, token] of Object.entries(tokens)) {
    const hash = createHash('sha256').update(token).digest('hex')
    await sql`INSERT INTO auth_sessions (id, user_id, refresh_hash, created_at, expires_at, revoked_at)
      VALUES (${randomUUID()}, ${userId}, ${hash}, ${at}, ${end}, ${name === 'ended' ? at : null})`
  }
  await sql`INSERT INTO outbox_cursors (reader, xid, id) VALUES ('relay', '77', 7), ('other', '1', 1)`

  await Promise.all([migrate(url), migrate(url)])

  const renew = (token: string) => sql.begin((tx) => renewSignIn(tx, token, nowMs))
  expect(await renew(tokens.living)).toMatchObject({ kind: 'renewed', signIn: { userId } })
  expect(await renew(tokens.living)).toMatchObject({ kind: 'reused', userId })
  expect(await renew(tokens.ended)).toEqual({ kind: 'refused' })
  const places = await sql`SELECT reader, xid::text, id::int FROM outbox_cursors ORDER BY reader`
  const relays = Array.from({ length: 8 }, (_, n) => ({ reader: `relay:${n}`, xid: '77', id: 7 }))
  expect(places).toEqual([{ reader: 'other', xid: '1', id: 1 }, ...relays])
})

it.each(['UPDATE audit_log SET action = $1', 'DELETE FROM audit_log WHERE action <> $1'])(
  'refuses %s',
  async (statement) => {
    await sql`INSERT INTO audit_log (at, action) VALUES (now(), 'sign_in')`
    await expect(sql.unsafe(statement, ['x'])).rejects.toThrow('append-only')
    await expect(sql`TRUNCATE audit_log`).rejects.toThrow('append-only')
  },
)
