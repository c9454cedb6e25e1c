// Pure: no I/O, no clock, no randomness.
// The candles of a gap as events: all that an order of the past can be held against there.

import { type Decimal, decimal, formatDecimal } from '@motu/shared/decimal.ts'
import { EngineQuote } from './engine-quote.ts'

/** A one-minute candle as Postgres keeps it, prices in the instrument's currency. */
export type CandleRow = {
  readonly ticker_id: string
  readonly open_at: Date
  readonly open: string
  readonly high: string
  readonly low: string
  readonly close: string
  readonly volume: string
  readonly simulated: boolean
}

/** The last event before a gap (the first after it, where none is known), and the first after it. */
export type Edges = { readonly known: EngineQuote; readonly after: EngineQuote }

/** Candles of one ticker, oldest first, each as an event of the instant it opened at. */
export function candleQuotes(rows: readonly CandleRow[], edges: Edges): EngineQuote[] {
  const half = (edges.known.ask - edges.known.bid) / 2n
  const bases = basePricesOf(rows, edges)
  return rows.map((row, index) => {
    const open = decimal(row.open)
    const instant = row.open_at.toISOString()
    return new EngineQuote(
      {
        ticker_id: row.ticker_id,
        price: formatDecimal(open),
        bid: formatDecimal(open > half ? open - half : open),
        ask: formatDecimal(open + half),
        bid_size: '0',
        ask_size: '0',
        currency: row.ticker_id.startsWith('US-') ? 'USD' : 'KRW',
        change_pct: '0',
        venue_time: instant,
        received_at: instant,
        source: `candles:${edges.known.source}`,
        simulated: row.simulated,
        epoch: `candles:${edges.after.epoch}`,
        seq: index + 1,
        base_price: formatDecimal(bases.get(dayOf(row.open_at.getTime()))!),
        volume: row.volume,
      },
      { afterGap: true, candle: { open, high: decimal(row.high), low: decimal(row.low) } },
    )
  })
}

/**
 * The previous close of each day of the candles: what was known on it before the gap or after it,
 * and between the two the last candle's close of the day before.
 */
function basePricesOf(
  rows: readonly CandleRow[],
  { known, after }: Edges,
): ReadonlyMap<number, Decimal> {
  const bases = new Map<number, Decimal>()
  let close: Decimal | null = null
  for (const row of rows) {
    const day = dayOf(row.open_at.getTime())
    // Of a day that began within the gap nothing is known but how the one before ended.
    const before = dayOf(known.receivedAt) < day ? known.last : known.basePrice
    if (!bases.has(day)) bases.set(day, close ?? before)
    close = decimal(row.close)
  }
  bases.set(dayOf(after.receivedAt), after.basePrice)
  bases.set(dayOf(known.receivedAt), known.basePrice)
  return bases
}

const SEOUL_OFFSET_MS = 9 * 3_600_000

/** The day in Seoul: only KRX has a band that hangs on the base price. */
const dayOf = (ms: number): number => Math.floor((ms + SEOUL_OFFSET_MS) / 86_400_000)
