// A small world for settlement tests: a database, a market that says what the test says, and the
// messages a mailbox would send.

import { type Decimal, decimal } from '@motu/shared/decimal.ts'
import { findInstrument, VENUES } from '@motu/shared/instrument.ts'
import type { MarketEvent } from '@motu/shared/market-data.ts'
import type { OrderDraft } from '@motu/shared/order.ts'
import { orderIdOf } from '@motu/shared/order-id.ts'
import {
  type CancelMessage,
  draftMessageOf,
  type PlaceMessage,
} from '@motu/shared/order-message.ts'
import { VenueCalendar } from '@motu/shared/venues/calendar.ts'
import { type FillProfile, PROFILES } from '../../src/engine/fill-profile.ts'
import { MarketView } from '../../src/engine/market-view.ts'
import { QuoteRing } from '../../src/engine/quote-ring.ts'
import { type Outcome, settle, type Settled, type Work } from '../../src/engine/settle.ts'
import { createDatabase, type TestDatabase } from '../database.ts'

export const BTC = 'CRYPTO-COIN-BTC'
export const SAMSUNG = 'KRX-STOCK-005930'
export const APPLE = 'US-STOCK-AAPL'
export const USD_KRW = 'FX-RATE-USDKRW'
export const START_MS = Date.parse('2026-11-20T00:00:00.000Z')

/** One event of a ticker, as the feeder would write it. */
export function marketEvent(
  tickerId: string,
  at: { ms: number; seq: number; epoch?: string },
  prices: { bid: string; ask: string; base?: string },
): MarketEvent {
  const time = new Date(at.ms).toISOString()
  return {
    ticker_id: tickerId,
    price: prices.bid,
    bid: prices.bid,
    ask: prices.ask,
    bid_size: '1',
    ask_size: '1',
    currency: findInstrument(tickerId)?.currency ?? 'KRW',
    change_pct: '0',
    venue_time: time,
    received_at: time,
    source: 'test',
    simulated: true,
    epoch: at.epoch ?? 'epoch-1',
    seq: at.seq,
    base_price: prices.base ?? prices.bid,
    volume: '0',
  }
}

/** Whole fills at the best price, dollars as brokers sell them. */
const SIMPLE: FillProfile = {
  ...PROFILES.arcade,
  fxSpreadRate: PROFILES.standard.fxSpreadRate,
}

/** A market that never closes. */
export function marketOf(ring: QuoteRing, profile: FillProfile = SIMPLE): MarketView {
  const calendars = new Map(
    VENUES.map((venue) => [venue, new VenueCalendar(venue, [], { alwaysOpen: true })]),
  )
  return new MarketView({ ring, profile, calendar: (venue) => calendars.get(venue)! })
}

export class World {
  readonly database: TestDatabase
  readonly ring = new QuoteRing()
  readonly market = marketOf(this.ring)
  epochs: Map<number, bigint> = new Map(Array.from({ length: 8 }, (_, index) => [index, 0n]))
  /** Home’s clock: later than everything that happens here. */
  nowMs = START_MS + 3_600_000
  #seq = 0

  constructor(database: TestDatabase) {
    this.database = database
  }

  static async create(): Promise<World> {
    return new World(await createDatabase())
  }

  /** The market says: bid and ask of a ticker, observed at an instant (ms after the start). */
  quote(tickerId: string, atMs: number, bid: string, ask: string): void {
    this.#seq += 1
    this.ring.add(marketEvent(tickerId, { ms: START_MS + atMs, seq: this.#seq }, { bid, ask }))
  }

  place(
    userId: string,
    order: Partial<OrderDraft> & { quantity: Decimal },
    atMs = 0,
  ): Work & { kind: 'place' } {
    const draft: OrderDraft = {
      clientOrderId: `client-${(this.#seq += 1)}`,
      tickerId: BTC,
      side: 'BUY',
      type: order.limitPrice ? 'LIMIT' : 'MARKET',
      limitPrice: null,
      timeInForce: 'GTC',
      ...order,
    }
    return { kind: 'place', message: placeMessage(userId, draft, START_MS + atMs) }
  }

  cancel(userId: string, orderId: string, atMs = 0): Work & { kind: 'cancel' } {
    const message: CancelMessage = {
      v: 1,
      kind: 'cancel',
      order_id: orderId,
      user_id: userId,
      cancel_requested_at: new Date(START_MS + atMs).toISOString(),
      sid: null,
      exp: 0,
    }
    return { kind: 'cancel', message }
  }

  async settle(...batch: Work[]): Promise<readonly Outcome[]> {
    return (await this.commit(...batch)).outcomes
  }

  /** Settles, and answers all that the engine hears of a commit. */
  commit(...batch: Work[]): Promise<Settled> {
    const { epochs, market, nowMs } = this
    return settle({ sql: this.database.sql, epochs, market, nowMs }, batch)
  }

  async wallet(userId: string): Promise<{ balance: Decimal; held: Decimal; seq: bigint }> {
    const [row] = await this.database.sql`SELECT * FROM wallets WHERE user_id = ${userId}`
    return {
      balance: decimal(row!.balance_krw as string),
      held: decimal(row!.held_krw as string),
      seq: row!.event_seq as bigint,
    }
  }

  /** What the ledger says of an account of a user, in one unit. */
  async ledger(userId: string, account: string, unit: string): Promise<Decimal> {
    const [row] = await this.database.sql`
      SELECT coalesce(sum(CASE WHEN debit_account = ${account} THEN amount
        WHEN credit_account = ${account} THEN -amount ELSE 0 END), 0)::numeric(20,8) AS sum
      FROM ledger_entries WHERE user_id = ${userId} AND unit = ${unit}`
    return decimal(row!.sum as string)
  }
}

export function placeMessage(
  userId: string,
  draft: OrderDraft,
  acceptedAtMs: number,
): PlaceMessage {
  return {
    v: 1,
    kind: 'place',
    order_id: orderIdOf(userId, draft),
    user_id: userId,
    ...draftMessageOf(draft),
    accepted_at: new Date(acceptedAtMs).toISOString(),
    sid: null,
    exp: 0,
  }
}
