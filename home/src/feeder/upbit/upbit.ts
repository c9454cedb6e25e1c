// Live prices of the listed coins from Upbit: two calls a poll, whatever the number of coins.
//
// One unknown market makes Upbit refuse the whole call (404), so only markets that it lists are
// asked for. A coin whose answer cannot be trusted is left out of the poll; the others go on.

import { parseTickerId } from '@motu/shared/ticker.ts'
import type { Log } from '../../log.ts'
import { openUpbit, UpbitError, type UpbitExchange } from './upbit-exchange.ts'
import { readSnapshot, type UpbitSnapshot, type VolumeMark } from './upbit-snapshot.ts'

export const UPBIT_URL = 'https://api.upbit.com'
/** The list of markets is read anew this often, and after a refused call. */
const MARKETS_AGE_MS_MAX = 3_600_000

export type UpbitFeed = {
  readonly source: 'upbit'
  /**
   * One observation of every coin that could be read. Rejects with an `UpbitError` when there was
   * none; while Upbit has asked for a pause, without calling it. Not to be called concurrently.
   */
  poll(): Promise<UpbitSnapshot[]>
}

type UpbitFeedOptions = {
  baseUrl: string
  /** `CRYPTO-COIN-*`. */
  tickerIds: readonly string[]
  now: () => number
  log: Log
}

export function createUpbitFeed(options: UpbitFeedOptions): UpbitFeed {
  const feed = new Feed(options)
  return { source: 'upbit', poll: () => feed.poll() }
}

/** `CRYPTO-COIN-BTC` is Upbit's `KRW-BTC`: the quote currency first. */
function marketOf(tickerId: string): string {
  const parts = parseTickerId(tickerId)
  if (parts?.market !== 'CRYPTO') throw new Error(`not a coin of Upbit: ${tickerId}`)
  return `KRW-${parts.symbol}`
}

class Feed {
  readonly #options: UpbitFeedOptions
  readonly #markets: ReadonlyMap<string, string>
  readonly #marks = new Map<string, VolumeMark>()
  /** Why a coin is left out at present: said once, not each second. */
  readonly #missing = new Map<string, string>()
  #exchange: UpbitExchange | null = null
  #listed: { markets: ReadonlySet<string>; at: number } | null = null
  #pausedUntil = 0

  constructor(options: UpbitFeedOptions) {
    this.#options = options
    this.#markets = new Map(options.tickerIds.map((id) => [id, marketOf(id)]))
  }

  async poll(): Promise<UpbitSnapshot[]> {
    const { baseUrl, now } = this.#options
    const pauseMs = this.#pausedUntil - now()
    if (pauseMs > 0) {
      throw new UpbitError('Upbit asked for a pause', { retryable: true, retryAfterMs: pauseMs })
    }
    this.#exchange ??= await openUpbit(baseUrl)
    try {
      return await this.#observe(this.#exchange)
    } catch (error) {
      if (error instanceof UpbitError) {
        this.#pausedUntil = now() + error.retryAfterMs
        if (error.status === 404) this.#listed = null
      }
      throw error
    }
  }

  async #observe(exchange: UpbitExchange): Promise<UpbitSnapshot[]> {
    const listed = await this.#listedMarkets(exchange)
    const asked = [...this.#markets.values()].filter((market) => listed.has(market))
    if (asked.length === 0) {
      this.#listed = null
      throw new UpbitError('Upbit lists none of the coins', { retryable: true })
    }
    const observedAt = new Date(this.#options.now()).toISOString()
    const [tickers, books] = await both(exchange.tickers(asked), exchange.orderBooks(asked))
    const tickerOf = byMarket(tickers)
    const bookOf = byMarket(books)
    return [...this.#markets].flatMap(([tickerId, market]) => {
      const rows = { ticker: tickerOf.get(market), book: bookOf.get(market) }
      const reading = readSnapshot(rows, { tickerId, observedAt, last: this.#marks.get(tickerId) })
      this.#note(tickerId, 'reason' in reading ? reading.reason : null)
      if ('reason' in reading) return []
      this.#marks.set(tickerId, reading.mark)
      return [reading.snapshot]
    })
  }

  async #listedMarkets(exchange: UpbitExchange): Promise<ReadonlySet<string>> {
    const now = this.#options.now()
    if (!this.#listed || now - this.#listed.at > MARKETS_AGE_MS_MAX) {
      this.#listed = { markets: new Set(byMarket(await exchange.markets()).keys()), at: now }
    }
    return this.#listed.markets
  }

  #note(tickerId: string, reason: string | null): void {
    const { log } = this.#options
    const before = this.#missing.get(tickerId) ?? null
    if (reason === before) return
    if (reason === null) {
      this.#missing.delete(tickerId)
      log.info({ ticker_id: tickerId }, 'upbit: the coin can be read again')
    } else {
      this.#missing.set(tickerId, reason)
      log.warn({ ticker_id: tickerId, reason }, 'upbit: the coin is left out')
    }
  }
}

/** Waits for both, so that no call outlives its poll; of two errors the longer pause counts. */
async function both<T>(first: Promise<T>, second: Promise<T>): Promise<[T, T]> {
  const [a, b] = await Promise.allSettled([first, second])
  if (a.status === 'fulfilled' && b.status === 'fulfilled') return [a.value, b.value]
  const errors = [a, b].flatMap((end) => (end.status === 'rejected' ? [end.reason as unknown] : []))
  const pauseOf = (error: unknown): number => (error instanceof UpbitError ? error.retryAfterMs : 0)
  throw errors.reduce((one, other) => (pauseOf(other) > pauseOf(one) ? other : one))
}

/** Rows by their market; what names none is left out. */
function byMarket(rows: readonly unknown[]): Map<string, unknown> {
  const named = new Map<string, unknown>()
  for (const row of rows) {
    if (typeof row !== 'object' || row === null) continue
    const { market } = row as { market?: unknown }
    if (typeof market === 'string') named.set(market, row)
  }
  return named
}
