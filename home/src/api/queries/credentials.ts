// Exchange credentials as they are kept: closed.

import type { Exchange, ExchangeCredentials } from '@motu/shared/contract/credentials.ts'
import type { Sql, Transaction } from '../../db/connect.ts'
import type { BoxLabel, ClosedBox } from '../credential-box.ts'

type Row = { exchange: Exchange; created_at: Date; updated_at: Date }

const viewOf = ({ exchange, created_at, updated_at }: Row): ExchangeCredentials => ({
  exchange,
  created_at: created_at.toISOString(),
  updated_at: updated_at.toISOString(),
})

export async function listCredentials(sql: Sql, userId: string): Promise<ExchangeCredentials[]> {
  const rows = await sql<Row[]>`
    SELECT exchange, created_at, updated_at FROM exchange_credentials
    WHERE user_id = ${userId} ORDER BY exchange`
  return rows.map(viewOf)
}

export async function putCredentials(
  tx: Transaction,
  { label, box }: { label: BoxLabel; box: ClosedBox },
  nowMs: number,
): Promise<ExchangeCredentials> {
  const at = new Date(nowMs)
  const [row] = await tx<Row[]>`
    INSERT INTO exchange_credentials (user_id, exchange, key_id, nonce, ciphertext, created_at,
      updated_at)
    VALUES (${label.userId}, ${label.exchange}, ${box.keyId}, ${box.nonce}, ${box.ciphertext},
      ${at}, ${at})
    ON CONFLICT (user_id, exchange) DO UPDATE SET key_id = EXCLUDED.key_id, nonce = EXCLUDED.nonce,
      ciphertext = EXCLUDED.ciphertext, updated_at = EXCLUDED.updated_at
    RETURNING exchange, created_at, updated_at`
  return viewOf(row!)
}

/** Whether there were any. */
export async function deleteCredentials(tx: Transaction, label: BoxLabel): Promise<boolean> {
  const rows = await tx`
    DELETE FROM exchange_credentials
    WHERE user_id = ${label.userId} AND exchange = ${label.exchange} RETURNING 1`
  return rows.length > 0
}

export type KeptBox = { label: BoxLabel; box: ClosedBox }
type BoxRow = {
  user_id: string
  exchange: string
  key_id: string
  nonce: Buffer
  ciphertext: Buffer
}

/** Boxes that another key than this one closed, some at a time. */
export async function listBoxesOfOtherKeys(
  sql: Sql,
  keyId: string,
  limit: number,
): Promise<KeptBox[]> {
  const rows = await sql<BoxRow[]>`
    SELECT user_id, exchange, key_id, nonce, ciphertext FROM exchange_credentials
    WHERE key_id <> ${keyId} ORDER BY user_id, exchange LIMIT ${limit}`
  return rows.map((row) => ({
    label: { userId: row.user_id, exchange: row.exchange },
    box: { keyId: row.key_id, nonce: row.nonce, ciphertext: row.ciphertext },
  }))
}

/** Puts a box in the place of another, unless its owner has changed it meanwhile. */
export async function replaceBox(
  sql: Sql,
  { label, box }: KeptBox,
  next: ClosedBox,
): Promise<void> {
  await sql`
    UPDATE exchange_credentials SET key_id = ${next.keyId}, nonce = ${next.nonce},
      ciphertext = ${next.ciphertext}
    WHERE user_id = ${label.userId} AND exchange = ${label.exchange} AND nonce = ${box.nonce}`
}

export async function listUsedKeyIds(sql: Sql): Promise<string[]> {
  const rows = await sql<{ key_id: string }[]>`SELECT DISTINCT key_id FROM exchange_credentials`
  return rows.map(({ key_id }) => key_id)
}
