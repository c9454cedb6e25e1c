// The feeder: market data from its sources to the bus, and candles and last quotes to Postgres.
//
// Simulated tickers are observed together every `tickMs`, aligned to the clock. Live sources, when
// there are any, report by themselves, past the quality gate; they alone publish order books and
// trades. Whatever fails is logged and tried again at the next tick: a price is never invented, and
// a ticker nobody reports goes stale.

import { setImmediate as breathe } from 'node:timers/promises'
import { decimal } from '@motu/shared/decimal.ts'
import type { MarketEvent } from '@motu/shared/market-data.ts'
import type { TickerId } from '@motu/shared/ticker.ts'
import type { Bus } from '../bus/bus.ts'
import type { Config } from '../config.ts'
import type { Sql } from '../db/connect.ts'
import type { Log } from '../log.ts'
import { type References, startReferences } from './ccxt/references.ts'
import { type Candle, CandleBook, minuteOf, MINUTE_MS, simulatedCandle } from './candle-book.ts'
import { foldDays } from './day-candles.ts'
import { loadMinute, upsertCandles, upsertQuotes } from './feed-store.ts'
import type { FailoverBounds } from './feed-router.ts'
import { LiveIntake, type LiveStatus } from './live-intake.ts'
import { GapCandles } from './gap-candles.ts'
import type { LiveSource } from './live-source.ts'
import { feedReport, type FeedStates } from './feed-report.ts'
import type { Observation } from './observation.ts'
import { every } from './schedule.ts'
import { kisSource } from './kis/kis-source.ts'
import { observe, type SimulatedTicker } from './replay/simulated-ticker.ts'
import { STEP_MS } from './replay/price-path.ts'
import { simulatedTickers } from './replay/simulation.ts'
import { upbitSources } from './upbit/upbit-source.ts'

/** One seed for all: whoever replays, replays the same. */
const SEED = 'motu'
/** How far back simulated candles are computed at the start, and how many minutes of it at once. */
const BACKFILL_MS = 6 * 3_600_000
const BACKFILL_MINUTES_AT_ONCE = BACKFILL_MS / MINUTE_MS
const CANDLE_FLUSH_INTERVAL_MS = 1_000
const QUOTE_FLUSH_INTERVAL_MS = 5_000
const FOLD_INTERVAL_MS = 3_600_000
/** How often silent tickers are looked for. */
const SWEEP_INTERVAL_MS = 500
const REPORT_INTERVAL_MS = 2_000

export type FeederOptions = {
  config: Pick<Config, 'feed' | 'upbitUrl' | 'tickMs'> &
    Partial<Pick<Config, 'kisAccounts' | 'exchanges'>>
  bus: Bus
  sql: Sql
  now: () => number
  log: Log
  /** Names this run: events of two runs are never taken for one row. */
  epoch: string
  /** When one feed of a venue takes over from another; the usual bounds unless said otherwise. */
  failover?: FailoverBounds
  /** Whether a ticker's market trades: what does not is asked for less often. Always unless told. */
  isOpen?: (tickerId: TickerId, nowMs: number) => boolean
}

export type Feeder = {
  /** What the live sources tell, and what of it was not believed. */
  live(): LiveStatus
  stop(): Promise<void>
}

/** The live sources that the configuration asks for, in order of preference. */
function liveSources({ config, sql, now, log, isOpen }: FeederOptions): LiveSource[] {
  const { feed, upbitUrl, kisAccounts: accounts = [] } = config
  if (feed === 'replay') return []
  const upbit = upbitSources({ url: upbitUrl, now, log })
  if (feed === 'upbit' || accounts.length === 0) return upbit
  return [...upbit, kisSource({ accounts, sql, now, log, ...(isOpen ? { isOpen } : {}) })]
}

