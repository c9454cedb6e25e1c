// Calls about KRX stocks and ETFs.

import type { TickerId } from '@motu/shared/ticker.ts'
import { type Candle, minuteOf, MINUTE_MS } from '../../candle-book.ts'
import { flagOf, phaseOfSession } from '../frames/krx-phase.ts'
import type { PhaseMark } from '../frames/market-frame.ts'
import { levelsOf } from '../frames/krx-frames.ts'
import { priceOf, type Row, rowsOf, sizeOf, textOf } from '../kis-text.ts'
import { kstDate, kstInstant, kstNearest, kstTime } from '../kis-time.ts'
import type { Snapshot } from '../ticker-tape.ts'
import { dailyCandle, KRX_DAILY, KRX_MINUTE, minuteCandle } from './candle-rows.ts'
import type { KisAnswer, KisClient } from './client.ts'
import { KisError } from './kis-error.ts'

const QUOTATIONS = '/uapi/domestic-stock/v1/quotations/'
/** KRX alone: a ticker has one pricing venue. */
const MARKET = { FID_COND_MRKT_DIV_CODE: 'J' }
/** Of thirty minutes: more than a day with its after-market. */
const MINUTE_PAGES_MAX = 30
/** Of a hundred days: ten years. */
const DAILY_PAGES_MAX = 26
const DAY_MS = 86_400_000

export type Polled = { snapshot: Snapshot; askedAtMs: number }
type Asked = { client: KisClient; symbol: string; signal: AbortSignal }

/** Last price, base price, running volume and halts; no book. */
export async function krxPrice({ client, symbol, signal }: Asked): Promise<Polled> {
  const answer = await client.get(
    {
      path: `${QUOTATIONS}inquire-price`,
      trId: 'FHKST01010100',
      params: { ...MARKET, FID_INPUT_ISCD: symbol },
    },
    signal,
  )
  const [row = {}] = rowsOf(answer.body.output)
  const halted = flagOf(textOf(row.temp_stop_yn)) || textOf(row.iscd_stat_cls_code) === '58'
  return {
    askedAtMs: answer.askedAtMs,
    snapshot: {
      ...pricesOf(row, row, answer.askedAtMs),
      book: null,
      cumulative: sizeOf(row.acml_vol),
      venueMs: null,
      mark: { halted, ...viMark(row) },
    },
  }
}

/** The book of ten levels, with the last price and the base price beside it. */
export async function krxBook({ client, symbol, signal }: Asked): Promise<Polled> {
  const answer = await client.get(
    {
      path: `${QUOTATIONS}inquire-asking-price-exp-ccn`,
      trId: 'FHKST01010200',
      params: { ...MARKET, FID_INPUT_ISCD: symbol },
    },
    signal,
  )
  const [book = {}] = rowsOf(answer.body.output1)
  const [last = {}] = rowsOf(answer.body.output2)
  const side = (price: string, size: string) =>
    levelsOf(numbered(book, price), numbered(book, size))
  const bids = side('bidp', 'bidp_rsqn')
  const asks = side('askp', 'askp_rsqn')
  if (!bids || !asks) throw unreadable(symbol, 'no usable level')
  const { askedAtMs } = answer
  return {
    askedAtMs,
    snapshot: {
      ...pricesOf(last, last, askedAtMs),
      book: { bids, asks },
      cumulative: null,
      venueMs: kstNearest(textOf(book.aspr_acpt_hour), askedAtMs),
      mark: { ...phaseOfSession(textOf(book.new_mkop_cls_code), ''), ...viMark(last) },
    },
  }
}

