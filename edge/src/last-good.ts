// What the edge keeps on its disk for when home is dark: the last good answers, and the sign-ins that
// were ended meanwhile. Bounded: the oldest go first. Nobody is ever shown what was answered to
// someone else: the user is part of the key.

import { DurableObject } from 'cloudflare:workers'
import { type Clock, systemClock } from './clock.ts'
import type { Env } from './env.ts'

export const ANSWERS_MAX = 20_000
export const ANSWERS_BYTES_MAX = 64 * 1024 * 1024
/** A larger answer is not kept: one page of anything is far smaller. */
export const ANSWER_BYTES_MAX = 512 * 1024
/** How many are dropped at once when a bound is reached. */
const EVICTION_COUNT = 200

/** `user` is empty for what is open to anyone. `path` includes the query. */
export type AnswerKey = { user: string; path: string }
export type Answer = AnswerKey & { body: string; type: string }
export type KeptAnswer = { body: string; type: string; ageMs: number }

type Limits = { count: number; bytes: number }

export class LastGood extends DurableObject<Env> {
  readonly #now: Clock
  readonly #limits: Limits
  readonly #sql: SqlStorage
  #count: number
  #bytes: number

  constructor(
    state: DurableObjectState,
    env: Env,
    now: Clock = systemClock,
    limits: Limits = { count: ANSWERS_MAX, bytes: ANSWERS_BYTES_MAX },
  ) {
    super(state, env)
    this.#now = now
    this.#limits = limits
    this.#sql = state.storage.sql
    this.#sql.exec(`CREATE TABLE IF NOT EXISTS answers (
      user TEXT NOT NULL,
      path TEXT NOT NULL,
      body TEXT NOT NULL,
      type TEXT NOT NULL,
      bytes INTEGER NOT NULL,
      kept_at INTEGER NOT NULL,
      PRIMARY KEY (user, path)
    ) WITHOUT ROWID`)
    this.#sql.exec('CREATE INDEX IF NOT EXISTS answers_kept_at ON answers (kept_at)')
    this.#sql.exec(`CREATE TABLE IF NOT EXISTS denials (
      sid TEXT PRIMARY KEY,
      denied_until INTEGER NOT NULL
    ) WITHOUT ROWID`)
    const totals = 'SELECT count(*) AS count, coalesce(sum(bytes), 0) AS bytes FROM answers'
    const { count, bytes } = this.#sql.exec<{ count: number; bytes: number }>(totals).one()
    this.#count = count
    this.#bytes = bytes
  }

  put({ user, path, body, type }: Answer): void {
    if (body.length > ANSWER_BYTES_MAX) return
    this.#delete('user = ? AND path = ?', user, path)
    const insert =
      'INSERT INTO answers (user, path, body, type, bytes, kept_at) VALUES (?,?,?,?,?,?)'
    this.#sql.exec(insert, user, path, body, type, body.length, this.#now())
    this.#count += 1
    this.#bytes += body.length
    while (this.#count > this.#limits.count || this.#bytes > this.#limits.bytes) {
      const oldest = 'SELECT user, path FROM answers ORDER BY kept_at LIMIT ?'
      this.#delete(`(user, path) IN (${oldest})`, EVICTION_COUNT)
    }
  }

  find({ user, path }: AnswerKey): KeptAnswer | null {
    const select = 'SELECT body, type, kept_at FROM answers WHERE user = ? AND path = ?'
    const [row] = this.#sql.exec<{ body: string; type: string; kept_at: number }>(
      select,
      user,
      path,
    )
    return row ? { body: row.body, type: row.type, ageMs: this.#now() - row.kept_at } : null
  }

  /** Remembers that a sign-in was ended, until no token of it can be good any more. */
  deny(sid: string, until: number): void {
    this.#sql.exec('DELETE FROM denials WHERE denied_until < ?', this.#now())
    const insert = 'INSERT OR REPLACE INTO denials (sid, denied_until) VALUES (?, ?)'
    this.#sql.exec(insert, sid, until)
  }

  /** The sign-ins that were ended here. */
  denied(): string[] {
    const select = 'SELECT sid FROM denials WHERE denied_until >= ?'
    return [...this.#sql.exec<{ sid: string }>(select, this.#now())].map(({ sid }) => sid)
  }

  /** Forgets everything of a user: he signed out. */
  erase(user: string): void {
    this.#delete('user = ?', user)
  }

  #delete(where: string, ...values: (string | number)[]): void {
    const remove = `DELETE FROM answers WHERE ${where} RETURNING bytes`
    for (const { bytes } of this.#sql.exec<{ bytes: number }>(remove, ...values)) {
      this.#count -= 1
      this.#bytes -= bytes
    }
  }
}
