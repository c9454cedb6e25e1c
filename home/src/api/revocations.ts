// What was revoked, and who must hear of it. The row in Postgres is the truth and comes first; then
// the deny-list, this process, the others, and through the Hub every edge.
//
// None of the ways is trusted to arrive. What could not be written is written again; a process that
// died between the row and the rest is made up for by the sweep, which reads the newest rows.

import type { Revocation } from '@motu/shared/upstream.ts'
import type { Bus, Deniable, DenyList } from '../bus/bus.ts'
import type { Sql } from '../db/connect.ts'
import type { Log } from '../log.ts'
import { isRevokedInRow, readRevocations, REVOCATION_MATTERS_MS } from './queries/revocations.ts'

const SWEEP_INTERVAL_MS = 2_000
/** The sweep looks this far back: transactions take a while, and clocks differ. */
const SWEEP_REACH_MS = 60_000
/** While Redis is away every question finds the list lost: it is not filled for each. */
const LOAD_INTERVAL_MS = 1_000

type RevocationsParts = { sql: Sql; bus: Bus & DenyList; now: () => number; log: Log }
type Listener = (revocations: Revocation[]) => void

const keyOf = ({ kind, id }: Deniable): string => `${kind}:${id}`

export class Revocations {
  readonly #parts: RevocationsParts
  /** What this process has heard of, until when it matters. */
  readonly #known = new Map<string, number>()
  readonly #listeners = new Set<Listener>()
  /** What did not reach the deny-list or the others yet. */
  readonly #unspread: Revocation[] = []
  #sweptAtMs = 0
  #loadedAtMs = Number.NEGATIVE_INFINITY
  #loading: Promise<void> | null = null
  #ends: (() => Promise<void> | void)[] = []

  constructor(parts: RevocationsParts) {
    this.#parts = parts
  }

  /** Reads what still matters, and begins to hear of what comes. */
  async open(): Promise<void> {
    const { bus, log, now } = this.#parts
    this.#ends.push(await bus.subscribe('revocations', (messages) => this.#learn(messages)))
    this.#sweptAtMs = now()
    await this.#load()
    let isSweeping = false
    const timer = setInterval(() => {
      if (isSweeping) return
      isSweeping = true
      this.#sweep()
        .catch((error: unknown) => log.warn({ err: error }, 'revocations not swept'))
        .finally(() => {
          isSweeping = false
        })
    }, SWEEP_INTERVAL_MS)
    this.#ends.push(() => clearInterval(timer))
  }

  async close(): Promise<void> {
    for (const end of this.#ends) await end()
    this.#ends = []
  }

  /** Calls back with each revocation once, as soon as this process hears of it. */
  onNew(listener: Listener): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** All that still matters, from the rows: what an edge must be told when it connects. */
  readAll(): Promise<Revocation[]> {
    const { sql, now } = this.#parts
    return readRevocations(sql, now() - REVOCATION_MATTERS_MS)
  }

  /** Tells everyone. The rows are committed; nothing here can fail what they say. */
  async announce(revocations: readonly Revocation[]): Promise<void> {
    if (revocations.length === 0) return
    this.#learn(revocations)
    await this.#spread(revocations)
  }

  /** Whether something has ended: asked of memory, then of the list, and where that fails of its row. */
  async isRevoked(what: Deniable): Promise<boolean> {
    const { sql, bus, now } = this.#parts
    const untilMs = this.#known.get(keyOf(what))
    if (untilMs !== undefined && untilMs > now()) return true
    const isDenied = await bus.isDenied(what)
    if (isDenied !== null) return isDenied
    this.#loadSoon()
    return isRevokedInRow(sql, what)
  }

  #learn(revocations: readonly Revocation[]): void {
    const news = revocations.filter((one) => this.#isNews(one))
    if (news.length === 0) return
    for (const one of news) this.#known.set(keyOf(one), Date.parse(one.until))
    for (const listener of this.#listeners) listener([...news])
  }

  /** A sign-in and a key end once; a user may be let in again, and shut out anew. */
  #isNews(one: Revocation): boolean {
    const known = this.#known.get(keyOf(one))
    return known === undefined || (one.kind === 'user' && known < Date.parse(one.until))
  }

  async #spread(revocations: readonly Revocation[]): Promise<void> {
    const { bus, log } = this.#parts
    try {
      await bus.deny(revocations)
      await bus.publish('revocations', revocations)
    } catch (error) {
      this.#unspread.push(...revocations)
      log.warn({ err: error }, 'revocations did not reach the bus; trying again')
    }
  }

  /** Fills a deny-list that was lost, without anyone waiting for it. */
  #loadSoon(): void {
    if (this.#parts.now() - this.#loadedAtMs < LOAD_INTERVAL_MS) return
    this.#load().catch((error: unknown) => {
      this.#parts.log.warn({ err: error }, 'the deny-list is not loaded')
    })
  }

  #load(): Promise<void> {
    this.#loading ??= this.#loadOnce().finally(() => {
      this.#loading = null
    })
    return this.#loading
  }

  async #loadOnce(): Promise<void> {
    const { bus, log, now } = this.#parts
    this.#loadedAtMs = now()
    const all = await this.readAll()
    this.#learn(all)
    await bus.deny(all, { isAll: true }).catch((error: unknown) => {
      log.warn({ err: error }, 'the deny-list is not loaded: Postgres answers for it')
    })
  }

  async #sweep(): Promise<void> {
    const { sql, now } = this.#parts
    const nowMs = now()
    for (const [key, untilMs] of this.#known) if (untilMs <= nowMs) this.#known.delete(key)
    const recent = await readRevocations(sql, this.#sweptAtMs - SWEEP_REACH_MS)
    this.#sweptAtMs = nowMs
    const again = this.#unspread.splice(0)
    const missed = recent.filter((one) => this.#isNews(one))
    this.#learn(missed)
    const all = [...again, ...missed]
    if (all.length > 0) await this.#spread(all)
  }
}
