// A random life of an account on a real Postgres: orders of every kind in batches, brackets that walk
// through several events at once, waiting orders met by new events, cash given and taken, a split and
// a dividend. A seed repeats it.

import { randomUUID } from 'node:crypto'
import { type Decimal, decimal, formatDecimal, toStep } from '@motu/shared/decimal.ts'
import { findInstrument } from '@motu/shared/instrument.ts'
import { isFinal } from '@motu/shared/order.ts'
import { tickOf } from '@motu/shared/venues/ticks.ts'
import fc from 'fast-check'
import { pino } from 'pino'
import { applyDue } from '../../src/actions/actions.ts'
import { bookAdjustment } from '../../src/api/queries/adjustments.ts'
import type { OrderRecord } from '../../src/db/order-view.ts'
import { NO_PROGRESS, type Progress } from '../../src/engine/judgement.ts'
import type { Work } from '../../src/engine/settle.ts'
import { createWallet } from '../database.ts'
import { BASE, placing, randomDraft } from '../engine/random-draft.ts'
import { APPLE, BTC, SAMSUNG, TRADE_DATE } from '../engine/samples.ts'
import { START_MS, USD_KRW, type World } from '../engine/world.ts'

const TICKERS = [BTC, APPLE, SAMSUNG] as const

export class BookedLife {
  readonly userId: string
  readonly #world: World
  readonly #open = new Map<string, OrderRecord>()
  readonly #progress = new Map<string, Progress>()
  readonly #mids = new Map(Object.entries(BASE))
  #atMs = 0

  private constructor(world: World, userId: string) {
    this.#world = world
    this.userId = userId
  }

  static async begin(world: World): Promise<BookedLife> {
    const { sql } = world.database
    const life = new BookedLife(world, await createWallet(sql))
    await sql`UPDATE ledger_entries SET created_at = ${new Date(START_MS)}`
    world.nowMs = START_MS + 1_000
    for (const tickerId of TICKERS) life.#quote(tickerId, 0)
    return life
  }

