// The outbox: orders that were accepted and could not be handed on yet, on the Mailbox's own disk.
// What is inserted here is durable before the answer leaves: the runtime holds every answer back
// until the writes before it are on disk (the output gate).

import type { Letter } from './courier/courier.ts'

/** Orders that may wait in one Mailbox; beyond it orders are refused. */
export const OUTBOX_LENGTH_MAX = 200_000
/** Rows that one wave looks at: enough to find users enough, few enough to read in a moment. */
const WINDOW_LENGTH = 1_000

/** What waits: a letter, its place in the queue, and the order it is about. */
export type Held = Letter & { seq: number }

type HeldRow = { seq: number; user_id: string; message: string }

export class Outbox {
  readonly #sql: SqlStorage
  #length: number

  constructor(sql: SqlStorage) {
    this.#sql = sql
    sql.exec(`CREATE TABLE IF NOT EXISTS outbox (
      seq INTEGER PRIMARY KEY AUTOINCREMENT,
      user_id TEXT NOT NULL,
      order_id TEXT NOT NULL,
      message TEXT NOT NULL
    )`)
    sql.exec('CREATE INDEX IF NOT EXISTS outbox_order ON outbox (order_id)')
    this.#length = sql
      .exec<{ length: number }>('SELECT count(*) AS length FROM outbox')
      .one().length
  }

  get length(): number {
    return this.#length
  }

  /** Puts a letter at the end. */
  append(letter: Letter, orderId: string): void {
    const insert = 'INSERT INTO outbox (user_id, order_id, message) VALUES (?, ?, ?)'
    this.#sql.exec(insert, letter.userId, orderId, letter.text)
    this.#length += 1
  }

  /** The oldest letters, those of one user together in their order; at most `usersMax` users. */
  oldest(usersMax: number): Held[][] {
    const select = 'SELECT seq, user_id, message FROM outbox ORDER BY seq LIMIT ?'
    const byUser = new Map<string, Held[]>()
    for (const row of this.#sql.exec<HeldRow>(select, WINDOW_LENGTH)) {
      const held = { seq: row.seq, userId: row.user_id, text: row.message }
      const ofUser = byUser.get(held.userId)
      if (ofUser) ofUser.push(held)
      else if (byUser.size < usersMax) byUser.set(held.userId, [held])
    }
    return [...byUser.values()]
  }

  /** Takes out what was handed on; each letter once. */
  remove(seqs: readonly number[]): void {
    if (seqs.length === 0) return
    const remove = 'DELETE FROM outbox WHERE seq IN (SELECT value FROM json_each(?))'
    this.#sql.exec(remove, JSON.stringify(seqs))
    this.#length -= seqs.length
  }

  /** The newest messages, oldest first: what a Mailbox that starts remembers. */
  newest(limit: number): string[] {
    const select =
      'SELECT message FROM (SELECT * FROM outbox ORDER BY seq DESC LIMIT ?) ORDER BY seq'
    return [...this.#sql.exec<{ message: string }>(select, limit)].map((row) => row.message)
  }

  /** The messages about one order. */
  about(orderId: string): string[] {
    const select = 'SELECT message FROM outbox WHERE order_id = ? ORDER BY seq'
    return [...this.#sql.exec<{ message: string }>(select, orderId)].map((row) => row.message)
  }
}
