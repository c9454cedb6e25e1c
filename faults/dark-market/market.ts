// Pure: no I/O, no clock, no randomness.
// The market of a scripted afternoon: books with depth, prints, a halt, and the auction that ends
// KRX's day, all from a seed.

import { type Decimal, decimal, formatDecimal } from '@motu/shared/decimal.ts'
import { findInstrument } from '@motu/shared/instrument.ts'
import type { MarketEvent } from '@motu/shared/market-data.ts'
import { USD_KRW } from '@motu/shared/ticker.ts'
import { tickOf } from '@motu/shared/venues/ticks.ts'
import type { Random } from '../random.ts'

const seoul = (time: string): number => Date.parse(`2026-11-20T${time}+09:00`)

export const BEGINS_AT = seoul('15:16:00.000')
export const DARK_AT = seoul('15:18:00.000')
export const RETURN_AT = seoul('15:33:00.000')
/** From here on users act again. */
export const CALM_AT = seoul('15:35:30.000')
export const ENDS_AT = seoul('15:37:30.000')
export const KRX_CLOSE_AT = seoul('15:30:00.000')
const AUCTION_AT = seoul('15:20:00.000')
const HALT = {
  tickerId: 'KRX-STOCK-005930',
  from: seoul('15:18:30.000'),
  to: seoul('15:19:20.000'),
}
const TRADE_DATE = '2026-11-20'

/** What is traded, with the price of the day before, what a print moves at the most, and a size. */
export const TICKERS: readonly { tickerId: string; base: string; size: number }[] = [
  { tickerId: 'CRYPTO-COIN-BTC', base: '98000000', size: 0.05 },
  { tickerId: 'CRYPTO-COIN-ETH', base: '4100000', size: 1 },
  { tickerId: 'KRX-STOCK-005930', base: '71000', size: 40 },
  { tickerId: 'KRX-STOCK-000660', base: '560000', size: 6 },
  { tickerId: 'US-STOCK-AAPL', base: '271', size: 20 },
]

/** So many per ticker at the most, or the bus would not keep them all. */
const EVENT_INTERVAL_MS = 11_000
const LEVELS = 5

/** Every event of the afternoon, oldest first. */
export function scriptMarket(random: Random): MarketEvent[] {
  const events = TICKERS.flatMap((ticker) => tickerEvents(ticker, random))
  for (let at = BEGINS_AT, seq = 1; at < ENDS_AT; at += 15_000, seq += 1) {
    const rate = String(1_390 + random.below(20))
    events.push({ ...frame(USD_KRW, at, { seq, base: '1400' }), price: rate, bid: rate, ask: rate })
  }
  return events.sort((a, b) => Date.parse(a.received_at) - Date.parse(b.received_at))
}

function frame(
  tickerId: string,
  at: number,
  { seq, base }: { seq: number; base: string },
): MarketEvent {
  const instant = new Date(at).toISOString()
  return {
    ticker_id: tickerId,
    ...{ price: base, bid: base, ask: base, bid_size: '1', ask_size: '1' },
    currency: tickerId.startsWith('US-') ? 'USD' : 'KRW',
    change_pct: '0',
    ...{ venue_time: instant, received_at: instant, source: 'script', simulated: false },
    ...{ epoch: 'script', seq, base_price: base, volume: '1' },
  }
}

type Ticker = (typeof TICKERS)[number]

function tickerEvents({ tickerId, base, size }: Ticker, random: Random): MarketEvent[] {
  const isKrx = tickerId.startsWith('KRX-')
  const tick = tickOf(findInstrument(tickerId)!, decimal(base), TRADE_DATE)
  const events: MarketEvent[] = []
  let price = decimal(base)
  const uncrossAt = KRX_CLOSE_AT + 200 + random.below(1_500)
  for (let at = BEGINS_AT + random.below(400); at < ENDS_AT;) {
    const seq = events.length + 1
    if (isKrx && at >= KRX_CLOSE_AT && !events.some(({ uncross }) => uncross)) at = uncrossAt
    price += tick * BigInt(random.below(7) - 3)
    const event = { ...frame(tickerId, at, { seq, base }), ...book({ price, tick, size }, random) }
    const phase = isKrx ? krxPhase(tickerId, at) : 'continuous'
    if (phase === 'continuous') events.push(event)
    else {
      const { prints: _none, ...still } = event
      const uncross = { price: formatDecimal(price), quantity: '1000' }
      events.push({
        ...still,
        phase,
        price: formatDecimal(price),
        ...(at === uncrossAt && { uncross }),
      })
    }
    at += EVENT_INTERVAL_MS - 500 + random.below(1_000)
  }
  return events
}

function krxPhase(tickerId: string, at: number): 'continuous' | 'halted' | 'auction' | 'closed' {
  if (tickerId === HALT.tickerId && at >= HALT.from && at < HALT.to) return 'halted'
  if (at >= KRX_CLOSE_AT) return 'closed'
  return at >= AUCTION_AT ? 'auction' : 'continuous'
}

type Around = { price: Decimal; tick: Decimal; size: number }

/** A book around a price, and what traded last: at it, or a few ticks through it. */
function book({ price, tick, size }: Around, random: Random): Partial<MarketEvent> {
  const spread = BigInt(random.below(2))
  const amount = (): string => {
    const drawn = size * (0.2 + random.next())
    return size < 1 ? drawn.toFixed(4) : String(Math.max(1, Math.floor(drawn)))
  }
  const side = (first: Decimal, step: Decimal): [string, string][] =>
    Array.from({ length: LEVELS }, (_, index) => [
      formatDecimal(first + step * BigInt(index)),
      amount(),
    ])
  const bids = side(price - tick * spread, -tick)
  const asks = side(price + tick, tick)
  const prints = Array.from({ length: random.below(4) }, () => {
    const isSell = random.chance(0.5)
    const far = tick * BigInt(random.below(3))
    const at = isSell ? price - tick * spread - far : price + tick + far
    return [formatDecimal(at), amount(), isSell ? 'SELL' : 'BUY'] as [
      string,
      string,
      'BUY' | 'SELL',
    ]
  })
  return {
    ...{ bids, asks, prints, bid: bids[0]![0], ask: asks[0]![0] },
    ...{ bid_size: bids[0]![1], ask_size: asks[0]![1] },
    price: prints.at(-1)?.[0] ?? bids[0]![0],
  }
}

export type ScriptedCandle = {
  tickerId: string
  openAt: number
  open: Decimal
  high: Decimal
  low: Decimal
}

/** The candles of some events: of each minute's trades, where it had any. */
export function candlesOf(events: readonly MarketEvent[]): ScriptedCandle[] {
  const candles = new Map<string, ScriptedCandle>()
  for (const event of events) {
    const trades = event.uncross
      ? [event.uncross.price]
      : (event.phase ?? 'continuous') !== 'continuous'
        ? []
        : (event.prints?.map(([price]) => price) ?? [event.price])
    const openAt = Math.floor(Date.parse(event.received_at) / 60_000) * 60_000
    for (const text of trades) {
      const price = decimal(text)
      const key = `${event.ticker_id} ${openAt}`
      const known = candles.get(key)
      const { open, high, low } = known ?? { open: price, high: price, low: price }
      candles.set(key, {
        ...{ tickerId: event.ticker_id, openAt, open },
        high: price > high ? price : high,
        low: price < low ? price : low,
      })
    }
  }
  return [...candles.values()]
}