export async function startFeeder(options: FeederOptions): Promise<Feeder> {
  const { config, bus, now, log } = options
  const sources = liveSources(options)
  const reported = new Set(sources.flatMap(({ tickerIds }) => tickerIds))
  const tickers = (await simulatedTickers(SEED)).filter(({ tickerId }) => !reported.has(tickerId))
  const run = new FeederRun(options, tickers)
  await run.resumeMinute([...reported])
  const { failover, sql, isOpen } = options
  const gaps = new GapCandles({ sources, sql, now, log, ...(isOpen ? { isOpen } : {}) })
  await gaps.begin()
  const emit = (observations: Observation[]): Promise<void> => {
    gaps.saw(observations)
    return run.emit(observations)
  }
  const intake = new LiveIntake({ sources, bus, now, log, emit, ...(failover ? { failover } : {}) })

  const abort = new AbortController()
  const { signal } = abort
  const references = startReferences({ exchanges: config.exchanges ?? [], bus, now, log }, signal)
  const startedAt = now()
  const simulated = tickers.map(({ tickerId, path }) => ({
    ...{ tickerId, source: path.source, sinceMs: startedAt },
  }))
  const repeat = (name: string, intervalMs: number, work: () => Promise<void>): Promise<void> =>
    every({ name, intervalMs, now, signal, log }, work)
  const ends = [
    repeat('prices', config.tickMs, () => run.tick()),
    repeat('candles', CANDLE_FLUSH_INTERVAL_MS, () => run.flushCandles(gaps)),
    repeat('quotes', QUOTE_FLUSH_INTERVAL_MS, () => run.flushQuotes()),
    repeat('days', FOLD_INTERVAL_MS, () => run.foldDays()),
    repeat('silence', SWEEP_INTERVAL_MS, async () => intake.sweep()),
    repeat('report', REPORT_INTERVAL_MS, () => report(options, { intake, references, simulated })),
    references.ended,
    run.backfill(signal),
    gaps.run(signal),
    ...sources.map((source) => source.run(intake.sinkOf(source), signal)),
  ]
  log.info({ simulated: tickers.length, live: reported.size, epoch: options.epoch }, 'feeder runs')
  return {
    live: () => intake.status(),
    async stop() {
      abort.abort()
      await Promise.all(ends)
      try {
        await run.flushCandles(gaps)
        await run.flushQuotes()
      } catch (error) {
        // Nothing that is not computed or quoted anew at the next start.
        log.warn({ err: error }, 'the last candles and quotes were not written')
      }
    },
  }
}

type Reported = {
  intake: LiveIntake
  references: References
  simulated: FeedStates['simulated']
}

/** Tells who speaks for what, for the status. */
function report({ bus, now }: FeederOptions, parts: Reported): Promise<void> {
  const { intake, references, simulated } = parts
  const { tickers, quarantined: held } = intake.status()
  const quarantined = [...held, ...references.quarantined()]
  const states = { tickers, simulated, references: references.feeds(), quarantined }
  return bus.publish('feed_status', [feedReport(states, now())])
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

  async flushCandles(gaps: GapCandles): Promise<void> {
    const observed = this.#book.takeChanged().filter((candle) => !gaps.covers(candle))
    const changed = Map.groupBy(observed, ({ tickerId }) => gaps.holds(tickerId))
    this.#giveBack(changed.get(true) ?? [])
    const due = changed.get(false) ?? []
    try {
      await upsertCandles(this.#options.sql, due)
    } catch (error) {
      this.#giveBack(due)
      throw error
    }
  }

  #giveBack(candles: readonly Candle[]): void {
    const dropped = this.#book.giveBack(candles)
    if (dropped > 0) this.#options.log.error({ dropped }, 'too many candles wait: some are lost')
  }

  flushQuotes(): Promise<void> {
    return upsertQuotes(this.#options.sql, [...this.#last.values()])
  }

  async foldDays(): Promise<void> {
    const minutes = await foldDays(this.#options.sql, this.#options.now())
    if (minutes > 0) this.#options.log.info({ minutes }, 'old minutes became candles of their days')
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

  /**
   * Computes the candles of the past hours, ticker by ticker, beside the running feed; then, of what is
   * played from a recording, those of all of it: so far back it has highs and lows of its own.
   */
  async backfill(signal: AbortSignal): Promise<void> {
    const { now, log } = this.#options
    const startedAt = now()
    const until = minuteOf(startedAt)
    const recent = until - BACKFILL_MS
    for (const ticker of this.#tickers) await this.#compute(ticker, [recent, until], signal)
    for (const ticker of this.#tickers) {
      const { lengthSteps } = ticker.path
      const from = until - (lengthSteps ?? 0) * STEP_MS
      if (from < recent) await this.#compute(ticker, [from, recent], signal)
    }
    const tickers = this.#tickers.length
    log.info({ tickers, took_ms: now() - startedAt }, 'past candles computed')
  }

  /** The newest first, a few hours at a time: ticks go on in between. */
  async #compute(
    ticker: SimulatedTicker,
    [fromMs, toMs]: readonly [fromMs: number, toMs: number],
    signal: AbortSignal,
  ): Promise<void> {
    const { sql, log } = this.#options
    for (let end = toMs; end > fromMs && !signal.aborted;) {
      const minutes = Math.min(BACKFILL_MINUTES_AT_ONCE, (end - fromMs) / MINUTE_MS)
      const begin = end - minutes * MINUTE_MS
      const candles = Array.from({ length: minutes }, (_, index) =>
        simulatedCandle(ticker, begin + index * MINUTE_MS),
      )
      try {
        await upsertCandles(sql, candles)
      } catch (error) {
        // The chart begins later, that is all: the next start computes them again.
        log.warn({ err: error, ticker_id: ticker.tickerId }, 'candles were not computed')
      }
      end = begin
      await breathe()
    }
  }
}
