// Pure: no I/O, no clock, no randomness.
// A simulated ticker: a price path with an order book around it, and the prints that moved it.
// Everything shown is a function of time.

import { type Decimal, divide, formatDecimal, SCALE, toStep } from '@motu/shared/decimal.ts'
import type { Currency } from '@motu/shared/instrument.ts'
import { EVENT_PRINTS_MAX } from '@motu/shared/market-data.ts'
import type { TickerId } from '@motu/shared/ticker.ts'
import { fractionAt, hashAt } from './noise.ts'
import { changePercent, isoTime, type Observation } from '../observation.ts'
import { basePriceAt, type PricePath, shareOf, STEP_MS, stepAt, type TickAt } from './price-path.ts'

export type SimulatedTicker = {
  readonly tickerId: TickerId
  readonly currency: Currency
  readonly path: PricePath
  readonly tickAt: TickAt
  /** The step of sizes and volumes. */
  readonly sizeStep: Decimal
  /** What stands at the best price on average, in the ticker's currency. */
  readonly depth: Decimal
  /** Levels of the displayed book on each side; zero where a venue shows its best prices alone. */
  readonly levels: number
  /** Whether single prints are told: an exchange rate has none. */
  readonly hasPrints: boolean
  readonly seed: number
}

type Level = [price: string, size: string]
type Print = NonNullable<Observation['prints']>[number]

/** The traded quantity of `[fromStep, toStep)`, in whole size steps. */
export function volumeBetween(
  { path, sizeStep }: SimulatedTicker,
  { fromStep, toStep: untilStep }: { fromStep: number; toStep: number },
): Decimal {
  const before = (step: number): Decimal => toStep(path.tradedBefore(step), sizeStep, 'down')
  return before(untilStep) - before(fromStep)
}

/**
 * What a simulated ticker shows at an instant. The last price is the bid, the ask, or between the
 * two: the quote is one or two ticks wide.
 */
export function observe(
  ticker: SimulatedTicker,
  { nowMs, sinceMs }: { nowMs: number; sinceMs: number },
): Observation {
  const { path, tickAt, seed, tickerId, currency } = ticker
  const step = stepAt(nowMs)
  const price = path.priceAt(step)
  const basePrice = basePriceAt(path, step)
  const place = placeAt(seed, step)
  // One unit below a price lies in the band whose tick leads down from it.
  const bid = place === 0 ? price : price - tickAt(price - 1n)
  const ask = place === 1 ? price : price + tickAt(price)
  const span = { fromStep: stepAt(sinceMs) + 1, toStep: step + 1 }
  const volume = volumeBetween(ticker, span)
  return {
    ticker_id: tickerId,
    price: formatDecimal(price),
    bid: formatDecimal(bid),
    ask: formatDecimal(ask),
    bid_size: formatDecimal(sizeAt(ticker, { step, price: bid, salt: 6 })),
    ask_size: formatDecimal(sizeAt(ticker, { step, price: ask, salt: 7 })),
    currency,
    change_pct: changePercent(price, basePrice),
    venue_time: isoTime(step * STEP_MS),
    received_at: isoTime(nowMs),
    source: path.source,
    simulated: true,
    base_price: formatDecimal(basePrice),
    day_opened_at: isoTime(path.dayBeganAt(step) * STEP_MS),
    volume: formatDecimal(volume),
    ...(ticker.levels > 0 ? bookAround(ticker, { step, bid, ask }) : {}),
    ...(ticker.hasPrints ? { prints: printsBetween(ticker, span) } : {}),
  }
}

/** Where the last price stands in the quote: 0 at the bid, 1 at the ask, 2 between the two. */
function placeAt(seed: number, step: number): number {
  return hashAt(seed + 5, step) % 3
}

/** The levels on both sides, one tick apart, best first; the first ones are the quote itself. */
function bookAround(
  ticker: SimulatedTicker,
  { step, bid, ask }: { step: number; bid: Decimal; ask: Decimal },
): { bids: Level[]; asks: Level[] } {
  const { tickAt } = ticker
  const bids: Level[] = []
  const asks: Level[] = []
  let [bidPrice, askPrice] = [bid, ask]
  for (let level = 0; level < ticker.levels; level += 1) {
    if (bidPrice > 0n) bids.push(levelAt(ticker, { step, price: bidPrice, salt: 6 + 2 * level }))
    asks.push(levelAt(ticker, { step, price: askPrice, salt: 7 + 2 * level }))
    bidPrice -= tickAt(bidPrice - 1n)
    askPrice += tickAt(askPrice)
  }
  return { bids, asks }
}

function levelAt(
  ticker: SimulatedTicker,
  at: { step: number; price: Decimal; salt: number },
): Level {
  return [formatDecimal(at.price), formatDecimal(sizeAt(ticker, at))]
}

/**
 * What was traded in `[fromStep, toStep)`, a print for each step that traded: at the step's price,
 * by a buyer where the price rose or stands at the ask, by a seller where it fell or stands at the
 * bid. Together they are the volume, unless there are more than an event carries.
 */
function printsBetween(
  ticker: SimulatedTicker,
  { fromStep, toStep: untilStep }: { fromStep: number; toStep: number },
): Print[] {
  const { path } = ticker
  const first = Math.max(fromStep, untilStep - EVENT_PRINTS_MAX)
  const prints: Print[] = []
  for (let step = first; step < untilStep; step += 1) {
    const quantity = volumeBetween(ticker, { fromStep: step, toStep: step + 1 })
    if (quantity <= 0n) continue
    const price = path.priceAt(step)
    const move = price - path.priceAt(step - 1)
    const place = placeAt(ticker.seed, step)
    const side = move > 0n || (move === 0n && place === 1) ? 'BUY' : 'SELL'
    const isMid = move === 0n && place === 2
    prints.push([formatDecimal(price), formatDecimal(quantity), isMid ? null : side])
  }
  return prints
}

/** What stands at a price: 0.3 to 1.7 times the usual, at least one size step. */
function sizeAt(
  { depth, sizeStep, seed }: SimulatedTicker,
  { step, price, salt }: { step: number; price: Decimal; salt: number },
): Decimal {
  const usual = divide(depth * SCALE, price, 'down')
  const share = 0.3 + 1.4 * fractionAt(seed + salt, step)
  const size = toStep(shareOf(usual, share), sizeStep, 'down')
  return size > sizeStep ? size : sizeStep
}
