// One exchange as a source of reference quotes: ccxt's stream where it has one, polling where it has
// none and while the stream says nothing. What fails waits by the table of reactions, longer each
// time; a pause the exchange wants counts for both.

import type { Log } from '../../log.ts'
import { pause } from '../schedule.ts'
import { type OpenExchange, openExchange } from './exchange.ts'
import { ExchangePause } from './exchange-pause.ts'
import type { ExchangeSetting } from './exchange-settings.ts'
import { ListedCoins } from './listed-coins.ts'
import { delayAfter, type Reaction, reactionTo } from './reactions.ts'
import { readReference, type ReferenceReading, type TickerRow } from './reference-row.ts'
import type { ReferenceSink } from './reference-intake.ts'

/** How an exchange is watched; tests shorten it. */
export type ExchangePace = {
  pollIntervalMs: number
  /** A stream that says nothing for so long is dead: major coins change every second. */
  silenceMsMax: number
  /** A connection that held so long was a good one: the next failure is the first again. */
  stableMs: number
  /** How old a list of markets may be at the least that is read anew because of a doubt. */
  doubtMs: number
}
export const EXCHANGE_PACE: ExchangePace = {
  pollIntervalMs: 3_000,
  silenceMsMax: 10_000,
  stableMs: 30_000,
  doubtMs: 60_000,
}
/** How often silence is looked for, and how soon polling steps in for a stream, in parts of it. */
const LOOKS_PER_SILENCE = 5

export type ExchangeSourceOptions = {
  setting: ExchangeSetting
  /** The coins that are wanted: `BTC`. */
  bases: readonly string[]
  now: () => number
  log: Log
  pace?: ExchangePace
}

export type ReferenceSource = {
  /** Runs until the signal aborts; deals with its own failures. */
  run(sink: ReferenceSink, signal: AbortSignal): Promise<void>
}

/** A source of an exchange's reference quotes. */
export function exchangeSource(options: ExchangeSourceOptions): ReferenceSource {
  return {
    async run(sink, signal) {
      const run = new Run(options, sink, signal)
      await run.start()
    },
  }
}

class Run {
  readonly #options: ExchangeSourceOptions
  readonly #sink: ReferenceSink
  readonly #signal: AbortSignal
  readonly #pace: ExchangePace
  readonly #pause: ExchangePause
  readonly #coins: ListedCoins
  #exchange!: OpenExchange
  /** When the stream told something that could be read. */
  #streamedAt = -Infinity

  constructor(options: ExchangeSourceOptions, sink: ReferenceSink, signal: AbortSignal) {
    const { setting, bases, now, log, pace = EXCHANGE_PACE } = options
    this.#options = options
    this.#sink = sink
    this.#signal = signal
    this.#pace = pace
    this.#pause = new ExchangePause(now)
    const { doubtMs } = pace
    this.#coins = new ListedCoins({ exchange: setting.exchange, bases, doubtMs, now, log })
  }

