// Calls about US stocks and ETFs, and the exchange rate.

import type { Decimal } from '@motu/shared/decimal.ts'
import type { TickerId } from '@motu/shared/ticker.ts'
import { type Candle, minuteOf, MINUTE_MS } from '../../candle-book.ts'
import { levelOf } from '../frames/krx-frames.ts'
import { US_EXCHANGES, type UsExchange } from '../kis-symbols.ts'
import { priceOf, type Row, rowsOf, sizeOf, textOf } from '../kis-text.ts'
import { dayOf, kstDate, kstInstant, kstTime } from '../kis-time.ts'
import type { Snapshot } from '../ticker-tape.ts'
import { dailyCandle, minuteCandle, US_DAILY, US_MINUTE } from './candle-rows.ts'
import type { KisAnswer, KisClient } from './client.ts'
import { addAll, type Polled, sorted, unreadable, utcDate } from './krx-calls.ts'

const QUOTATIONS = '/uapi/overseas-price/v1/quotations/'
/** Rows of a call for minutes. */
const MINUTES_MAX = 120
const PAGES_MAX = 20
const DAY_MS = 86_400_000
/** KIS's name of won for a dollar in its charts. */
const USD_KRW_CHART = 'FX@KRW'

type Asked = { client: KisClient; symbol: string; exchange: UsExchange; signal: AbortSignal }
type Params = Readonly<Record<string, string>>

function call(
  { client, symbol, exchange, signal }: Asked,
  what: [path: string, trId: string],
  more: Params = {},
): Promise<KisAnswer> {
  const params = { AUTH: '', EXCD: exchange, SYMB: symbol, ...more }
  return client.get({ path: QUOTATIONS + what[0], trId: what[1], params }, signal)
}

/** Last price, previous close and running volume. */
export async function usPrice(asked: Asked): Promise<Polled> {
  const { body, askedAtMs } = await call(asked, ['price', 'HHDFS00000300'])
  const [row = {}] = rowsOf(body.output)
  const snapshot = { ...pricesOf(row, asked.symbol), book: null, cumulative: sizeOf(row.tvol) }
  return { askedAtMs, snapshot: { ...snapshot, venueMs: null, mark: {} } }
}

/** The same, with today's exchange rate; null where KIS gives none. */
export async function usPriceDetail(asked: Asked): Promise<Polled & { usdKrw: Decimal | null }> {
  const { body, askedAtMs } = await call(asked, ['price-detail', 'HHDFS76200200'])
  const [row = {}] = rowsOf(body.output)
  const snapshot = { ...pricesOf(row, asked.symbol), book: null, cumulative: sizeOf(row.tvol) }
  const usdKrw = priceOf(row.t_rate)
  return { askedAtMs, usdKrw, snapshot: { ...snapshot, venueMs: null, mark: {} } }
}

/** The best level of each side, with the last price. */
export async function usBook(asked: Asked): Promise<Polled> {
  const { body, askedAtMs } = await call(asked, ['inquire-asking-price', 'HHDFS76200100'])
  const [head = {}] = rowsOf(body.output1)
  const [book = {}] = rowsOf(body.output2)
  const [bid, ask] = [levelOf(book.pbid1, book.vbid1), levelOf(book.pask1, book.vask1)]
  return {
    askedAtMs,
    snapshot: {
      ...pricesOf(head, asked.symbol),
      book: { bids: bid ? [bid] : [], asks: ask ? [ask] : [] },
      cumulative: null,
      venueMs: null,
      mark: {},
    },
  }
}

/** Where a symbol is listed; null when none of the three knows it. */
export async function usExchangeOf(asked: Omit<Asked, 'exchange'>): Promise<UsExchange | null> {
  for (const exchange of US_EXCHANGES) {
    const { body } = await call({ ...asked, exchange }, ['price', 'HHDFS00000300'])
    if (rowsOf(body.output).some((row) => priceOf(row.last) !== null)) return exchange
  }
  return null
}

