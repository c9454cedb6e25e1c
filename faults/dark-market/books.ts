// A database of a run's own, with the users of its script: the same ids in every run.

import { randomUUID } from 'node:crypto'
import { partitionOf } from '@motu/shared/partition.ts'
import type { Cleanup } from '../../bench/cleanup.ts'
import { connect, type Sql } from '../../home/src/db/connect.ts'
import { migrate } from '../../home/src/db/migrate.ts'

/** Migrated, with a wallet for each user; dropped again by `cleanup`. */
export async function makeBooks(
  serverUrl: string,
  { users, cashKrw }: { users: readonly string[]; cashKrw: string },
  cleanup: Cleanup,
): Promise<{ sql: Sql; url: string }> {
  const name = `motu_dark_${randomUUID().slice(0, 8)}`
  const admin = connect(serverUrl, { max: 1 })
  cleanup.add(() => admin.end({ timeout: 2 }))
  await admin`CREATE DATABASE ${admin(name)}`
  cleanup.add(() => admin`DROP DATABASE IF EXISTS ${admin(name)} WITH (FORCE)`)
  const url = new URL(serverUrl)
  url.pathname = `/${name}`
  await migrate(url.href)
  const sql = connect(url.href, { max: 2, name: 'motu-dark', keyedOnly: true })
  cleanup.add(() => sql.end({ timeout: 2 }))
  for (const userId of users) {
    const partition = partitionOf(userId)
    await sql`
      INSERT INTO wallets (partition, user_id, balance_krw, last_updated)
      VALUES (${partition}, ${userId}, ${cashKrw}, now())`
    await sql`
      INSERT INTO ledger_entries (partition, user_id, source_id, leg_no, kind, debit_account,
        credit_account, unit, amount, created_at)
      VALUES (${partition}, ${userId}, ${userId}, 0, 'grant', 'CASH', 'GRANT', 'KRW',
        ${cashKrw}, now())`
  }
  return { sql, url: url.href }
}
