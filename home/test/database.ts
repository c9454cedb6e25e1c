// A database of a test's own: created from a migrated template, dropped afterwards.

import { randomUUID } from 'node:crypto'
import { partitionOf } from '@motu/shared/partition.ts'
import { connect, type Sql } from '../src/db/connect.ts'
import { migrate } from '../src/db/migrate.ts'

export type TestDatabase = { url: string; sql: Sql; drop: () => Promise<void> }

const serverUrl = (): string =>
  process.env.MOTU_POSTGRES_URL ?? 'postgres://postgres@127.0.0.1:5432/postgres'

/** A migrated, empty database. */
export async function createDatabase(): Promise<TestDatabase> {
  const name = `motu_test_${randomUUID().replaceAll('-', '').slice(0, 12)}`
  const admin = connect(serverUrl(), { max: 1, name: 'motu-test' })
  await admin.unsafe(`CREATE DATABASE ${name}`)
  const url = new URL(serverUrl())
  url.pathname = `/${name}`
  await migrate(url.href)
  const sql = connect(url.href, { max: 4, name: 'motu-test', keyedOnly: true })
  return {
    url: url.href,
    sql,
    drop: async () => {
      await sql.end({ timeout: 5 })
      await admin.unsafe(`DROP DATABASE ${name} WITH (FORCE)`)
      await admin.end({ timeout: 5 })
    },
  }
}

/** A user with a wallet and the ledger entry that explains it. */
export async function createWallet(sql: Sql, balanceKrw = '100000000'): Promise<string> {
  const userId = randomUUID()
  const partition = partitionOf(userId)
  await sql.begin(async (tx) => {
    await tx`
      INSERT INTO wallets (partition, user_id, balance_krw, last_updated)
      VALUES (${partition}, ${userId}, ${balanceKrw}, now())`
    await tx`
      INSERT INTO ledger_entries (partition, user_id, source_id, leg_no, kind, debit_account,
        credit_account, unit, amount, created_at)
      VALUES (${partition}, ${userId}, ${userId}, 0, 'grant', 'CASH', 'GRANT', 'KRW',
        ${balanceKrw}, now())`
  })
  return userId
}
