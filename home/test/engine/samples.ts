// Orders, quotes and wallets for tests that need no database.

import { decimal, SCALE } from '@motu/shared/decimal.ts'
import { findInstrument, VENUES } from '@motu/shared/instrument.ts'
import type { MarketEvent } from '@motu/shared/market-data.ts'
import { partitionOf } from '@motu/shared/partition.ts'
import { VenueCalendar } from '@motu/shared/venues/calendar.ts'
import { lotOf } from '@motu/shared/venues/lots.ts'
import { priceLimitsOf } from '@motu/shared/venues/price-limits.ts'
import { tickOf } from '@motu/shared/venues/ticks.ts'
import type { OrderRecord } from '../../src/db/order-view.ts'
import type { Wallet } from '../../src/engine/books.ts'
import type { Market } from '../../src/engine/decide.ts'
import { EngineQuote, type GapCandle } from '../../src/engine/engine-quote.ts'
import { type FillProfile, PROFILES } from '../../src/engine/fill-profile.ts'
import { MarketView } from '../../src/engine/market-view.ts'
import { QuoteRing } from '../../src/engine/quote-ring.ts'
import { marketEvent } from '../market-event.ts'

export const BTC = 'CRYPTO-COIN-BTC'
export const SAMSUNG = 'KRX-STOCK-005930'
export const APPLE = 'US-STOCK-AAPL'
/** In partition 2. */
export const USER = '00000000-0000-4000-8000-000000000001'

export function orderRecord(overrides: Partial<OrderRecord> = {}): OrderRecord {
  return {
    userId: USER,
    id: 'bad98072-5ad0-5f01-97f7-60c21842b926',
    clientOrderId: 'client-1',
    tickerId: BTC,
    side: 'BUY',
    type: overrides.limitPrice ? 'LIMIT' : 'MARKET',
    timeInForce: 'GTC',
    requestedQuantity: SCALE,
    limitPrice: null,
    stopPrice: null,
    trailAmount: null,
    trailPercent: null,
    requestedNotional: null,
    postOnly: false,
    reduceOnly: false,
    sessions: null,
    expiresAt: null,
    groupId: null,
    leg: null,
    replaces: null,
    replacedBy: null,
    triggeredAt: null,
    markPrice: null,
    status: 'PENDING',
    reason: null,
    waitingFor: null,
    price: null,
    filledQuantity: 0n,
    appliedExchangeRate: null,
    notionalKrw: 0n,
    feeKrw: 0n,
    holdKrw: 0n,
    holdQuantity: 0n,
    fillCount: 0,
    settledLate: false,
    acceptedAt: 1_000,
    storedAt: 1_000,
    filledAt: null,
    cancelRequestedAt: null,
    cancelResult: null,
    ...overrides,
  }
}

/** An event of BTC, or of what `overrides` names; sizes beyond every test's quantities. */
export function engineQuote(
  bid: string,
  ask: string,
  overrides: Partial<MarketEvent> & { afterGap?: boolean; candle?: GapCandle } = {},
): EngineQuote {
  const { afterGap = false, candle = null, ...event } = overrides
  const at = new Date(2_000).toISOString()
  return new EngineQuote(
    marketEvent(BTC, 1, {
      ...{ epoch: 'epoch-1', price: bid, bid, ask, base_price: bid },
      ...{ bid_size: '1000000', ask_size: '1000000', venue_time: at, received_at: at },
      ...event,
    }),
    { afterGap, candle },
  )
}

export function walletOf(userId: string, balance: string): Wallet {
  return {
    partition: partitionOf(userId),
    userId,
    balanceKrw: decimal(balance),
    heldKrw: 0n,
    realizedPnlKrw: 0n,
    eventSeq: 0n,
  }
}

/** A Friday at noon in Seoul, an ordinary day everywhere. */
export const TRADE_DATE = '2026-11-20'

/** An event as an order meets it on an ordinary day; what `overrides` says, it says instead. */
export function marketAt(
  order: OrderRecord,
  quote: EngineQuote,
  overrides: Partial<Market> & { fxMid?: string } = {},
): Market {
  const instrument = findInstrument(order.tickerId)!
  const { fxMid = '1', ...rest } = overrides
  const isForeign = instrument.currency === 'USD'
  return {
    quote,
    phase: quote.phase,
    limits: priceLimitsOf(instrument, quote.basePrice, TRADE_DATE),
    steps: {
      tickAt: (price) => tickOf(instrument, price, TRADE_DATE),
      lot: lotOf(instrument, { type: order.type, session: 'regular' }),
    },
    fx: {
      mid: decimal(fxMid),
      at: isForeign ? quote.receivedAt : null,
      source: isForeign ? 'test' : null,
    },
    dates: { tradeDate: TRADE_DATE, settlementDate: '2026-11-24' },
    ...rest,
  }
}

/** The market of a ring: by the real calendars, or one that never closes. */
export function viewOf(
  ring: QuoteRing = new QuoteRing(),
  {
    profile = PROFILES.arcade,
    alwaysOpen = true,
  }: { profile?: FillProfile; alwaysOpen?: boolean } = {},
): MarketView {
  const calendars = new Map(
    VENUES.map((venue) => [venue, new VenueCalendar(venue, [], { alwaysOpen })]),
  )
  return new MarketView({ ring, profile, calendar: (venue) => calendars.get(venue)! })
}
