// Upbit's public REST API and its WebSocket through ccxt, one instance for both: addresses, rate
// limits and the connection are ccxt's; how an answer is read and what an error means is ours.
//
// - Numbers arrive as the text Upbit wrote. ccxt parses them to floats before anyone sees them.
// - The timeout holds for the whole answer. ccxt's ends with the headers: a body that never comes
//   would hang for minutes.
// - The status decides what an error is. ccxt reads the body first, and takes a 429 with a message
//   for a mistake of the caller.
// - Frames of the socket reach us as bytes, for the same digits; all markets and kinds share one
//   connection and one message that subscribes. ccxt's `watchOrderBook` sends one for each coin and
//   Upbit takes five a second.

import { BOOK_LEVELS_MAX } from '@motu/shared/market-data.ts'
import { CANDLES_PER_ANSWER_MAX } from './upbit-candle.ts'
import { TRADES_PER_ANSWER_MAX } from './upbit-trade.ts'

/** An answer later than this is no answer: the next poll is already due. */
export const UPBIT_TIMEOUT_MS = 3_000
/** Limits are per second; an address that goes on is blocked (418) for longer and longer. */
const TOO_MANY_REQUESTS_PAUSE_MS = 1_000
const BLOCKED_PAUSE_MS = 60_000
/** Whatever a message says: a number misread must not silence the feed for good. */
const PAUSE_MS_MAX = 86_400_000

/** Why a poll brought nothing, and whether and when the next one may. */
export class UpbitError extends Error {
  override readonly name = 'UpbitError'
  readonly status: number | null
  /** False for what will not go away by itself: a request that Upbit refuses. */
  readonly retryable: boolean
  /** Not before this long; zero when Upbit did not ask for a pause. */
  readonly retryAfterMs: number

  constructor(
    message: string,
    options: { status?: number; retryable: boolean; retryAfterMs?: number; cause?: unknown },
  ) {
    super(message, { cause: options.cause })
    this.status = options.status ?? null
    this.retryable = options.retryable
    this.retryAfterMs = options.retryAfterMs ?? 0
  }
}

/** The five calls; rows as Upbit sent them, every number as its own text. */
export type UpbitExchange = {
  markets(): Promise<unknown[]>
  tickers(markets: readonly string[]): Promise<unknown[]>
  orderBooks(markets: readonly string[]): Promise<unknown[]>
  /** The last trades of one market, the newest first. */
  trades(market: string): Promise<unknown[]>
  /** One-minute candles of one market that opened before an instant, the newest first. */
  minuteCandles(market: string, beforeMs: number): Promise<unknown[]>
  /**
   * Tickers, order books and trades of these markets as they happen, each frame as Upbit sent it
   * (`undefined`: not JSON). Rejects when the connection ends, and never resolves.
   */
  stream(markets: readonly string[], onFrame: (frame: unknown) => void): Promise<never>
  /** Ends the stream, which then rejects. */
  hangUp(): Promise<void>
}

const STREAM_PATH = '/websocket/v1'
const STREAM_KINDS = ['ticker', 'orderbook', 'trade'] as const

/** Loads ccxt on first use (about 350 ms and 100 MB): a home without a live feed never pays it. */
export async function openUpbit(baseUrl: string): Promise<UpbitExchange> {
  const { pro } = await import('ccxt')
  const exchange = new pro.upbit({
    fetchImplementation: fetchWhole,
    timeout: UPBIT_TIMEOUT_MS,
    // Frames unread, and no pause of ccxt's own before it dials: ours can be interrupted.
    options: { decompressBinary: false, ws: { backoff: { base: 0 } } },
  })
  exchange.parseJson = parseExactly
  // It would print what it cannot read to the terminal.
  exchange.log = () => {}
  const address = baseUrl.replace(/\/+$/, '')
  const streamUrl = address.replace(/^http/, 'ws') + STREAM_PATH
  exchange.urls.api = { public: address }
  // ccxt dials `ws://`, which no real exchange has, with this agent only.
  if (streamUrl.startsWith('ws:')) await exchange.loadHttpProxyAgent()
  return {
    markets: () => rowsOf('market/all', exchange.publicGetMarketAll()),
    tickers: (markets) =>
      rowsOf('ticker', exchange.publicGetTicker({ markets: markets.join(',') })),
    orderBooks: (markets) =>
      rowsOf(
        'orderbook',
        exchange.publicGetOrderbook({ markets: markets.join(','), count: BOOK_LEVELS_MAX }),
      ),
    // What ccxt's `fetchTrades` calls as well, which answers floats and fails at one bad row.
    trades: (market) =>
      rowsOf(
        'trades/ticks',
        exchange.publicGetTradesTicks({ market, count: TRADES_PER_ANSWER_MAX }),
      ),
    minuteCandles: (market, beforeMs) =>
      rowsOf(
        'candles/minutes/1',
        exchange.publicGetCandlesMinutes1({
          ...{ market, count: CANDLES_PER_ANSWER_MAX },
          // Exclusive, and without a zone it would be UTC as well (docs, Minute Candles).
          to: `${new Date(beforeMs).toISOString().slice(0, 19)}Z`,
        }),
      ),
    stream: (markets, onFrame) => streamOf(exchange, { streamUrl, markets, onFrame }),
    hangUp: () => exchange.close(),
  }
}