  async start(): Promise<void> {
    this.#exchange = await openExchange(this.#options.setting)
    const stream = this.#exchange.hasStream ? [this.#repeat('stream', () => this.#stream())] : []
    await Promise.all([...stream, this.#repeat('polling', () => this.#poll())])
    await this.#exchange.hangUp()
  }

  /** Does the work again and again; what fails waits by its reaction, what is refused for good ends. */
  async #repeat(work: 'stream' | 'polling', attempt: () => Promise<void>): Promise<void> {
    const { setting, now, log } = this.#options
    const about = { exchange: setting.exchange, work }
    for (let failures = 0; !this.#signal.aborted;) {
      await pause(this.#pause.leftMs(), this.#signal)
      const startedAt = now()
      try {
        await attempt()
        if (failures > 0) log.info({ ...about, failures }, 'an exchange answers again')
        failures = 0
      } catch (error) {
        if (this.#signal.aborted) return
        const reaction = reactionTo(error)
        if (reaction === 'give_up') {
          log.error({ ...about, err: error }, 'an exchange is given up')
          return
        }
        const wasStable = now() - startedAt > this.#pace.stableMs
        failures = wasStable ? 1 : failures + 1
        const delayMs = this.#delay(reaction, failures)
        log.warn({ ...about, err: error, failures, retry_in_ms: delayMs }, 'an exchange fails')
        await pause(delayMs, this.#signal)
      }
    }
  }

  /** How long to wait; what concerns the whole exchange is told to the other way, too. */
  #delay(reaction: Reaction, failures: number): number {
    if (reaction === 'drop_symbol') this.#coins.doubt()
    const askedMs = this.#exchange.takeAskedPauseMs()
    const delayMs = Math.max(askedMs, delayAfter(reaction, failures))
    if (reaction === 'back_off' || askedMs > 0) this.#pause.begin(delayMs)
    return delayMs
  }

  /** One poll, unless the stream speaks; then the wait for the next. */
  async #poll(): Promise<void> {
    const { setting, now } = this.#options
    const startedAt = now()
    // Beside the stream, too: it does not tell that the steps of its prices are others now.
    const symbols = await this.#listed()
    if (!this.#isStreaming() && symbols.length > 0) {
      this.#hand(await this.#answer(this.#exchange.tickers(symbols)), setting.exchange)
    }
    const waitMs = this.#isStreaming() ? this.#lookMs : this.#pace.pollIntervalMs
    await pause(Math.max(0, startedAt + waitMs - now()), this.#signal)
  }

  /** One connection, from dialling to its end: rejects with why it ended. */
  async #stream(): Promise<void> {
    const { setting, now } = this.#options
    const exchange = this.#exchange
    const symbols = await this.#listed()
    if (symbols.length === 0) return pause(this.#pace.pollIntervalMs, this.#signal)
    const over = new AbortController()
    const watch = this.#watch(now(), over.signal)
    let seen = new Map<string, TickerRow>()
    try {
      while (!this.#signal.aborted) {
        await this.#answer(exchange.nextChange(symbols))
        const rows = exchange.streamed(symbols)
        const fresh = [...rows].filter(([symbol, row]) => seen.get(symbol) !== row)
        seen = rows
        if (this.#hand(new Map(fresh), `${setting.exchange}-ws`) > 0) this.#streamedAt = now()
      }
    } finally {
      over.abort()
      this.#streamedAt = -Infinity
      await watch
      await exchange.hangUp()
    }
  }

  async #listed(): Promise<string[]> {
    const markets = await this.#answer(this.#coins.read(this.#exchange))
    return markets.map(({ symbol }) => symbol)
  }

  /** What an exchange answers; a feeder that stops waits for nobody's. */
  async #answer<T>(call: Promise<T>): Promise<T> {
    const stopped = Promise.withResolvers<never>()
    const onAbort = (): void => stopped.reject(this.#signal.reason)
    this.#signal.addEventListener('abort', onAbort, { once: true })
    if (this.#signal.aborted) onAbort()
    try {
      return await Promise.race([call, stopped.promise])
    } finally {
      // One listener for each answer would add up.
      this.#signal.removeEventListener('abort', onAbort)
    }
  }

  get #lookMs(): number {
    return this.#pace.silenceMsMax / LOOKS_PER_SILENCE
  }

  #isStreaming(): boolean {
    return this.#options.now() - this.#streamedAt <= 2 * this.#lookMs
  }

  /** Hangs up when the line is silent, or when the feeder stops. */
  async #watch(dialledAt: number, over: AbortSignal): Promise<void> {
    const either = AbortSignal.any([over, this.#signal])
    while (!either.aborted) {
      await pause(this.#lookMs, either)
      const silentMs = this.#options.now() - Math.max(dialledAt, this.#streamedAt)
      if (!either.aborted && silentMs > this.#pace.silenceMsMax) break
    }
    if (!over.aborted) await this.#exchange.hangUp()
  }

  /** Reads rows and hands over what could be read; answers how many that were. */
  #hand(rows: ReadonlyMap<string, TickerRow>, source: string): number {
    const { setting, now } = this.#options
    const receivedMs = now()
    const readings: ReferenceReading[] = []
    for (const { base, symbol, tick } of this.#coins.known) {
      const row = rows.get(symbol)
      if (!row) continue
      const { exchange } = setting
      const reading = readReference(row, { exchange, base, tick, source, receivedMs })
      if ('reason' in reading) this.#sink.refused(source, base, reading.reason)
      else readings.push(reading)
    }
    if (this.#sink.take(readings).isOffTick) this.#coins.doubt()
    return readings.length
  }
}
