// Pure: no I/O, no clock, no randomness.
// A simulated ticker: a price path with a quote around it. Everything shown is a function of time.

import { type Decimal, divide, formatDecimal, SCALE, toStep } from '@motu/shared/decimal.ts'
import type { Currency } from '@motu/shared/instrument.ts'
import type { TickerId } from '@motu/shared/ticker.ts'
import { fractionAt, hashAt } from './noise.ts'
import { changePercent, isoTime, type Observation } from '../observation.ts'
import { type PricePath, shareOf, STEP_MS, stepAt, type TickAt } from './price-path.ts'

export type SimulatedTicker = {
  readonly tickerId: TickerId
  readonly currency: Currency
  readonly path: PricePath
  readonly tickAt: TickAt
  /** The step of sizes and volumes. */
  readonly sizeStep: Decimal
  /** What stands at the best price on average, in the ticker's currency. */
  readonly depth: Decimal
  readonly seed: number
}

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
  const basePrice = path.basePriceAt(step)
  const place = hashAt(seed + 5, step) % 3
  // One unit below a price lies in the band whose tick leads down from it.
  const bid = place === 0 ? price : price - tickAt(price - 1n)
  const ask = place === 1 ? price : price + tickAt(price)
  const volume = volumeBetween(ticker, { fromStep: stepAt(sinceMs) + 1, toStep: step + 1 })
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
    volume: formatDecimal(volume),
  }
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
