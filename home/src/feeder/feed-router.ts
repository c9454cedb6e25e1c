// Pure: no I/O, no clock, no randomness.
// Which of several sources of one venue speaks for a ticker. All of them quote the same market: a
// price of another venue never takes their place.
//
//   the first source to report speaks ──silent for `silentMs`──► the next in order that reports
//   (failed over) ──a source before it has reported for `healthyMs` without a pause──► that one
//   no source reports for `silentMs` ──► stale, until one does
//
// Only good observations count as reports: a source that sends nothing but garbage is silent.

import type { TickerId } from '@motu/shared/ticker.ts'

/** Silence after which another source takes over: a screen's price lives five seconds. */
export const SILENT_MS = 4_000
/** How long a source reports without a pause before it is trusted again. */
export const HEALTHY_MS = 10_000

export type FailoverBounds = { silentMs: number; healthyMs: number }

/** `live`: the first source in order speaks; `failed_over`: another; `stale`: nobody does. */
export type FeedState = 'live' | 'failed_over' | 'stale'

export type TickerFeed = {
  tickerId: TickerId
  state: FeedState
  /** Who speaks, or spoke last; null before the first report. */
  source: string | null
  sinceMs: number
}

/** One change of a ticker's state or source, for the log. */
export type FeedChange = TickerFeed & { before: { state: FeedState; source: string | null } }

type Report = { lastMs: number; healthySinceMs: number }
type Feed = {
  state: FeedState
  sinceMs: number
  /** The rank of who speaks; null before the first report. */
  active: number | null
  sources: Map<number, string>
  reports: Map<number, Report>
  /** Venue time of what was published last. */
  venueMs: number
}

/** One good observation: who saw it (0: the first in order), when, and the venue's own time. */
export type Offer = {
  tickerId: TickerId
  rank: number
  source: string
  receivedMs: number
  venueMs: number
}

export class FeedRouter {
  readonly #feeds = new Map<TickerId, Feed>()
  readonly #onChange: (change: FeedChange) => void
  readonly #bounds: FailoverBounds

  constructor(
    onChange: (change: FeedChange) => void,
    bounds: FailoverBounds = { silentMs: SILENT_MS, healthyMs: HEALTHY_MS },
  ) {
    this.#onChange = onChange
    this.#bounds = bounds
  }

  /** A ticker somebody should report: stale until somebody does. */
  expect(tickerId: TickerId, nowMs: number): void {
    if (this.#feeds.has(tickerId)) return
    this.#feeds.set(tickerId, {
      ...{ state: 'stale', sinceMs: nowMs, active: null, venueMs: 0 },
      ...{ sources: new Map(), reports: new Map() },
    })
  }

  /** Whether an observation is to be published; the others only tell that their source is there. */
  offer({ tickerId, rank, source, receivedMs, venueMs }: Offer): boolean {
    this.expect(tickerId, receivedMs)
    const feed = this.#feeds.get(tickerId)!
    this.#note(feed, rank, receivedMs)
    feed.sources.set(rank, source)
    const speaker = this.#speaker(feed, rank, receivedMs)
    this.#turn(tickerId, feed, { active: speaker, nowMs: receivedMs })
    // Two sources do not see a change at the same instant: the second tells nothing that is older.
    if (speaker !== rank || venueMs < feed.venueMs) return false
    feed.venueMs = venueMs
    return true
  }

  /** Whose word counts for a ticker at present. */
  isSpeaker(tickerId: TickerId, rank: number): boolean {
    return this.#feeds.get(tickerId)?.active === rank
  }

  /** Finds the tickers that have fallen silent. */
  sweep(nowMs: number): void {
    for (const [tickerId, feed] of this.#feeds) {
      if (feed.state !== 'stale' && !this.#anyReports(feed, nowMs)) {
        this.#change(tickerId, feed, { state: 'stale', active: feed.active, nowMs })
      }
    }
  }

  states(): TickerFeed[] {
    return [...this.#feeds].map(([tickerId, feed]) => ({
      tickerId,
      state: feed.state,
      source: sourceOf(feed),
      sinceMs: feed.sinceMs,
    }))
  }

  #note(feed: Feed, rank: number, nowMs: number): void {
    const last = feed.reports.get(rank)
    const wentOn = last && nowMs - last.lastMs <= this.#bounds.silentMs
    feed.reports.set(rank, {
      lastMs: nowMs,
      healthySinceMs: wentOn ? last.healthySinceMs : nowMs,
    })
  }

  /** Who speaks now that `rank` has reported. */
  #speaker({ active, reports }: Feed, rank: number, nowMs: number): number {
    if (active === null || rank === active) return rank
    const { silentMs, healthyMs } = this.#bounds
    const isSilent = (one: number): boolean =>
      nowMs - (reports.get(one)?.lastMs ?? -Infinity) > silentMs
    if (rank < active && nowMs - reports.get(rank)!.healthySinceMs >= healthyMs) return rank
    if (!isSilent(active)) return active
    // Of those that report, the first in order.
    return Math.min(...[...reports.keys()].filter((one) => !isSilent(one)))
  }

  #anyReports({ reports }: Feed, nowMs: number): boolean {
    return [...reports.values()].some(({ lastMs }) => nowMs - lastMs <= this.#bounds.silentMs)
  }

  #turn(
    tickerId: TickerId,
    feed: Feed,
    { active, nowMs }: { active: number; nowMs: number },
  ): void {
    const state = active === 0 ? 'live' : 'failed_over'
    if (feed.active === active && feed.state === state) return
    this.#change(tickerId, feed, { state, active, nowMs })
  }

  #change(
    tickerId: TickerId,
    feed: Feed,
    { state, active, nowMs }: { state: FeedState; active: number | null; nowMs: number },
  ): void {
    const before = { state: feed.state, source: sourceOf(feed) }
    Object.assign(feed, { state, active, sinceMs: nowMs })
    this.#onChange({ tickerId, state, source: sourceOf(feed), sinceMs: nowMs, before })
  }
}

function sourceOf({ active, sources }: Feed): string | null {
  return active === null ? null : (sources.get(active) ?? null)
}
