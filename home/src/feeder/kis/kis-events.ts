// Pure: no I/O, no clock, no randomness.
// What is known of a ticker, in the words of the feeder.

import { type Decimal, formatDecimal } from '@motu/shared/decimal.ts'
import type { Currency } from '@motu/shared/instrument.ts'
import {
  EVENT_LEVELS_MAX,
  type MarketPhase,
  type OrderBook,
  type Trade,
} from '@motu/shared/market-data.ts'
import type { TickerId } from '@motu/shared/ticker.ts'
import { changePercent, isoTime, type Observation } from '../observation.ts'
import type { Level, TradeFrame } from './frames/market-frame.ts'

export const KIS_SOURCE = 'kis'

export type Label = { tickerId: TickerId; currency: Currency }
export type Sides = { bids: readonly Level[]; asks: readonly Level[] }
type Print = NonNullable<Observation['prints']>[number]

/** What has happened since the last observation. */
export type Draft = {
  prints: Print[]
  volume: Decimal
  uncross: Observation['uncross']
  venueMs: number
  receivedAtMs: number
}

export function observationOf(
  known: Draft & {
    price: Decimal
    basePrice: Decimal
    /** `full`: all levels, not only what came with a trade. */
    book: Sides & { full: boolean }
    phase: MarketPhase | undefined
  },
  { tickerId, currency }: Label,
): Observation {
  const { price, basePrice, book, prints, phase, uncross } = known
  return {
    ticker_id: tickerId,
    price: formatDecimal(price),
    ...bestTexts(price, book),
    currency,
    change_pct: changePercent(price, basePrice),
    venue_time: isoTime(known.venueMs),
    received_at: isoTime(known.receivedAtMs),
    source: KIS_SOURCE,
    simulated: false,
    base_price: formatDecimal(basePrice),
    volume: formatDecimal(known.volume),
    ...(book.full && { bids: levelTexts(book.bids), asks: levelTexts(book.asks) }),
    ...(prints.length > 0 && { prints }),
    ...(phase && { phase }),
    ...(uncross && { uncross }),
  }
}

type Received = Label & { receivedAtMs: number }

export function tradeOf(
  frame: TradeFrame,
  side: 'BUY' | 'SELL',
  { tickerId, currency, receivedAtMs }: Received,
): Trade {
  return {
    ticker_id: tickerId,
    trade_id: frame.id,
    price: formatDecimal(frame.price),
    quantity: formatDecimal(frame.quantity),
    side,
    currency,
    venue_time: isoTime(frame.venueMs),
    received_at: isoTime(receivedAtMs),
    source: KIS_SOURCE,
    simulated: false,
  }
}

export function orderBookOf(
  { bids, asks, venueMs }: Sides & { venueMs: number },
  { tickerId, currency, receivedAtMs }: Received,
): OrderBook {
  return {
    ticker_id: tickerId,
    bids: levelTexts(bids),
    asks: levelTexts(asks),
    currency,
    venue_time: isoTime(venueMs),
    received_at: isoTime(receivedAtMs),
    source: KIS_SOURCE,
    simulated: false,
  }
}

/** The best level of each side, which comes with a trade. */
export function bestOf({ bid, ask }: TradeFrame): Sides {
  return { bids: bid ? [bid] : [], asks: ask ? [ask] : [] }
}

/** At a price limit a side is empty: nothing is offered there, which a size of zero says. */
function bestTexts(
  last: Decimal,
  { bids, asks }: Sides,
): Pick<Observation, 'bid' | 'ask' | 'bid_size' | 'ask_size'> {
  const [bid, bidSize] = bids[0] ?? [last, 0n]
  const [ask, askSize] = asks[0] ?? [last, 0n]
  return {
    bid: formatDecimal(bid),
    ask: formatDecimal(ask),
    bid_size: formatDecimal(bidSize),
    ask_size: formatDecimal(askSize),
  }
}

function levelTexts(levels: readonly Level[]): [string, string][] {
  return levels
    .slice(0, EVENT_LEVELS_MAX)
    .map(([price, size]) => [formatDecimal(price), formatDecimal(size)])
}
