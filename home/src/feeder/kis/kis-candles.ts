// One-minute candles of KIS, beside the feed and at the pace of its accounts: of KRX those of today,
// of US stocks those of the last days, of the exchange rate none.

import type { TickerId } from '@motu/shared/ticker.ts'
import { type Candle, minuteOf, MINUTE_MS } from '../candle-book.ts'
import type { KisSymbol } from './kis-symbols.ts'
import type { KisClient } from './rest/client.ts'
import { KisError } from './rest/kis-error.ts'
import { krxMinuteCandles } from './rest/krx-calls.ts'
import { usMinuteCandles } from './rest/us-calls.ts'

type KisCandlesOptions = {
  clients: readonly KisClient[]
  symbols: ReadonlyMap<TickerId, KisSymbol>
  now: () => number
}

/** Complete minutes between two instants, oldest first; rejects with a `KisError`. */
export async function kisCandles(
  { clients, symbols, now }: KisCandlesOptions,
  range: { tickerId: TickerId; fromMs: number; toMs: number },
  signal: AbortSignal,
): Promise<Candle[]> {
  const { tickerId, fromMs } = range
  const symbol = symbols.get(tickerId)
  if (!symbol) return []
  const client = clients.find(({ isParked }) => !isParked)
  if (!client) throw new KisError('PARKED', 'all accounts wait for their admin')
  const nowMs = now()
  // The last minute that is over, by the instant at which it opened.
  const lastMs = minuteOf(Math.min(range.toMs, nowMs)) - MINUTE_MS
  if (lastMs < minuteOf(fromMs)) return []
  const asked = { client, symbol: symbol.symbol, signal }
  const span = { tickerId, fromMs, toMs: lastMs }
  const candles =
    symbol.market === 'KRX'
      ? await krxMinuteCandles(asked, { ...span, nowMs })
      : await usMinuteCandles({ ...asked, exchange: symbol.exchange }, span)
  return candles.filter(({ openAt }) => openAt <= lastMs)
}
