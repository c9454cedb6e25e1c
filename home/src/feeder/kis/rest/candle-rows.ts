// Pure: no I/O, no clock, no randomness.
// Rows of KIS's charts as candles. Empty rows (`{}`) fill up an answer: they are null here.

import type { Decimal } from '@motu/shared/decimal.ts'
import type { TickerId } from '@motu/shared/ticker.ts'
import { type Candle, minuteOf } from '../../candle-book.ts'
import { priceOf, type Row, sizeOf, textOf } from '../kis-text.ts'
import { dayOf, kstInstant } from '../kis-time.ts'

type Columns = Record<'date' | 'time' | 'open' | 'high' | 'low' | 'close' | 'volume', string>

export const KRX_DAILY: Columns = {
  ...{ date: 'stck_bsop_date', time: '', open: 'stck_oprc', high: 'stck_hgpr' },
  ...{ low: 'stck_lwpr', close: 'stck_clpr', volume: 'acml_vol' },
}
export const KRX_MINUTE: Columns = {
  ...{ date: 'stck_bsop_date', time: 'stck_cntg_hour', open: 'stck_oprc', high: 'stck_hgpr' },
  ...{ low: 'stck_lwpr', close: 'stck_prpr', volume: 'cntg_vol' },
}
export const US_DAILY: Columns = {
  ...{ date: 'xymd', time: '', open: 'open', high: 'high' },
  ...{ low: 'low', close: 'clos', volume: 'tvol' },
}
/** Its Korean date and time: New York's would need to know of summer time. */
export const US_MINUTE: Columns = {
  ...{ date: 'kymd', time: 'khms', open: 'open', high: 'high' },
  ...{ low: 'low', close: 'last', volume: 'evol' },
}

type Context = { tickerId: TickerId; columns: Columns }

/** Opens at midnight UTC of its trading date. */
export function dailyCandle(row: Row, context: Context): Candle | null {
  return candleOf(row, context, dayOf(textOf(row[context.columns.date])))
}

export function minuteCandle(row: Row, context: Context): Candle | null {
  const { date, time } = context.columns
  const ms = kstInstant(textOf(row[date]), textOf(row[time]))
  return candleOf(row, context, ms === null ? null : minuteOf(ms))
}

function candleOf(row: Row, { tickerId, columns }: Context, openAt: number | null): Candle | null {
  if (openAt === null) return null
  const [open, high, low, close] = [
    priceOf(row[columns.open]),
    priceOf(row[columns.high]),
    priceOf(row[columns.low]),
    priceOf(row[columns.close]),
  ]
  const volume: Decimal | null = sizeOf(row[columns.volume])
  if (open === null || high === null || low === null || close === null) return null
  if (volume === null || high < low || high < open || high < close) return null
  if (low > open || low > close) return null
  return { tickerId, openAt, open, high, low, close, volume, simulated: false }
}
