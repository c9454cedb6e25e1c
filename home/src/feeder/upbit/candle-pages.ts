// The one-minute candles of a coin, page by page, the newest page first. Upbit makes no candle of a
// minute in which nobody traded (docs, Minute Candles), so a page reaches back for as long as it takes.

import type { TickerId } from '@motu/shared/ticker.ts'
import type { Log } from '../../log.ts'
import { type Candle, minuteOf, MINUTE_MS } from '../candle-book.ts'
import { pause } from '../schedule.ts'
import { AskedPause } from './asked-pause.ts'
import { LeftOut } from './left-out.ts'
import { CANDLES_PER_ANSWER_MAX, readCandle } from './upbit-candle.ts'
import { UpbitError, type UpbitExchange } from './upbit-exchange.ts'

/** Ten calls a second are Upbit's limit for candles; others may share the address. */
const CALL_SPACING_MS = 125
/** A week of minutes, and one more. */
const PAGES_MAX = 52

export type CandleRange = {
  tickerId: TickerId
  market: string
  fromMs: number
  /** No candle ends after it. */
  toMs: number
}

export class CandlePages {
  readonly #leftOut: LeftOut
  /** Of the candles alone: Upbit limits each kind of call by itself. */
  readonly #pause: AskedPause
  readonly #now: () => number

  constructor({ now, log }: { now: () => number; log: Log }) {
    this.#now = now
    this.#leftOut = new LeftOut('a candle', log)
    this.#pause = new AskedPause(now)
  }

  /** All pages of complete minutes, or none: rejects with an `UpbitError`, or when aborted. */
  read(exchange: UpbitExchange, range: CandleRange, signal: AbortSignal): Promise<Candle[]> {
    return this.#pause.around(() => this.#read(exchange, range, signal))
  }

  async #read(
    exchange: UpbitExchange,
    { tickerId, market, fromMs, toMs }: CandleRange,
    signal: AbortSignal,
  ): Promise<Candle[]> {
    const firstMs = minuteOf(fromMs)
    const endMs = minuteOf(Math.min(toMs, this.#now()))
    const candles = new Map<number, Candle>()
    let bad: string | null = null
    let beforeMs = endMs
    for (let page = 0; page < PAGES_MAX && beforeMs > firstMs; page += 1) {
      await pause(CALL_SPACING_MS, signal)
      signal.throwIfAborted()
      const rows = (await exchange.minuteCandles(market, beforeMs)).slice(0, CANDLES_PER_ANSWER_MAX)
      if (rows.length === 0) break
      let oldestMs = beforeMs
      for (const row of rows) {
        const candle = readCandle(row, { tickerId, market })
        if ('reason' in candle) {
          bad ??= candle.reason
          continue
        }
        candles.set(candle.openAt, candle)
        oldestMs = Math.min(oldestMs, candle.openAt)
      }
      if (oldestMs === beforeMs) {
        const what = bad ?? 'other minutes than were asked for'
        throw new UpbitError(`no candle of a page can be used: ${what}`, { retryable: true })
      }
      beforeMs = oldestMs
    }
    this.#leftOut.note(tickerId, bad)
    return [...candles.values()]
      .filter(({ openAt }) => openAt >= firstMs && openAt + MINUTE_MS <= endMs)
      .toSorted((a, b) => a.openAt - b.openAt)
  }
}
