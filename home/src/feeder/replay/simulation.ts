// What is simulated: every instrument and the exchange rate, from a recording where there is one,
// else as a walk.

import { type Decimal, decimal, divide, SCALE } from '@motu/shared/decimal.ts'
import {
  type Instrument,
  quotedInstruments,
  tickOf,
  USD_KRW_REFERENCE,
  type Venue,
} from '@motu/shared/instrument.ts'
import { EVENT_LEVELS_MAX } from '@motu/shared/market-data.ts'
import { seedOf } from './noise.ts'
import { shareOf, STEP_MS, type TickAt } from './price-path.ts'
import { loadRecording } from './recordings.ts'
import { replay } from './replay.ts'
import type { SimulatedTicker } from './simulated-ticker.ts'
import { walk } from './walk.ts'

type Temper = {
  dailyMove: number
  depth: Decimal
  sizeStep: Decimal
  levels: number
  hasPrints: boolean
}

/**
 * How lively each venue is, how much stands at its best prices, and how much of its book is shown:
 * ten levels in Korea, the best prices alone in the US, as the feeds of a Korean broker show them.
 */
const TEMPERS: Readonly<Record<Venue | 'FX', Temper>> = {
  KRX: {
    ...{ dailyMove: 0.018, depth: decimal('50000000'), sizeStep: decimal('1') },
    ...{ levels: EVENT_LEVELS_MAX, hasPrints: true },
  },
  US: {
    ...{ dailyMove: 0.016, depth: decimal('60000'), sizeStep: decimal('1') },
    ...{ levels: 0, hasPrints: true },
  },
  CRYPTO: {
    ...{ dailyMove: 0.028, depth: decimal('40000000'), sizeStep: decimal('0.0001') },
    ...{ levels: EVENT_LEVELS_MAX, hasPrints: true },
  },
  FX: {
    ...{ dailyMove: 0.003, depth: decimal('1000000000'), sizeStep: decimal('1') },
    ...{ levels: 0, hasPrints: false },
  },
}

/** The interbank rate is quoted in steps of ten jeon. */
const FX_TICK = decimal('0.1')
/** Of what stands at the best price, this much is traded in a second. */
const TURNOVER_PER_SECOND = 0.05

/** All instruments and the exchange rate, as they are simulated under a seed. */
export async function simulatedTickers(seed: string): Promise<SimulatedTicker[]> {
  return Promise.all([
    ...quotedInstruments().map((instrument) => simulateInstrument(instrument, seed)),
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