/** Minutes from the one instant to the other, oldest first, pre- and after-market included. */
export async function usMinuteCandles(
  asked: Asked,
  range: { tickerId: TickerId; fromMs: number; toMs: number },
): Promise<Candle[]> {
  const candles = new Map<number, Candle>()
  let key = ''
  for (let page = 0; page < PAGES_MAX; page += 1) {
    const { body } = await call(asked, ['inquire-time-itemchartprice', 'HHDFS76950200'], {
      ...{ NMIN: '1', PINC: '1', NEXT: key === '' ? '' : '1', NREC: `${MINUTES_MAX}` },
      ...{ FILL: '', KEYB: key },
    })
    const rows = rowsOf(body.output2).flatMap((row) => {
      const candle = minuteCandle(row, { tickerId: range.tickerId, columns: US_MINUTE })
      return candle ? [{ candle, row }] : []
    })
    if (
      !addAll(
        candles,
        rows.map(({ candle }) => candle),
      )
    )
      break
    const oldest = rows.reduce((a, b) => (b.candle.openAt < a.candle.openAt ? b : a))
    if (oldest.candle.openAt <= range.fromMs) break
    key = minuteBefore(oldest.row)
    if (key === '') break
  }
  const firstMs = minuteOf(range.fromMs)
  return sorted(candles).filter(({ openAt }) => openAt >= firstMs && openAt <= range.toMs)
}

/** Days from the one to the other (`20260102`), oldest first. */
export async function usDailyCandles(
  asked: Asked,
  range: { tickerId: TickerId; from: string; to: string; adjusted: boolean },
): Promise<Candle[]> {
  const candles = new Map<number, Candle>()
  let to = range.to
  for (let page = 0; page < PAGES_MAX && to >= range.from; page += 1) {
    const { body } = await call(asked, ['dailyprice', 'HHDFS76240000'], {
      ...{ GUBN: '0', BYMD: to, MODP: range.adjusted ? '1' : '0' },
    })
    const rows = rowsOf(body.output2).flatMap(
      (row) => dailyCandle(row, { tickerId: range.tickerId, columns: US_DAILY }) ?? [],
    )
    if (!addAll(candles, rows)) break
    to = utcDate(Math.min(...candles.keys()) - DAY_MS)
  }
  const [fromMs, toMs] = [dayOf(range.from) ?? 0, dayOf(range.to) ?? Infinity]
  return sorted(candles).filter(({ openAt }) => openAt >= fromMs && openAt <= toMs)
}

export type Rate = { mid: Decimal; basePrice: Decimal; askedAtMs: number }

/** Won for one dollar, from the chart of exchange rates. */
export async function usdKrwChart(
  client: KisClient,
  nowMs: number,
  signal: AbortSignal,
): Promise<Rate> {
  const { body, askedAtMs } = await client.get(
    {
      path: `${QUOTATIONS}inquire-daily-chartprice`,
      trId: 'FHKST03030100',
      params: {
        ...{ FID_COND_MRKT_DIV_CODE: 'X', FID_INPUT_ISCD: USD_KRW_CHART },
        ...{ FID_INPUT_DATE_1: kstDate(nowMs - 7 * DAY_MS), FID_INPUT_DATE_2: kstDate(nowMs) },
        FID_PERIOD_DIV_CODE: 'D',
      },
    },
    signal,
  )
  const [row = {}] = rowsOf(body.output1)
  const mid = priceOf(row.ovrs_nmix_prpr)
  if (mid === null) throw unreadable(USD_KRW_CHART, 'no rate')
  return { mid, basePrice: priceOf(row.ovrs_nmix_prdy_clpr) ?? mid, askedAtMs }
}

/** The New York minute before a row's, as the next page's key: `20261119155900`. */
function minuteBefore(row: Row): string {
  // Only minutes are taken away: which zone the two are read in makes no difference.
  const ms = kstInstant(textOf(row.xymd), textOf(row.xhms))
  return ms === null ? '' : kstDate(ms - MINUTE_MS) + kstTime(ms - MINUTE_MS)
}

function pricesOf(row: Row, symbol: string): Pick<Snapshot, 'price' | 'basePrice' | 'basedOn'> {
  const [price, basePrice] = [priceOf(row.last), priceOf(row.base)]
  if (price === null || basePrice === null) throw unreadable(symbol, 'no price or base price')
  return { price, basePrice, basedOn: textOf(row.dymd) || null }
}
