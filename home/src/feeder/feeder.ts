// The feeder: market data from its sources to the bus, and candles and last quotes to Postgres.
//
// Simulated tickers are observed together every `tickMs`, aligned to the clock. The exchange, when
// there is one, reports by itself; it alone has order books and trades, the replay has neither to
// publish. Whatever fails is logged and tried again at the next tick: a
// price is never invented, and a ticker nobody reports goes stale.

import { setImmediate as breathe } from 'node:timers/promises'
import { decimal } from '@motu/shared/decimal.ts'
import type { MarketEvent } from '@motu/shared/market-data.ts'
import type { Bus } from '../bus/bus.ts'
import type { Config } from '../config.ts'
import type { Sql } from '../db/connect.ts'
import type { Log } from '../log.ts'
import { CandleBook, minuteOf, MINUTE_MS, simulatedCandle } from './candle-book.ts'
import { loadMinute, purgeCandles, upsertCandles, upsertQuotes } from './feed-store.ts'
import type { LiveSink } from './live-source.ts'
import type { Observation } from './observation.ts'
import { every } from './schedule.ts'
import { observe, type SimulatedTicker } from './replay/simulated-ticker.ts'
import { simulatedTickers } from './replay/simulation.ts'
import { upbitSource } from './upbit/upbit-source.ts'

/** One seed for all: whoever replays, replays the same. */
const SEED = 'motu'
/** How far back simulated candles are computed at the start. */
const BACKFILL_MS = 6 * 3_600_000
const CANDLE_FLUSH_INTERVAL_MS = 1_000
const QUOTE_FLUSH_INTERVAL_MS = 5_000
const PURGE_INTERVAL_MS = 3_600_000

export type FeederOptions = {
  config: Pick<Config, 'feed' | 'upbitUrl' | 'tickMs'>
  bus: Bus
  sql: Sql
  now: () => number
  log: Log
  /** Names this run: events of two runs are never taken for one row. */
  epoch: string
}

export type Feeder = { stop(): Promise<void> }

export async function startFeeder(options: FeederOptions): Promise<Feeder> {
  const { config, now, log } = options
  const live = config.feed === 'upbit' ? upbitSource({ url: config.upbitUrl, now, log }) : null
  const reported = new Set(live?.tickerIds)
  const tickers = (await simulatedTickers(SEED)).filter(({ tickerId }) => !reported.has(tickerId))
  const run = new FeederRun(options, tickers)
  await run.resumeMinute(live?.tickerIds ?? [])

  const abort = new AbortController()
  const { signal } = abort
  const repeat = (name: string, intervalMs: number, work: () => Promise<void>): Promise<void> =>
    every({ name, intervalMs, now, signal, log }, work)
  const ends = [
    repeat('prices', config.tickMs, () => run.tick()),
    repeat('candles', CANDLE_FLUSH_INTERVAL_MS, () => run.flushCandles()),
    repeat('quotes', QUOTE_FLUSH_INTERVAL_MS, () => run.flushQuotes()),
    repeat('purge', PURGE_INTERVAL_MS, () => run.purge()),
    run.backfill(signal),
    ...(live ? [live.run(run.sink(), signal)] : []),
  ]
  log.info({ simulated: tickers.length, live: reported.size, epoch: options.epoch }, 'feeder runs')
  return {
    async stop() {
      abort.abort()
      await Promise.all(ends)
      try {
        await run.flushCandles()
        await run.flushQuotes()
      } catch (error) {
        // Nothing that is not computed or quoted anew at the next start.
        log.warn({ err: error }, 'the last candles and quotes were not written')
      }
    },
  }
}

class FeederRun {
  readonly #options: FeederOptions
  readonly #tickers: readonly SimulatedTicker[]
  readonly #book = new CandleBook()
  readonly #seqs = new Map<string, number>()
  readonly #last = new Map<string, MarketEvent>()
  #tickedAt: number

