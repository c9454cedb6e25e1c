// Pure: no I/O, no clock, no randomness.
// A one-minute candle, as Upbit sent it, or a reason why it cannot be used.

import type { TickerId } from '@motu/shared/ticker.ts'
import { type Candle, MINUTE_MS } from '../candle-book.ts'
import { exactly, isRow, roundedDown, type Unreadable } from './upbit-row.ts'

/** As many candles as Upbit gives in one answer (docs, Minute Candles). */
export const CANDLES_PER_ANSWER_MAX = 200

/** Without a zone: it is UTC. */
const UTC = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/

/** In UTC ms; `NaN` when it is no time. */
function openAtOf(text: unknown): number {
  return typeof text === 'string' && UTC.test(text) ? Date.parse(`${text}.000Z`) : Number.NaN
}

export function readCandle(
  row: unknown,
  { tickerId, market }: { tickerId: TickerId; market: string },
): Candle | Unreadable {
  if (!isRow(row)) return { reason: 'no candle' }
  if (row.market !== market) return { reason: 'a candle of another market' }
  const openAt = openAtOf(row.candle_date_time_utc)
  if (Number.isNaN(openAt)) return { reason: 'no candle_date_time_utc' }
  if (openAt % MINUTE_MS !== 0) return { reason: 'a candle that opens within a minute' }
  const [open, high, low, close] = [
    exactly(row.opening_price),
    exactly(row.high_price),
    exactly(row.low_price),
    exactly(row.trade_price),
  ]
  if (open === null || high === null || low === null || close === null || low <= 0n) {
    return { reason: 'no usable price' }
  }
  if (high < open || high < close || low > open || low > close) {
    return { reason: 'a price beyond high and low' }
  }
  // A sum of its trades, added up in floats over there: what is behind the eighth place is no trade.
  const volume = roundedDown(row.candle_acc_trade_volume)
  if (volume === null || volume < 0n) return { reason: 'no usable candle_acc_trade_volume' }
  return { tickerId, openAt, open, high, low, close, volume, simulated: false }
}
