// Pure: no I/O, no clock, no randomness.
// One coin's ticker as ccxt hands it out, its numbers as text, or a reason why it cannot be used.

import { type Decimal, formatDecimal } from '@motu/shared/decimal.ts'
import type { ReferenceExchange, ReferenceQuote } from '@motu/shared/market-data.ts'
import { exactly, isRow, roundedDown, type Row, type Unreadable } from '../upbit/upbit-row.ts'

/**
 * A ticker of ccxt's (ccxt manual, Ticker Structure). Its prices are read as the exchange itself wrote
 * them: where one is missing or zero, ccxt reckons it from the others.
 */
export type TickerRow = {
  timestamp?: unknown
  info?: unknown
  /** Best prices that came apart from the ticker. */
  quote?: { bid?: unknown; ask?: unknown }
}

type Names = Readonly<Record<'last' | 'bid' | 'ask' | 'open' | 'volume', readonly string[]>>

/** What each calls them, in a poll's answer and on its stream. */
const NAMES: Readonly<Record<ReferenceExchange, Names>> = {
  // 24hr Ticker Price Change Statistics; Individual Symbol Ticker Streams.
  binance: {
    ...{ last: ['lastPrice', 'c'], bid: ['bidPrice', 'b'], ask: ['askPrice', 'a'] },
    ...{ open: ['openPrice', 'o'], volume: ['volume', 'v'] },
  },
  // Get Tickers; Tickers Channel.
  okx: {
    ...{ last: ['last'], bid: ['bidPx'], ask: ['askPx'], open: ['open24h'], volume: ['vol24h'] },
  },
  // Get Tickers, Spot; Ticker, Spot, which has no best prices.
  bybit: {
    ...{ last: ['lastPrice'], bid: ['bid1Price'], ask: ['ask1Price'] },
    ...{ open: ['prevPrice24h'], volume: ['volume24h'] },
  },
  // Get Ticker Information; Market Channel.
  bitget: {
    ...{ last: ['lastPr'], bid: ['bidPr'], ask: ['askPr'] },
    ...{ open: ['open', 'open24h'], volume: ['baseVolume'] },
  },
}

/** A quote, what its price may be held against when it is the first, and the market's step. */
export type ReferenceReading = {
  quote: ReferenceQuote
  /** The price of 24 hours ago; null where the exchange does not tell it. */
  open: Decimal | null
  tick: Decimal | null
}

type RowContext = {
  exchange: ReferenceExchange
  base: string
  tick: unknown
  source: string
  receivedMs: number
}

/** Times beyond these are no milliseconds of our days. */
const INSTANT_MS_MIN = 1_000_000_000_000
const INSTANT_MS_MAX = 4_102_444_800_000

/** A missing best price is none; one that is there and cannot be read makes the row useless. */
export function readReference(row: TickerRow, context: RowContext): ReferenceReading | Unreadable {
  if (!isRow(row.info)) return { reason: 'no ticker' }
  const own = row.info
  const names = NAMES[context.exchange]
  const field = (name: keyof Names): unknown => textOf(own, names[name])
  const price = exactly(field('last'))
  if (price === null) return { reason: 'no usable price' }
  const [bid, ask] = [row.quote?.bid ?? field('bid'), row.quote?.ask ?? field('ask')].map(bestOf)
  if (bid === null || ask === null) return { reason: 'no usable bid or ask' }
  const venueMs = row.timestamp === undefined ? context.receivedMs : row.timestamp
  if (!isInstant(venueMs)) return { reason: 'no usable time' }
  const { exchange, base, source } = context
  const volume = roundedDown(field('volume'))
  return {
    quote: {
      ...{ exchange, base, quote: 'USDT', source },
      price: formatDecimal(price),
      bid: bid === undefined ? null : formatDecimal(bid),
      ask: ask === undefined ? null : formatDecimal(ask),
      volume_24h: volume === null ? null : formatDecimal(volume),
      venue_time: new Date(venueMs).toISOString(),
      received_at: new Date(context.receivedMs).toISOString(),
    },
    open: exactly(field('open')),
    tick: exactly(context.tick),
  }
}

function textOf(own: Row, names: readonly string[]): unknown {
  return own[names.find((name) => own[name] !== undefined) ?? '']
}

/** Undefined where there is none; null where it cannot be read. */
function bestOf(value: unknown): Decimal | null | undefined {
  return value === undefined || value === '' ? undefined : exactly(value)
}

function isInstant(value: unknown): value is number {
  return typeof value === 'number' && value > INSTANT_MS_MIN && value < INSTANT_MS_MAX
}
