// Everything the database holds of some users, to see that a refused call changed nothing.

import type { Sql } from '../../../home/src/db/connect.ts'

/** Whose a row is, by table. */
const OWNED: Readonly<Record<string, string>> = {
  users: 'id',
  wallets: 'user_id',
  portfolios: 'user_id',
  orders: 'user_id',
  open_orders: 'user_id',
  early_cancels: 'user_id',
  fills: 'user_id',
  ledger_entries: 'user_id',
  auth_sessions: 'user_id',
  api_keys: 'user_id',
  notices: 'user_id',
  oidc_identities: 'user_id',
  passkeys: 'user_id',
  channel_links: 'user_id',
  exchange_credentials: 'user_id',
  preferences: 'user_id',
  notification_settings: 'user_id',
  notification_choices: 'user_id',
  push_subscriptions: 'user_id',
  watch_lists: 'user_id',
  price_alerts: 'user_id',
}
/** When something was used last is written down a moment later, by the edge's report. */
const OF_USE = ['last_used_at', 'last_used_address']

/** The rows, by table, in a form that can be compared. */
export async function belongingsOf(
  sql: Sql,
  userIds: readonly string[],
): Promise<Record<string, string[]>> {
  const tables = Object.entries(OWNED).map(async ([table, column]) => {
    const rows = await sql<{ row: string }[]>`
      SELECT (to_jsonb(t) - ${OF_USE}::text[])::text AS row FROM ${sql(table)} t
      WHERE ${sql(column)} = ANY (${[...userIds]}::uuid[]) ORDER BY 1`
    return [table, rows.map(({ row }) => row)] as const
  })
  return Object.fromEntries(await Promise.all(tables))
}
