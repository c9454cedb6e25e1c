// Upbit's WebSocket as a source of the feeder: one connection for all coins. A dropped line, an
// error and a silent line end it; it dials again, ever less often while it fails. Nothing it does
// stops the polling beside it.

import type { Trade } from '@motu/shared/market-data.ts'
import type { Log } from '../../log.ts'
import { delayAfter, reactionTo } from '../ccxt/reactions.ts'
import type { LiveSink, LiveSource } from '../live-source.ts'
import type { Observation } from '../observation.ts'
import { pause } from '../schedule.ts'
import { UpbitError, type UpbitExchange } from './upbit-exchange.ts'
import { type FrameReading, STREAM_SOURCE, UpbitFrames } from './upbit-frames.ts'

/** Ten coins are never all quiet for so long: the line is dead. */
const SILENCE_MS_MAX = 5_000
const WATCH_INTERVAL_MS = 500
/** A connection that held so long was a good one: the next failure is the first again. */
const STABLE_MS = 30_000
/** What waits for the bus at the most; of more, the line is behind and dialled anew. */
const FRAMES_WAITING_MAX = 5_000

export type UpbitStreamOptions = {
  /** Upbit's markets by ticker id. */
  markets: ReadonlyMap<string, string>
  open: () => Promise<UpbitExchange>
  now: () => number
  log: Log
}

export function upbitStream(options: UpbitStreamOptions): LiveSource {
  return {
    tickerIds: [...options.markets.keys()],
    run: (sink, signal) => run(options, sink, signal),
  }
}

async function run(
  options: UpbitStreamOptions,
  sink: LiveSink,
  signal: AbortSignal,
): Promise<void> {
  const { now, log } = options
  for (let failures = 0; !signal.aborted;) {
    const startedAt = now()
    try {
      const connection = new Connection(options, sink, signal)
      await connection.run()
    } catch (error) {
      if (signal.aborted) return
      const reaction = reactionTo(error)
      if (reaction === 'give_up') {
        log.error({ err: error }, 'upbit: the stream is given up; polling goes on')
        return
      }
      failures = now() - startedAt > STABLE_MS ? 1 : failures + 1
      const askedMs = error instanceof UpbitError ? error.retryAfterMs : 0
      const delayMs = Math.max(askedMs, delayAfter(reaction, failures))
      log.warn({ err: error, failures, retry_in_ms: delayMs }, 'upbit: the stream ended')
      await pause(delayMs, signal)
    }
  }
}

/** One connection, from dialling to its end. */
class Connection {
  readonly #options: UpbitStreamOptions
  readonly #sink: LiveSink
  readonly #signal: AbortSignal
  readonly #frames: UpbitFrames
  #waiting: FrameReading[] = []
  #delivering = Promise.resolve()
  #isDelivering = false
  #lastFrameAt: number

  constructor(options: UpbitStreamOptions, sink: LiveSink, signal: AbortSignal) {
    this.#options = options
    this.#sink = sink
    this.#signal = signal
    this.#frames = new UpbitFrames(options.markets)
    this.#lastFrameAt = options.now()
  }

  /** Rejects with why it ended. */
  async run(): Promise<void> {
    const { open, now } = this.#options
    const exchange = await open()
    const codes = await this.#listed(exchange)
    if (this.#signal.aborted) return
    this.#lastFrameAt = now()
    const over = new AbortController()
    const watch = this.#watch(exchange, over.signal)
    try {
      await exchange.stream(codes, (frame) => this.#take(frame, exchange))
    } finally {
      over.abort()
      await watch
      await this.#delivering
    }
  }

  /** Markets that Upbit does not list are not asked for. */
  async #listed(exchange: UpbitExchange): Promise<string[]> {
    const rows = await exchange.markets()
    const listed = new Set(rows.map((row) => (row as { market?: unknown } | null)?.market))
    const codes = [...this.#options.markets.values()].filter((market) => listed.has(market))
    if (codes.length > 0) return codes
    throw new UpbitError('Upbit lists none of the coins', { retryable: true })
  }

  /** Hangs up when the line is silent, or when the feeder stops. */
  async #watch(exchange: UpbitExchange, over: AbortSignal): Promise<void> {
    const either = AbortSignal.any([over, this.#signal])
    while (!either.aborted) {
      await pause(WATCH_INTERVAL_MS, either)
      if (!either.aborted && this.#options.now() - this.#lastFrameAt > SILENCE_MS_MAX) break
    }
    if (!over.aborted) await exchange.hangUp()
  }

  #take(frame: unknown, exchange: UpbitExchange): void {
    const { now, log } = this.#options
    const believes = (one: Observation): boolean => this.#sink.believes?.(one) ?? true
    const reading = this.#frames.read(frame, now(), believes)
    if (reading.refused) {
      this.#sink.refused?.({ source: STREAM_SOURCE, ...reading.refused })
    } else {
      // Garbage keeps no line alive.
      this.#lastFrameAt = now()
      this.#waiting.push(reading)
    }
    if (this.#waiting.length > FRAMES_WAITING_MAX) {
      log.error({ waiting: this.#waiting.length }, 'upbit: the stream is faster than the bus')
      this.#waiting = []
      void exchange.hangUp()
    }
    if (!this.#isDelivering) this.#delivering = this.#deliver()
  }

  /** One batch at a time: what comes in meanwhile is the next one. */
  async #deliver(): Promise<void> {
    this.#isDelivering = true
    try {
      while (this.#waiting.length > 0) {
        const batch = this.#waiting
        this.#waiting = []
        await deliver(batch, this.#sink)
      }
    } catch (error) {
      this.#options.log.warn({ err: error }, 'upbit: what the stream brought was not published')
    } finally {
      this.#isDelivering = false
    }
  }
}

async function deliver(batch: readonly FrameReading[], sink: LiveSink): Promise<void> {
  const observations: Observation[] = batch.flatMap(({ observation }) => observation ?? [])
  const trades: Trade[] = batch.flatMap((reading) => reading.trades ?? [])
  // Screens want the last book of each coin only.
  const books = new Map(batch.flatMap(({ book }) => (book ? [[book.ticker_id, book]] : [])))
  if (observations.length > 0) await sink.observations(observations)
  if (books.size > 0) await sink.books([...books.values()])
  if (trades.length > 0) await sink.trades(trades)
}
