// What the edge keeps on its disk for when home is dark: the last good answers, and who may come in.
// Bounded: the oldest go first. Nobody is ever shown what was answered to someone else: the user is
// part of the key.

import { DurableObject } from 'cloudflare:workers'
import type { InstrumentList, PackedInstrument } from '@motu/shared/instrument-list.ts'
import type { Revocation } from '@motu/shared/upstream.ts'
import { type Clock, systemClock } from './clock.ts'
import type { Env } from './env.ts'
import { KeptInstruments } from './kept-instruments.ts'
import { type KeptKey, KeptDoors, type KeyAsked } from './kept-doors.ts'

export const ANSWERS_MAX = 20_000
/** Of one user, and of what is open to anyone: nobody's reading pushes out what others read. */
export const ANSWERS_PER_USER_MAX = 200
export const OPEN_ANSWERS_MAX = 2_000
export const ANSWERS_BYTES_MAX = 64 * 1024 * 1024
/** A larger answer is not kept: one page of anything is far smaller. */
export const ANSWER_BYTES_MAX = 512 * 1024
/** How many are dropped at once when a bound is reached. */
const EVICTION_COUNT = 200

/** `user` is empty for what is open to anyone. `path` includes the query. */
export type AnswerKey = { user: string; path: string }
export type Answer = AnswerKey & { body: string; type: string }
export type KeptAnswer = { body: string; type: string; ageMs: number }

type Limits = { count: number; bytes: number; perUser: number; open: number }

const LIMITS: Limits = {
  ...{ count: ANSWERS_MAX, bytes: ANSWERS_BYTES_MAX },
  ...{ perUser: ANSWERS_PER_USER_MAX, open: OPEN_ANSWERS_MAX },
}

export class LastGood extends DurableObject<Env> {
  readonly #now: Clock
  readonly #limits: Limits
  readonly #sql: SqlStorage
  readonly #doors: KeptDoors
  readonly #instruments: KeptInstruments
  #count: number
  #bytes: number

  constructor(
    state: DurableObjectState,
    env: Env,
    now: Clock = systemClock,
    limits: Partial<Limits> = {},
  ) {
    super(state, env)
    this.#now = now
    this.#limits = { ...LIMITS, ...limits }
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
    this.#doors = new KeptDoors(this.#sql, now)
    this.#instruments = new KeptInstruments(this.#sql)
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
    this.#deleteBeyond(user, user === '' ? this.#limits.open : this.#limits.perUser)
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

  /** Remembers what was revoked, and forgets what was kept for users who are shut out. */
  deny(revocations: readonly Revocation[]): void {
    this.#doors.deny(revocations)
    for (const { kind, id } of revocations) if (kind === 'user') this.erase(id)
  }

  /** Everything revoked that can still matter. */
  denied(): Revocation[] {
    return this.#doors.denied()
  }

  keepKey(asked: KeyAsked, key: KeptKey): void {
    this.#doors.keepKey(asked, key)
  }

  findKey(asked: KeyAsked): KeptKey | null {
    return this.#doors.findKey(asked)
  }

  forgetKey(asked: KeyAsked): void {
    this.#doors.forgetKey(asked)
  }

  /** Keeps a sign-out that home has not heard of. */
  noteSignOut(sid: string): void {
    this.#doors.noteSignOut(sid)
  }

  /** Sign-outs home is to be told of, some at a time. */
  untoldSignOuts(): string[] {
    return this.#doors.untoldSignOuts()
  }

  forgetSignOuts(sids: readonly string[]): void {
    this.#doors.forgetSignOuts(sids)
  }

  /** Keeps what is listed, instead of what was. */
  keepInstruments(version: string, instruments: readonly PackedInstrument[]): void {
    this.#instruments.put(version, instruments)
  }

  /** What is listed, unless this version is known; null when nothing is kept. */
  findInstruments(known: string): InstrumentList | null {
    return this.#instruments.find(known)
  }

  /** Forgets everything of a user: he signed out. */
  erase(user: string): void {
    this.#delete('user = ?', user)
  }

  /** Forgets the oldest of a user who has more than this. */
  #deleteBeyond(user: string, most: number): void {
    const older = 'SELECT path FROM answers WHERE user = ? ORDER BY kept_at DESC LIMIT -1 OFFSET ?'
    this.#delete(`user = ? AND path IN (${older})`, user, user, most)
  }

  #delete(where: string, ...values: (string | number)[]): void {
    const remove = `DELETE FROM answers WHERE ${where} RETURNING bytes`
    for (const { bytes } of this.#sql.exec<{ bytes: number }>(remove, ...values)) {
      this.#count -= 1
      this.#bytes -= bytes
    }
  }
}