type Line = {
  uuid(): string
  handleMessage(client: unknown, message: unknown): void
  watchMultiple(
    url: string,
    hashes: string[],
    message: unknown,
    subscribeHashes: string[],
  ): PromiseLike<unknown>
}

async function streamOf(
  line: Line,
  options: { streamUrl: string; markets: readonly string[]; onFrame: (frame: unknown) => void },
): Promise<never> {
  const { streamUrl, markets, onFrame } = options
  line.handleMessage = (_client, message) =>
    onFrame(message instanceof Uint8Array ? parseExactly(message.toString()) : undefined)
  const codes = [...markets]
  const wanted = STREAM_KINDS.map((type) => ({ type, codes }))
  // Nothing ever resolves this one: what arrives goes to `onFrame`.
  const hashes = ['motu']
  const message = [{ ticket: line.uuid() }, ...wanted]
  try {
    await line.watchMultiple(streamUrl, hashes, message, hashes)
  } catch (error) {
    throw streamError(error)
  }
  throw new UpbitError('the stream ended', { retryable: true })
}

/** An answer instead of a connection carries its status in its text only (`ws`). */
function streamError(error: unknown): unknown {
  const text = error instanceof Error ? error.message : ''
  const status = Number(/Unexpected server response: (\d{3})/.exec(text)?.[1] ?? 0)
  if (status !== 429 && status !== 418) return error
  const retryAfterMs = status === 418 ? BLOCKED_PAUSE_MS : TOO_MANY_REQUESTS_PAUSE_MS
  return new UpbitError(text, { status, retryable: true, retryAfterMs, cause: error })
}

async function rowsOf(path: string, call: Promise<unknown>): Promise<unknown[]> {
  let answer: unknown
  try {
    answer = await call
  } catch (error) {
    if (error instanceof UpbitError) throw error
    // Whatever else ccxt throws means that no answer came: a dead line, a timeout, a redirect.
    const text = error instanceof Error ? error.message : String(error)
    throw new UpbitError(`no answer to ${path}: ${text}`, { retryable: true, cause: error })
  }
  if (Array.isArray(answer)) return answer
  throw new UpbitError(`the answer to ${path} is not a list`, { retryable: true })
}

/** What ccxt calls instead of its own HTTP client: answers once the whole body is here. */
async function fetchWhole(url: string, init: RequestInit): Promise<Response> {
  const response = await fetch(url, {
    method: init.method ?? 'GET',
    headers: init.headers ?? {},
    redirect: 'error',
    signal: AbortSignal.timeout(UPBIT_TIMEOUT_MS),
  })
  const body = await response.text()
  if (!response.ok) throw errorOf(response, body)
  return new Response(body, { status: response.status, headers: response.headers })
}

function errorOf({ status, headers }: Response, body: string): UpbitError {
  const limited = status === 429 || status === 418
  const pauseMs = status === 418 ? BLOCKED_PAUSE_MS : TOO_MANY_REQUESTS_PAUSE_MS
  const asked = pauseIn(headers.get('retry-after'), body)
  return new UpbitError(`Upbit answered ${status}: ${body.slice(0, 200)}`, {
    status,
    // 404: a market is gone, and the next poll reads the list of markets first.
    retryable: limited || status === 404 || status === 408 || status >= 500,
    retryAfterMs: limited ? Math.min(asked ?? pauseMs, PAUSE_MS_MAX) : 0,
  })
}

const UNIT_MS = { ms: 1, s: 1_000, 초: 1_000, m: 60_000, 분: 60_000, h: 3_600_000, 시: 3_600_000 }
const PAUSE = /(\d{1,6})\s*(ms|milli|s|초|m|분|h|시)/gi

/**
 * The pause that Upbit asks for: "Please retry after the time indicated in the error message"
 * (docs, Request Rate Limit). The wording is not documented, so every span of time in it counts,
 * and they add up: `1 minute 30 seconds`, `1분 30초`.
 */
function pauseIn(retryAfter: string | null, body: string): number | null {
  if (retryAfter !== null && /^\d{1,6}$/.test(retryAfter)) return Number(retryAfter) * 1_000
  const spans = [...body.matchAll(PAUSE)].map(([, count, unit]) => {
    const key = unit!.toLowerCase() === 'milli' ? 'ms' : unit!.toLowerCase()
    return Number(count) * UNIT_MS[key as keyof typeof UNIT_MS]
  })
  return spans.length === 0 ? null : spans.reduce((sum, span) => sum + span, 0)
}

type SourceReviver = (key: string, value: unknown, context: { source?: string }) => unknown
// TypeScript's library does not know the third argument yet (ES2026, in Node since 21).
const parseWithSource = JSON.parse as (text: string, reviver: SourceReviver) => unknown

/** JSON with each number as the text that was sent; `undefined` when it is not JSON, as in ccxt. */
function parseExactly(text: string): unknown {
  try {
    return parseWithSource(text, (_key, value, { source }) =>
      typeof value === 'number' ? source : value,
    )
  } catch {
    return undefined
  }
}
