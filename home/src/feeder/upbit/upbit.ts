// Live prices, order books and trades of the listed coins from Upbit: two calls a poll of prices and
// books, whatever the number of coins, and one call a poll of trades.
//
// One unknown market makes Upbit refuse the whole call (404), so only markets that it lists are
// asked for. A coin whose answer cannot be trusted is left out of the poll; the others go on.

import type { OrderBook, Trade } from '@motu/shared/market-data.ts'
import { parseTickerId, type TickerId } from '@motu/shared/ticker.ts'
import type { Log } from '../../log.ts'
import type { Candle } from '../candle-book.ts'
import { AskedPause } from './asked-pause.ts'
import { CandlePages } from './candle-pages.ts'
import { LeftOut } from './left-out.ts'
import { TradeTurns } from './trade-turns.ts'
import { readBook } from './upbit-book.ts'
import { UpbitError, type UpbitExchange } from './upbit-exchange.ts'
import { readSnapshot, type UpbitSnapshot, type VolumeMark } from './upbit-snapshot.ts'

export const UPBIT_URL = 'https://api.upbit.com'
/** The list of markets is read anew this often, and after a refused call. */
const MARKETS_AGE_MS_MAX = 3_600_000

export type UpbitPoll = {
  /** One of every coin that could be read. */
  snapshots: UpbitSnapshot[]
  /** Of those coins, the books that can be trusted in every level. */
  books: OrderBook[]
}

export type UpbitFeed = {
  readonly source: 'upbit'
  /**
   * One observation of all coins. Rejects with an `UpbitError` when there was none; while Upbit
   * has asked for a pause, without calling it. Not to be called concurrently with itself.
   */
  poll(): Promise<UpbitPoll>
  /**
   * The new trades of one coin, the next in turn, oldest first; rejects as `poll` does. Beside
   * `poll`, which never notices how it went; not to be called concurrently with itself.
   */
  pollTrades(): Promise<Trade[]>
  /**
   * The complete minutes of one coin that open and end between two instants, oldest first, those
   * in which somebody traded; rejects as `poll` does, or when aborted. Beside the two above.
   */
  candles(tickerId: TickerId, span: Span, signal: AbortSignal): Promise<Candle[]>
}

type Span = { fromMs: number; toMs: number }

type UpbitFeedOptions = {
  /** The exchange, or a way to it that is shared with whoever else calls it. */
  open: () => Promise<UpbitExchange>
  /** `CRYPTO-COIN-*`. */
  tickerIds: readonly string[]
  now: () => number
  log: Log
}

export function createUpbitFeed(options: UpbitFeedOptions): UpbitFeed {
  const feed = new Feed(options)
  return {
    source: 'upbit',
    poll: () => feed.poll(),
    pollTrades: () => feed.pollTrades(),
    candles: (tickerId, span, signal) => feed.candles(tickerId, span, signal),
  }
}

/** `CRYPTO-COIN-BTC` is Upbit's `KRW-BTC`: the quote currency first. */
export function marketOf(tickerId: string): string {
  const parts = parseTickerId(tickerId)
  if (parts?.market !== 'CRYPTO') throw new Error(`not a coin of Upbit: ${tickerId}`)
  return `KRW-${parts.symbol}`
}

class Feed {
  readonly #options: UpbitFeedOptions
  readonly #markets: ReadonlyMap<string, string>
  readonly #marks = new Map<string, VolumeMark>()
  readonly #coinsLeftOut: LeftOut
  readonly #booksLeftOut: LeftOut
  readonly #pause: AskedPause
  readonly #trades: TradeTurns
  readonly #candles: CandlePages
  #exchange: UpbitExchange | null = null
  #listed: { markets: ReadonlySet<string>; at: number } | null = null

  constructor(options: UpbitFeedOptions) {
    this.#options = options
    this.#markets = new Map(options.tickerIds.map((id) => [id, marketOf(id)]))
    const { now, log } = options
    this.#coinsLeftOut = new LeftOut('the coin', log)
    this.#booksLeftOut = new LeftOut('the order book', log)
    this.#pause = new AskedPause(now)
    this.#trades = new TradeTurns({ markets: this.#markets, now, log })
    this.#candles = new CandlePages({ now, log })
  }

  poll(): Promise<UpbitPoll> {
    return this.#pause.around(async () => {
      this.#exchange ??= await this.#options.open()
      try {
        return await this.#observe(this.#exchange)
      } catch (error) {
        if (error instanceof UpbitError && error.status === 404) this.#listed = null
        throw error
      }
    })
  }

  async pollTrades(): Promise<Trade[]> {
    // What is listed is asked for by `poll` alone, and a pause that it was told is kept here, too:
    // whoever calls on in it is blocked for longer.
    this.#pause.assertOver()
    if (!this.#exchange || !this.#listed) return []
    return this.#trades.next(this.#exchange, this.#listed.markets)
  }

  async candles(tickerId: TickerId, span: Span, signal: AbortSignal): Promise<Candle[]> {
    this.#pause.assertOver()
    const market = this.#markets.get(tickerId)
    // What is not listed has none, and the call would be refused.
    if (market === undefined || this.#listed?.markets.has(market) === false) return []
    this.#exchange ??= await this.#options.open()
    return this.#candles.read(this.#exchange, { tickerId, market, ...span }, signal)
  }

  async #observe(exchange: UpbitExchange): Promise<UpbitPoll> {
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
    const poll: UpbitPoll = { snapshots: [], books: [] }
    for (const [tickerId, market] of this.#markets) {
      const rows = { ticker: tickerOf.get(market), book: bookOf.get(market) }
      const reading = readSnapshot(rows, { tickerId, observedAt, last: this.#marks.get(tickerId) })
      this.#coinsLeftOut.note(tickerId, 'reason' in reading ? reading.reason : null)
      if ('reason' in reading) continue
      this.#marks.set(tickerId, reading.mark)
      poll.snapshots.push(reading.snapshot)
      const book = readBook(rows.book, { tickerId, observedAt })
      this.#booksLeftOut.note(tickerId, 'reason' in book ? book.reason : null)
      if (!('reason' in book)) poll.books.push(book)
    }
    return poll
  }

  async #listedMarkets(exchange: UpbitExchange): Promise<ReadonlySet<string>> {
    const now = this.#options.now()
    if (!this.#listed || now - this.#listed.at > MARKETS_AGE_MS_MAX) {
      this.#listed = { markets: new Set(byMarket(await exchange.markets()).keys()), at: now }
    }
    return this.#listed.markets
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
