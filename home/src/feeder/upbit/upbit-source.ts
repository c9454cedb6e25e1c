// Upbit as a source of the feeder: polls every second, waits longer while it fails. A silent or
// failing exchange yields nothing, and its tickers go stale. The trades are polled beside the
// quotes, at a pace of their own: whatever happens to them, the quotes neither wait nor fail.

import { decimal } from '@motu/shared/decimal.ts'
import { INSTRUMENTS } from '@motu/shared/instrument.ts'
import type { Log } from '../../log.ts'
import type { LiveSink, LiveSource } from '../live-source.ts'
import { changePercent, type Observation } from '../observation.ts'
import { every, pause } from '../schedule.ts'
import { createUpbitFeed, UPBIT_URL, type UpbitFeed } from './upbit.ts'
import { UpbitError } from './upbit-exchange.ts'
import type { UpbitSnapshot } from './upbit-snapshot.ts'

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

export function upbitSource(options: UpbitSourceOptions): LiveSource {
  const { url, now, log } = options
  const tickerIds = INSTRUMENTS.filter(({ venue }) => venue === 'CRYPTO').map(
    ({ tickerId }) => tickerId,
  )
  const feed = createUpbitFeed({ baseUrl: url ?? UPBIT_URL, tickerIds, now, log })
  return {
    tickerIds,
    async run(sink, signal) {
      const run: SourceRun = { ...options, feed, sink, signal }
      await Promise.all([pollQuotes(run), pollTrades(run)])
    },
  }
}

type SourceRun = UpbitSourceOptions & { feed: UpbitFeed; sink: LiveSink; signal: AbortSignal }

async function pollQuotes({ feed, sink, signal, now, log }: SourceRun): Promise<void> {
  for (let failures = 0; !signal.aborted;) {
    const startedAt = now()
    let delayMs = POLL_INTERVAL_MS
    try {
      const { snapshots, books } = await feed.poll()
      if (!signal.aborted) {
        await sink.observations(snapshots.map(observationOf))
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

function pollTrades({ feed, sink, signal, now, log }: SourceRun): Promise<void> {
  const schedule = { name: 'upbit trades', intervalMs: TRADES_INTERVAL_MS, now, signal, log }
  return every(schedule, async () => {
    const trades = await feed.pollTrades()
    if (!signal.aborted) await sink.trades(trades)
  })
}

/** Twice as long after each failure, and never shorter than Upbit asked for. */
function delayAfter(error: unknown, failures: number): number {
  const asked = error instanceof UpbitError ? error.retryAfterMs : 0
  return Math.max(asked, Math.min(POLL_INTERVAL_MS * 2 ** failures, RETRY_DELAY_MS_MAX))
}

function observationOf({ observed_at, ...snapshot }: UpbitSnapshot): Observation {
  return {
    ...snapshot,
    currency: 'KRW',
    change_pct: changePercent(decimal(snapshot.price), decimal(snapshot.base_price)),
    received_at: observed_at,
    source: 'upbit',
    simulated: false,
  }
}
