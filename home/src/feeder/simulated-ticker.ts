// A simulated ticker: a price path with a quote around it. Everything shown is a function of time.

import {
  type Decimal,
  decimal,
  divide,
  formatDecimal,
  SCALE,
  toStep,
} from '@motu/shared/decimal.ts'
import {
  type Currency,
  INSTRUMENTS,
  type Instrument,
  tickOf,
  USD_KRW_REFERENCE,
  type Venue,
} from '@motu/shared/instrument.ts'
import type { TickerId } from '@motu/shared/ticker.ts'
import { fractionAt, hashAt, seedOf } from './noise.ts'
import { changePercent, isoTime, type Observation } from './observation.ts'
import { type PricePath, shareOf, STEP_MS, stepAt, type TickAt } from './price-path.ts'
import { loadRecording } from './recordings.ts'
import { replay } from './replay.ts'
import { walk } from './walk.ts'

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

type Temper = { dailyMove: number; depth: Decimal; sizeStep: Decimal }

/** How lively each venue is, and how much stands at its best prices. */
const TEMPERS: Readonly<Record<Venue | 'FX', Temper>> = {
  KRX: { dailyMove: 0.018, depth: decimal('50000000'), sizeStep: decimal('1') },
  US: { dailyMove: 0.016, depth: decimal('60000'), sizeStep: decimal('1') },
  CRYPTO: { dailyMove: 0.028, depth: decimal('40000000'), sizeStep: decimal('0.0001') },
  FX: { dailyMove: 0.003, depth: decimal('1000000000'), sizeStep: decimal('1') },
}

/** The interbank rate is quoted in steps of ten jeon. */
const FX_TICK = decimal('0.1')
/** Of what stands at the best price, this much is traded in a second. */
const TURNOVER_PER_SECOND = 0.05

/** All instruments and the exchange rate, as they are simulated under a seed. */
export async function simulatedTickers(seed: string): Promise<SimulatedTicker[]> {
  return Promise.all([
    ...INSTRUMENTS.map((instrument) => simulateInstrument(instrument, seed)),
    simulateRate(seed),
  ])
}

async function simulateInstrument(
  instrument: Instrument,
  seedText: string,
): Promise<SimulatedTicker> {
  const { tickerId, currency, referencePrice } = instrument
  const seed = seedOf(`${seedText} ${tickerId}`)
  const tickAt: TickAt = (price) => tickOf(instrument, price)
  const temper = TEMPERS[instrument.venue]
  const recording = await loadRecording(tickerId, { tickAt, seed })
  const path = recording
    ? replay(recording)
    : walk({ ...walkVolume(temper, referencePrice), referencePrice, tickAt, seed })
  return { tickerId, currency, path, tickAt, seed, ...temper }
}

async function simulateRate(seedText: string): Promise<SimulatedTicker> {
  const { tickerId, referencePrice } = USD_KRW_REFERENCE
  const seed = seedOf(`${seedText} ${tickerId}`)
  const tickAt: TickAt = () => FX_TICK
  const path = walk({ ...walkVolume(TEMPERS.FX, referencePrice), referencePrice, tickAt, seed })
  return { tickerId, currency: 'KRW', path, tickAt, seed, ...TEMPERS.FX }
}

function walkVolume(
  { dailyMove, depth }: Temper,
  referencePrice: Decimal,
): { dailyMove: number; volumePerStep: Decimal } {
  const size = divide(depth * SCALE, referencePrice, 'down')
  return { dailyMove, volumePerStep: shareOf(size, (TURNOVER_PER_SECOND * STEP_MS) / 1_000) }
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
