// Pure: no I/O, no clock, no randomness.
// What the quality gate can tell from one observation alone: that its numbers are prices and sizes,
// and that its order book is one.

import { type Decimal, parseDecimal } from '@motu/shared/decimal.ts'
import type { Observation } from './observation.ts'

/** Why an observation is not believed. `unreadable`: it never became one; its source says why. */
export const GATE_REASONS = [
  'unreadable',
  'unknown_ticker',
  'bad_price',
  'bad_size',
  'crossed_book',
  'bad_levels',
  'bad_time',
  'future_time',
  'time_backwards',
  'late',
  'price_limit',
  'off_tick',
  'spike',
] as const
export type GateReason = (typeof GATE_REASONS)[number]

export type ReadPrices = {
  price: Decimal
  bid: Decimal
  ask: Decimal
  base: Decimal
  prints: Decimal[]
}

/** The prices of an observation, all above zero, or what is wrong with them. */
export function readPrices(observation: Observation): ReadPrices | GateReason {
  const price = positive(observation.price)
  const bid = positive(observation.bid)
  const ask = positive(observation.ask)
  const base = positive(observation.base_price)
  const prints = (observation.prints ?? []).map(([text]) => positive(text))
  if (price === null || bid === null || ask === null || base === null) return 'bad_price'
  const read = prints.filter((one) => one !== null)
  if (read.length < prints.length) return 'bad_price'
  return { price, bid, ask, base, prints: read }
}

/** What is wrong with the sizes and the book; null when nothing is. */
export function bookFault(observation: Observation): GateReason | null {
  const { bid_size, ask_size, bids, asks, prints = [] } = observation
  const volume = parseDecimal(observation.volume)
  if (volume === null || volume < 0n) return 'bad_size'
  if (!isBestSize(bid_size, bids) || !isBestSize(ask_size, asks)) return 'bad_size'
  if (prints.some(([, quantity]) => positive(quantity) === null)) return 'bad_size'
  // Where nothing is matched, as in a call auction, bids may well stand above asks.
  const isMatching = (observation.phase ?? 'continuous') === 'continuous'
  const [bid, ask] = [parseDecimal(observation.bid)!, parseDecimal(observation.ask)!]
  if (isMatching && bid > ask) return 'crossed_book'
  if (bids && !isSide(bids, { best: bid, isBetter: (one, next) => one > next })) return 'bad_levels'
  if (asks && !isSide(asks, { best: ask, isBetter: (one, next) => one < next })) return 'bad_levels'
  return null
}

/** Zero says that a side is empty, as at a price limit; then it has no levels. */
function isBestSize(text: string, levels: Observation['bids']): boolean {
  const size = parseDecimal(text)
  return size !== null && (size > 0n || (size === 0n && (levels ?? []).length === 0))
}

/** Levels with sizes, the best first, beginning with the quote. */
function isSide(
  levels: readonly (readonly [price: string, size: string])[],
  { best, isBetter }: { best: Decimal; isBetter: (one: Decimal, next: Decimal) => boolean },
): boolean {
  let last: Decimal | null = null
  for (const [priceText, sizeText] of levels) {
    const price = positive(priceText)
    if (price === null || positive(sizeText) === null) return false
    if (last === null ? price !== best : !isBetter(last, price)) return false
    last = price
  }
  return true
}

function positive(text: string): Decimal | null {
  const value = parseDecimal(text)
  return value !== null && value > 0n ? value : null
}
