// The exchange rate, asked for at a slow pace: its quote has a bound of its own on its age.

import { formatDecimal } from '@motu/shared/decimal.ts'
import { USD_KRW } from '@motu/shared/ticker.ts'
import { changePercent, isoTime, type Observation } from '../observation.ts'
import { KIS_SOURCE } from './kis-events.ts'
import type { KisClient } from './rest/client.ts'
import { KisError } from './rest/kis-error.ts'
import { type Rate, usdKrwChart, usPriceDetail } from './rest/us-calls.ts'

/** A stock whose details tell today's rate, when the chart does not. */
const RATE_STOCK = { symbol: 'AAPL', exchange: 'NAS' } as const

export async function usdKrwRate(
  client: KisClient,
  nowMs: number,
  signal: AbortSignal,
): Promise<Rate> {
  try {
    return await usdKrwChart(client, nowMs, signal)
  } catch (error) {
    if (signal.aborted || !(error instanceof KisError)) throw error
    const { usdKrw, askedAtMs } = await usPriceDetail({ client, ...RATE_STOCK, signal })
    if (usdKrw === null) throw error
    return { mid: usdKrw, basePrice: usdKrw, askedAtMs }
  }
}

/** A mid has no sides: bid and ask are it, and nothing can be bought there. */
export function rateObservation({ mid, basePrice, askedAtMs }: Rate): Observation {
  const price = formatDecimal(mid)
  return {
    ticker_id: USD_KRW,
    ...{ price, bid: price, ask: price, bid_size: '0', ask_size: '0' },
    currency: 'KRW',
    change_pct: changePercent(mid, basePrice),
    venue_time: isoTime(askedAtMs),
    received_at: isoTime(askedAtMs),
    source: KIS_SOURCE,
    simulated: false,
    base_price: formatDecimal(basePrice),
    volume: '0',
  }
}
