// Upbit's KRW market through ccxt: one request for all last trades and one for all order books,
// every second. ccxt keeps the rate limits and names the errors.
//
// `received_at` is the instant before the question was asked: what the answer shows is of then or
// later, so that no order is decided on a price older than itself. A silent or failing exchange
// yields nothing, and its tickers go stale.

import ccxt, { type Dictionary, type OrderBook, type Ticker, type upbit as Upbit } from 'ccxt'
import { type Decimal, formatDecimal, parseDecimal } from '@motu/shared/decimal.ts'
import { INSTRUMENTS } from '@motu/shared/instrument.ts'
import type { Log } from '../log.ts'
import type { LiveSource } from './feeder.ts'
import { changePercent, isoTime, type Observation } from './observation.ts'
import { pause } from './schedule.ts'

const POLL_INTERVAL_MS = 1_000
/** An answer that takes longer is worth less than the next one. */
const REQUEST_TIMEOUT_MS = 3_000
const RETRY_DELAY_MS_MAX = 30_000
const BOOK_LEVELS = 1

export type UpbitOptions = {
  /** Null: Upbit's own address. */
  url: string | null
  now: () => number
  log: Log
}

/** ccxt's name of a coin's market, and our ticker id. */
const TICKER_IDS: ReadonlyMap<string, string> = new Map(
  INSTRUMENTS.filter(({ venue }) => venue === 'CRYPTO').map(({ tickerId }) => [
    `${tickerId.split('-')[2]!}/KRW`,
    tickerId,
  ]),
)

export function openUpbitSource(options: UpbitOptions): LiveSource {
  const { url, now, log } = options
  const exchange = new ccxt.upbit({
    timeout: REQUEST_TIMEOUT_MS,
    enableRateLimit: true,
    // Numbers stay the text the exchange sent: no float comes near a price.
    number: String,
    ...(url === null ? {} : { urls: { api: { public: url, private: url } } }),
  })
  const traded = new Map<string, Decimal>()

  return {
    tickerIds: [...TICKER_IDS.values()],
    async run(emit, signal) {
      for (let failures = 0; !signal.aborted;) {
        const startedAt = now()
        try {
          const observations = await poll({ exchange, traded, now, log })
          if (!signal.aborted) await emit(observations)
          if (failures > 0) log.info({ source: 'upbit', failures }, 'the exchange answers again')
          failures = 0
        } catch (error) {
          failures += 1
          log.warn({ err: error, source: 'upbit', failures }, 'the exchange cannot be read')
        }
        const intervalMs = Math.min(POLL_INTERVAL_MS * 2 ** failures, RETRY_DELAY_MS_MAX)
        await pause(Math.max(0, startedAt + intervalMs - now()), signal)
      }
    },
  }
}

type Poll = {
  exchange: Upbit
  /** Each ticker's volume of the day, as the last poll saw it. */
  traded: Map<string, Decimal>
  now: () => number
  log: Log
}

/** One look at all coins that Upbit lists. Throws when it shows none of them. */
async function poll({ exchange, traded, now, log }: Poll): Promise<Observation[]> {
  const markets = await exchange.loadMarkets()
  const symbols = [...TICKER_IDS.keys()].filter((symbol) => symbol in markets)
  if (symbols.length === 0) throw new Error('none of our coins is listed')
  const receivedAt = now()
  const [tickers, books] = await Promise.all([
    exchange.fetchTickers(symbols),
    exchange.fetchOrderBooks(symbols, BOOK_LEVELS) as Promise<Dictionary<OrderBook>>,
  ])
  const observations: Observation[] = []
  for (const symbol of symbols) {
    const observation = observationOf({
      tickerId: TICKER_IDS.get(symbol)!,
      ticker: tickers[symbol],
      book: books[symbol],
      traded,
      receivedAt,
    })
    if (observation) observations.push(observation)
    else log.warn({ source: 'upbit', symbol }, 'the exchange shows no usable quote')
  }
  if (observations.length === 0) throw new Error('no usable quote in the answer')
  return observations
}

type Seen = {
  tickerId: string
  ticker: Ticker | undefined
  book: OrderBook | undefined
  traded: Map<string, Decimal>
  receivedAt: number
}

/** An observation from what ccxt read; null when a part is missing or makes no sense. */
function observationOf({ tickerId, ticker, book, traded, receivedAt }: Seen): Observation | null {
  const [bid, bidSize] = (book?.bids[0] ?? []).map(amountOf)
  const [ask, askSize] = (book?.asks[0] ?? []).map(amountOf)
  const price = amountOf(ticker?.last)
  const basePrice = amountOf(ticker?.previousClose)
  const info = ticker?.info as Record<string, unknown> | undefined
  const tradedToday = amountOf(info?.acc_trade_volume)
  const venueMs = Number(book?.timestamp ?? ticker?.timestamp)
  if (!bid || !bidSize || !ask || !askSize || !price || !basePrice || tradedToday === null) {
    return null
  }
  if (bid >= ask || !Number.isSafeInteger(venueMs) || venueMs <= 0) return null
  const before = traded.get(tickerId) ?? tradedToday
  traded.set(tickerId, tradedToday)
  return {
    ticker_id: tickerId,
    price: formatDecimal(price),
    bid: formatDecimal(bid),
    ask: formatDecimal(ask),
    bid_size: formatDecimal(bidSize),
    ask_size: formatDecimal(askSize),
    currency: 'KRW',
    change_pct: changePercent(price, basePrice),
    venue_time: isoTime(venueMs),
    received_at: isoTime(receivedAt),
    source: 'upbit',
    simulated: false,
    base_price: formatDecimal(basePrice),
    // The day's volume begins anew at 00:00 UTC.
    volume: formatDecimal(tradedToday >= before ? tradedToday - before : tradedToday),
  }
}

/** The exchange's text as a decimal, cut after the eighth digit; null when it is not a number. */
function amountOf(value: unknown): Decimal | null {
  const match = /^(\d+)(?:\.(\d{1,8})\d*)?$/.exec(String(value))
  return match ? parseDecimal(match[2] ? `${match[1]}.${match[2]}` : match[1]!) : null
}