/** Days from the one to the other (`20260102`), oldest first; of more than 2,600 the newest. */
export async function krxDailyCandles(
  { client, symbol, signal }: Asked,
  range: { tickerId: TickerId; from: string; to: string; adjusted: boolean },
): Promise<Candle[]> {
  const candles = new Map<number, Candle>()
  let to = range.to
  for (let page = 0; page < DAILY_PAGES_MAX && to >= range.from; page += 1) {
    const { body } = await client.get(
      {
        path: `${QUOTATIONS}inquire-daily-itemchartprice`,
        trId: 'FHKST03010100',
        params: {
          ...{ ...MARKET, FID_INPUT_ISCD: symbol, FID_PERIOD_DIV_CODE: 'D' },
          ...{ FID_INPUT_DATE_1: range.from, FID_INPUT_DATE_2: to },
          FID_ORG_ADJ_PRC: range.adjusted ? '0' : '1',
        },
      },
      signal,
    )
    const rows = rowsOf(body.output2).flatMap(
      (row) => dailyCandle(row, { tickerId: range.tickerId, columns: KRX_DAILY }) ?? [],
    )
    if (!addAll(candles, rows)) break
    to = utcDate(Math.min(...candles.keys()) - DAY_MS)
  }
  return sorted(candles)
}

/**
 * Today's minutes from the one instant to the other, oldest first. An hour that has not come yields
 * candles of the current price: it is never asked for.
 */
export async function krxMinuteCandles(
  { client, symbol, signal }: Asked,
  range: { tickerId: TickerId; fromMs: number; toMs: number; nowMs: number },
): Promise<Candle[]> {
  const candles = new Map<number, Candle>()
  const today = kstDate(range.nowMs)
  const dayStartMs = kstInstant(today, '000000')!
  const fromMs = Math.max(range.fromMs, dayStartMs)
  let endMs = Math.min(range.toMs, range.nowMs)
  for (let page = 0; page < MINUTE_PAGES_MAX && endMs >= fromMs; page += 1) {
    const { body } = await client.get(
      {
        path: `${QUOTATIONS}inquire-time-itemchartprice`,
        trId: 'FHKST03010200',
        params: {
          ...{ ...MARKET, FID_INPUT_ISCD: symbol, FID_INPUT_HOUR_1: kstTime(endMs) },
          ...{ FID_PW_DATA_INCU_YN: 'Y', FID_ETC_CLS_CODE: '' },
        },
      },
      signal,
    )
    const rows = rowsOf(body.output2)
      .flatMap((row) => minuteCandle(row, { tickerId: range.tickerId, columns: KRX_MINUTE }) ?? [])
      .filter(({ openAt }) => openAt >= dayStartMs && openAt <= range.nowMs)
    if (!addAll(candles, rows)) break
    endMs = Math.min(...candles.keys()) - MINUTE_MS
  }
  const firstMs = minuteOf(fromMs)
  return sorted(candles).filter(({ openAt }) => openAt >= firstMs && openAt <= range.toMs)
}

/** False when nothing was new: then there is no end to it. */
export function addAll(candles: Map<number, Candle>, rows: readonly Candle[]): boolean {
  const before = candles.size
  for (const row of rows) if (!candles.has(row.openAt)) candles.set(row.openAt, row)
  return candles.size > before
}

export const sorted = (candles: ReadonlyMap<number, Candle>): Candle[] =>
  [...candles.values()].toSorted((a, b) => a.openAt - b.openAt)

export const utcDate = (ms: number): string =>
  new Date(ms).toISOString().slice(0, 10).replaceAll('-', '')

export const unreadable = (symbol: string, reason: string): KisError =>
  new KisError('UNREADABLE', `${symbol}: ${reason}`)

function pricesOf(
  last: Row,
  base: Row,
  askedAtMs: KisAnswer['askedAtMs'],
): Pick<Snapshot, 'price' | 'basePrice' | 'basedOn'> {
  const price = priceOf(last.stck_prpr)
  const basePrice = priceOf(base.stck_sdpr)
  if (price === null || basePrice === null) throw unreadable('a stock', 'no price or base price')
  return { price, basePrice, basedOn: kstDate(askedAtMs) }
}

function viMark(row: Row): PhaseMark {
  const vi = flagOf(textOf(row.vi_cls_code))
  return vi === undefined ? {} : { vi }
}

const numbered = (row: Row, name: string): unknown[] =>
  Array.from({ length: 10 }, (_, index) => row[`${name}${index + 1}`] ?? '0')
