// Upbit as sources of the feeder: its WebSocket, and behind it polling, every second, less often
// while it fails. A silent or failing exchange yields nothing, and its tickers go stale. The trades
// are polled beside the quotes, at a pace of their own: whatever happens to them, the quotes neither
// wait nor fail.

import { quotedInstruments } from '@motu/shared/instrument.ts'
import type { Log } from '../../log.ts'
import { EVENT_PRINTS_MAX } from '@motu/shared/market-data.ts'
import type { LiveSink, LiveSource } from '../live-source.ts'
import type { Observation } from '../observation.ts'
import { every, pause } from '../schedule.ts'
import { createUpbitFeed, marketOf, UPBIT_URL, type UpbitFeed } from './upbit.ts'
import { openUpbit, UpbitError, type UpbitExchange } from './upbit-exchange.ts'
import { observationOf } from './upbit-observation.ts'
import { upbitStream } from './upbit-stream.ts'

const POLL_INTERVAL_MS = 1_000
/** One call, so one coin. */
const TRADES_INTERVAL_MS = 1_000
const RETRY_DELAY_MS_MAX = 30_000

export type UpbitSourceOptions = {
  /** Null: Upbit's own address. */
  url: string | null
  now: () => number
  log: Log
}

/** The stream first, polling second: two views of the same market, through one ccxt. */
export function upbitSources(options: UpbitSourceOptions): LiveSource[] {
  const { url, now, log } = options
  const tickerIds = quotedInstruments()
    .filter(({ venue }) => venue === 'CRYPTO')
    .map(({ tickerId }) => tickerId)
  let opened: Promise<UpbitExchange> | null = null
  const open = (): Promise<UpbitExchange> => (opened ??= openUpbit(url ?? UPBIT_URL))
  const markets = new Map(tickerIds.map((tickerId) => [tickerId, marketOf(tickerId)]))
  const feed = createUpbitFeed({ open, tickerIds, now, log })
  const polling: LiveSource = {
    tickerIds,
    candles: (tickerId, span, signal) => feed.candles(tickerId, span, signal),
    async run(sink, signal) {
      const prints = new Map<string, Prints>()
      const run: SourceRun = { ...options, feed, prints, sink, signal }
      await Promise.all([pollQuotes(run), pollTrades(run)])
    },
  }
  return [upbitStream({ markets, open, now, log }), polling]
}

type Prints = NonNullable<Observation['prints']>

type SourceRun = UpbitSourceOptions & {
  feed: UpbitFeed
  /** What was printed since the last observation, by ticker id. */
  prints: Map<string, Prints>
  sink: LiveSink
  signal: AbortSignal
}

async function pollQuotes({ feed, prints, sink, signal, now, log }: SourceRun): Promise<void> {
  for (let failures = 0; !signal.aborted;) {
    const startedAt = now()
    let delayMs = POLL_INTERVAL_MS
    try {
      const { snapshots, books } = await feed.poll()
      if (!signal.aborted) {
        const bookOf = new Map(books.map((book) => [book.ticker_id, book]))
        const observations = snapshots.map((snapshot) => {
          const { ticker_id } = snapshot
          return observationOf(snapshot, bookOf.get(ticker_id) ?? null, prints.get(ticker_id) ?? [])
        })
        prints.clear()
        await sink.observations(observations)
        await sink.books(books)
      }
      if (failures > 0) log.info({ failures }, 'upbit: answers again')
      failures = 0
    } catch (error) {
      failures += 1
      delayMs = delayAfter(error, failures)
      log.warn({ err: error, failures, retry_in_ms: delayMs }, 'upbit: nothing was read')
    }
    await pause(Math.max(0, startedAt + delayMs - now()), signal)
  }
}

function pollTrades({ feed, prints, sink, signal, now, log }: SourceRun): Promise<void> {
  const schedule = { name: 'upbit trades', intervalMs: TRADES_INTERVAL_MS, now, signal, log }
  return every(schedule, async () => {
    const trades = await feed.pollTrades()
    for (const { ticker_id, price, quantity, side } of trades) {
      const all: Prints = [...(prints.get(ticker_id) ?? []), [price, quantity, side]]
      prints.set(ticker_id, all.slice(-EVENT_PRINTS_MAX))
    }
    if (!signal.aborted) await sink.trades(trades)
  })
}

/** Twice as long after each failure, and never shorter than Upbit asked for. */
function delayAfter(error: unknown, failures: number): number {
  const asked = error instanceof UpbitError ? error.retryAfterMs : 0
  return Math.max(asked, Math.min(POLL_INTERVAL_MS * 2 ** failures, RETRY_DELAY_MS_MAX))
}