  constructor(options: FeederOptions, tickers: readonly SimulatedTicker[]) {
    this.#options = options
    this.#tickers = tickers
    this.#tickedAt = options.now()
  }

  /** Observes every simulated ticker. */
  async tick(): Promise<void> {
    const nowMs = this.#options.now()
    const sinceMs = this.#tickedAt
    this.#tickedAt = nowMs
    await this.emit(this.#tickers.map((ticker) => observe(ticker, { nowMs, sinceMs })))
  }

  /** Numbers observations and publishes them in one call. */
  async emit(observations: Observation[]): Promise<void> {
    const events = observations.map((observation): MarketEvent => {
      const seq = (this.#seqs.get(observation.ticker_id) ?? 0) + 1
      this.#seqs.set(observation.ticker_id, seq)
      return { ...observation, epoch: this.#options.epoch, seq }
    })
    for (const event of events) {
      this.#book.add(event)
      this.#last.set(event.ticker_id, event)
    }
    // If this fails the numbers are spent: whoever follows sees the gap, and that is the truth.
    await this.#options.bus.publishMarket(events)
  }

  /** Where a live source hands over. */
  sink(): LiveSink {
    const { bus } = this.#options
    return {
      observations: (observations) => this.emit(observations),
      books: (books) => bus.publish('market_books', books),
      trades: (trades) => bus.publish('market_trades', trades),
    }
  }

  async flushCandles(): Promise<void> {
    const changed = this.#book.takeChanged()
    try {
      await upsertCandles(this.#options.sql, changed)
    } catch (error) {
      const dropped = this.#book.giveBack(changed)
      if (dropped > 0) this.#options.log.error({ dropped }, 'too many candles wait: some are lost')
      throw error
    }
  }

  flushQuotes(): Promise<void> {
    return upsertQuotes(this.#options.sql, [...this.#last.values()])
  }

  async purge(): Promise<void> {
    const deleted = await purgeCandles(this.#options.sql, this.#options.now())
    if (deleted > 0) this.#options.log.info({ deleted }, 'old candles deleted')
  }

  /** Goes on with the minute under way: computed for what is simulated, stored for the rest. */
  async resumeMinute(liveTickerIds: readonly string[]): Promise<void> {
    const nowMs = this.#options.now()
    const openAt = minuteOf(nowMs)
    for (const ticker of this.#tickers) {
      if (nowMs > openAt) this.#book.resume(simulatedCandle(ticker, openAt, nowMs))
    }
    if (liveTickerIds.length === 0) return
    const stored = await loadMinute(this.#options.sql, { tickerIds: liveTickerIds, openAt })
    for (const row of stored.filter(({ simulated }) => !simulated)) {
      this.#book.resume({
        tickerId: row.ticker_id,
        openAt,
        open: decimal(row.open),
        high: decimal(row.high),
        low: decimal(row.low),
        close: decimal(row.close),
        volume: decimal(row.volume),
        simulated: false,
      })
    }
  }

  /** Computes the candles of the past hours, ticker by ticker, beside the running feed. */
  async backfill(signal: AbortSignal): Promise<void> {
    const { sql, now, log } = this.#options
    const startedAt = now()
    const until = minuteOf(startedAt)
    const minutes = BACKFILL_MS / MINUTE_MS
    for (const ticker of this.#tickers) {
      if (signal.aborted) return
      const candles = Array.from({ length: minutes }, (_, index) =>
        simulatedCandle(ticker, until - (minutes - index) * MINUTE_MS),
      )
      try {
        await upsertCandles(sql, candles)
      } catch (error) {
        // The chart begins later, that is all: the next start computes them again.
        log.warn({ err: error, ticker_id: ticker.tickerId }, 'candles were not computed')
      }
      await breathe()
    }
    log.info(
      { tickers: this.#tickers.length, minutes, took_ms: now() - startedAt },
      'past candles computed',
    )
  }
}
