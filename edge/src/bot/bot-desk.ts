// What the bot keeps on the edge's disk: orders it offered and that wait for a yes, answers it gave (a
// service may ask the same twice), and whom home said people speak for, for when it is dark.

import { DurableObject } from 'cloudflare:workers'
import type { ChatPerson, LinkedUser } from '@motu/shared/bot-calls.ts'
import type { PlaceOrder } from '@motu/shared/contract/order-request.ts'
import { type Clock, systemClock } from '../clock.ts'
import type { Env } from '../env.ts'
import { GRACE_MS_MAX } from '../kept-doors.ts'

export const OFFER_MS_MAX = 5 * 60_000
/** As long as a service lets an interaction be answered. */
export const ANSWER_MS_MAX = 15 * 60_000
/** Rows of each table: beyond it the oldest go. */
const ROWS_MAX = 20_000

/** An order that was read back to who wants it. */
export type Offer = { person: ChatPerson; order: PlaceOrder & { client_order_id: string } }
/** Whom home said a person speaks for, and when it was asked. */
export type KeptUser = { user: LinkedUser; askedMs: number }

const TABLES = ['offers', 'answers', 'people'] as const
type Table = (typeof TABLES)[number]

const personKey = ({ service, external_id }: ChatPerson): string => `${service}:${external_id}`

export class BotDesk extends DurableObject<Env> {
  readonly #sql: SqlStorage
  readonly #now: Clock

  constructor(state: DurableObjectState, env: Env, now: Clock = systemClock) {
    super(state, env)
    this.#sql = state.storage.sql
    this.#now = now
    for (const table of TABLES) {
      this.#sql.exec(`CREATE TABLE IF NOT EXISTS ${table} (
        id TEXT PRIMARY KEY, body TEXT NOT NULL, until INTEGER NOT NULL) WITHOUT ROWID`)
      this.#sql.exec(`CREATE INDEX IF NOT EXISTS ${table}_until ON ${table} (until)`)
    }
  }

  keepOffer(id: string, offer: Offer): void {
    this.#put('offers', id, { body: offer, lifeMs: OFFER_MS_MAX })
  }

  /** An offer that still waits, whoever asks. */
  findOffer(id: string): Offer | null {
    return this.#find<Offer>('offers', id)
  }

  dropOffer(id: string): void {
    this.#sql.exec('DELETE FROM offers WHERE id = ?', id)
  }

  keepAnswer(id: string, answer: string): void {
    this.#put('answers', id, { body: answer, lifeMs: ANSWER_MS_MAX })
  }

  findAnswer(id: string): string | null {
    return this.#find<string>('answers', id)
  }

  keepUser(person: ChatPerson, kept: KeptUser): void {
    this.#put('people', personKey(person), { body: kept, lifeMs: GRACE_MS_MAX })
  }

  findUser(person: ChatPerson): KeptUser | null {
    return this.#find<KeptUser>('people', personKey(person))
  }

  forgetUser(person: ChatPerson): void {
    this.#sql.exec('DELETE FROM people WHERE id = ?', personKey(person))
  }

  #put(table: Table, id: string, { body, lifeMs }: { body: unknown; lifeMs: number }): void {
    const nowMs = this.#now()
    const insert = `INSERT OR REPLACE INTO ${table} (id, body, until) VALUES (?,?,?)`
    this.#sql.exec(insert, id, JSON.stringify(body), nowMs + lifeMs)
    this.#sql.exec(`DELETE FROM ${table} WHERE until <= ?`, nowMs)
    const newest = `SELECT id FROM ${table} ORDER BY until DESC LIMIT -1 OFFSET ?`
    this.#sql.exec(`DELETE FROM ${table} WHERE id IN (${newest})`, ROWS_MAX)
  }

  #find<T>(table: Table, id: string): T | null {
    const select = `SELECT body FROM ${table} WHERE id = ? AND until > ?`
    const [row] = this.#sql.exec<{ body: string }>(select, id, this.#now())
    return row ? (JSON.parse(row.body) as T) : null
  }
}
