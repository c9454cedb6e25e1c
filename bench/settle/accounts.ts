// Accounts written straight into the database: registering thousands through the API would measure
// the password hash.

import { partitionOf } from '@motu/shared/partition.ts'
import { v5 as uuidv5 } from 'uuid'
import type { Sql } from '../../home/src/db/connect.ts'

const NAMESPACE = '6ba7b812-9dad-11d1-80b4-00c04fd430c8'

/** The sign-in of a user; each has one. */
export const sessionOf = (userId: string): string => uuidv5('session', userId)

/** Opens `count` accounts with their granted cash, and answers their user ids. */
export async function openAccounts(sql: Sql, count: number, cashKrw: string): Promise<string[]> {
  const names = Array.from({ length: count }, (_, index) => `bench${index}`)
  const userIds = names.map((name) => uuidv5(name, NAMESPACE))
  const partitions = userIds.map((userId) => String(partitionOf(userId)))
  const grants = userIds.map((userId) => uuidv5('grant', userId))
  await sql.begin(async (tx) => {
    await tx`
      INSERT INTO users (id, partition, username, nickname, password_hash, created_at)
      SELECT id, partition, name, name, 'none: nobody signs in', now()
      FROM unnest(${userIds}::uuid[], ${partitions}::smallint[], ${names}::text[])
        AS u(id, partition, name)`
    await tx`
      INSERT INTO auth_sessions (id, user_id, created_at, expires_at)
      SELECT id, user_id, now(), now() + interval '7 days'
      FROM unnest(${userIds.map(sessionOf)}::uuid[], ${userIds}::uuid[]) AS s(id, user_id)`
    await tx`
      INSERT INTO wallets (partition, user_id, balance_krw, last_updated)
      SELECT partition, user_id, ${cashKrw}::numeric, now()
      FROM unnest(${partitions}::smallint[], ${userIds}::uuid[]) AS w(partition, user_id)`
    await tx`
      INSERT INTO ledger_entries (partition, user_id, source_id, leg_no, kind, debit_account,
        credit_account, unit, amount, created_at)
      SELECT partition, user_id, source_id, 0, 'grant', 'CASH', 'GRANT', 'KRW',
        ${cashKrw}::numeric, now()
      FROM unnest(${partitions}::smallint[], ${userIds}::uuid[], ${grants}::uuid[])
        AS l(partition, user_id, source_id)`
  })
  await sql`ANALYZE`
  return userIds
}