  /** Some batches of orders, each after a few events. */
  async trade(seed: number, batches: number): Promise<void> {
    const drawn = fc.sample(
      fc.record({
        placings: fc.array(placing, { minLength: 1, maxLength: 8 }),
        moves: fc.array(fc.integer({ min: -15, max: 15 }), { minLength: 3, maxLength: 9 }),
        isSameInstant: fc.boolean(),
      }),
      { seed, numRuns: batches },
    )
    for (const { placings, moves, isSameInstant } of drawn) {
      const acceptedAt = this.#atMs
      // All accepted before these events: each order is held against every one of them.
      for (const [index, move] of moves.entries()) this.#quote(TICKERS[index % 3]!, move)
      if (!isSameInstant) this.#world.nowMs = START_MS + this.#atMs
      const free = await this.#free()
      const places = placings.map((one) =>
        this.#world.place(
          this.userId,
          {
            quantity: 0n,
            ...randomDraft(one, {
              nowMs: START_MS + acceptedAt,
              free: free.get(one.tickerId) ?? 0n,
              price: (tickerId, thousandths) => this.#price(tickerId, thousandths),
            }),
          },
          acceptedAt,
        ),
      )
      await this.#settle([...this.#matches(), ...places])
    }
  }

  async buy(tickerId: string, quantity: string): Promise<void> {
    const order = this.#order('BUY', tickerId, quantity)
    this.#quote(tickerId, 0)
    this.#world.nowMs = START_MS + this.#atMs
    await this.#settle([order])
  }

  /** Sells at the market, dollars at a rate. */
  async sell(tickerId: string, quantity: string, rate: string): Promise<void> {
    const order = this.#order('SELL', tickerId, quantity)
    this.#quote(tickerId, 5, rate)
    this.#world.nowMs = START_MS + this.#atMs
    await this.#settle([order])
  }

  /** Sells on an event of this very instant. */
  async sellAt(tickerId: string, quantity: string, atMs: number): Promise<void> {
    this.#atMs = atMs - START_MS - 1
    const order = this.#order('SELL', tickerId, quantity)
    this.#atMs -= 999
    this.#quote(tickerId, 5)
    this.#world.nowMs = START_MS + this.#atMs
    await this.#settle([order])
  }

  #order(side: 'BUY' | 'SELL', tickerId: string, quantity: string): Work {
    return this.#world.place(
      this.userId,
      { tickerId, side, quantity: decimal(quantity) },
      this.#atMs,
    )
  }

  /** Gives cash, or takes it. */
  async adjust(amountKrw: string): Promise<void> {
    const asked = { adjustment_id: randomUUID(), amount_krw: amountKrw, reason: 'test' }
    this.#atMs += 1
    const nowMs = START_MS + this.#atMs
    await this.#world.database.sql.begin((tx) =>
      bookAdjustment(tx, { userId: this.userId, asked }, nowMs),
    )
  }

  /** A corporate action of the day, applied now. */
  async act(
    tickerId: string,
    terms: { ratio: readonly [from: string, to: string] } | { amount: string },
  ): Promise<void> {
    const { sql } = this.#world.database
    await sql`DELETE FROM quotes`
    for (const [id, price] of [...this.#mids, [USD_KRW, decimal('1400')] as const]) {
      const text = formatDecimal(price)
      const event = {
        ...{ ticker_id: id, price: text, base_price: text },
        received_at: new Date(START_MS - 86_400_000).toISOString(),
      }
      await sql`INSERT INTO quotes (ticker_id, event, received_at)
        VALUES (${id}, ${sql.json(event)}, now())`
    }
    const [from, to] = 'ratio' in terms ? terms.ratio : [null, null]
    const amount = 'amount' in terms ? terms.amount : null
    // Of the next day: all that was traded until now is from before it.
    await sql`
      INSERT INTO corporate_actions (id, ticker_id, kind, ex_date, ratio_from, ratio_to, amount,
        source, created_at)
      VALUES (${randomUUID()}, ${tickerId}, ${amount === null ? 'SPLIT' : 'CASH_DIVIDEND'},
        '2026-11-21', ${from}, ${to}, ${amount}, 'test', now())`
    this.#atMs = Math.max(this.#atMs, 30 * 3_600_000) + 1_000
    this.#world.nowMs = START_MS + this.#atMs
    await applyDue({
      ...{ sql, now: () => this.#world.nowMs, log: pino({ level: 'silent' }) },
      onChanged: () => Promise.resolve(),
    })
    // Orders are others now: the engine would read them anew.
    this.#open.clear()
  }

  async #settle(batch: Work[]): Promise<void> {
    const settled = await this.#world.commit(...batch)
    for (const [id, progress] of settled.progress) this.#progress.set(id, progress)
    for (const order of settled.touched) {
      if (isFinal(order.status)) this.#open.delete(order.id)
      else this.#open.set(order.id, order)
    }
  }

  /** Every waiting order against the last event of its ticker. */
  #matches(): Work[] {
    return [...this.#open.values()].flatMap((order) => {
      const quote = this.#world.ring.last(order.tickerId)
      const progress = this.#progress.get(order.id) ?? NO_PROGRESS
      if (!quote || !this.#world.market.isEligible(order, quote)) return []
      return [{ kind: 'match', order, quote, progress } as const]
    })
  }

  #quote(tickerId: string, move: number, rate = `${1_400 + (this.#atMs % 7)}`): void {
    this.#atMs += 1_000
    const moved = (this.#mids.get(tickerId)! * BigInt(1_000 + move)) / 1_000n
    const base = BASE[tickerId]!
    const isNear = moved * 5n > base * 4n && moved * 5n < base * 6n
    this.#mids.set(tickerId, isNear ? moved : base)
    const bid = this.#price(tickerId, 0)
    const ask = bid + tickOf(findInstrument(tickerId)!, base, TRADE_DATE)
    this.#world.quote(USD_KRW, this.#atMs, rate, rate)
    this.#world.quote(tickerId, this.#atMs, formatDecimal(bid), formatDecimal(ask))
  }

  #price(tickerId: string, thousandths: number): Decimal {
    const raw = (this.#mids.get(tickerId)! * BigInt(1_000 + thousandths)) / 1_000n
    return toStep(raw, tickOf(findInstrument(tickerId)!, raw, TRADE_DATE), 'down')
  }

  async #free(): Promise<Map<string, Decimal>> {
    const rows = await this.#world.database.sql<{ ticker_id: string; free: string }[]>`
      SELECT ticker_id, quantity - held_quantity AS free FROM portfolios
      WHERE user_id = ${this.userId}`
    return new Map(rows.map((row) => [row.ticker_id, decimal(row.free)]))
  }
}
