// Pure: no I/O, no clock, no randomness.
// Notices that a feed is out, and that it is back. A feed is all tickers of a market and type that are
// not simulated; it is out when none of them has a source though its venue trades.
//
//   up ──out for `HOLD_MS`──► told out ──back for `HOLD_MS`──► told back
//
// A feed that flaps is told of ever more rarely: each outage told within the last hour doubles how long
// a change must last. While the feeder itself is silent nothing is known of its feeds: it alone is out.

import type { FeedReport } from '@motu/shared/contract/status.ts'
import { type Venue, VENUES } from '@motu/shared/instrument.ts'
import type { AdminKind } from './admin-texts.ts'

/** How long a change lasts before it is told. */
export const HOLD_MS = 60_000
const HOLD_DOUBLINGS_MAX = 5
const FLAPS_WITHIN_MS = 60 * 60_000
/** The feeder reports every two seconds. */
const REPORT_AGE_MS_MAX = 15_000
/** Of a bus that anyone may write to. */
const FEEDS_MAX = 50
/** The name under which the feeder itself is watched. */
export const FEEDER = 'FEEDER'

const FEED_NAMES: Readonly<Record<string, string>> = {
  'KRX-STOCK': '한국 주식',
  'US-STOCK': '미국 주식',
  'CRYPTO-COIN': '코인',
  [FEEDER]: '모든',
}
export const feedName = (feed: string): string => FEED_NAMES[feed] ?? feed

/** A change that is to be told. */
export type FeedChange = {
  readonly feed: string
  readonly kind: Extract<AdminKind, 'feed_outage' | 'feed_return'>
  /** Since when it is as it is. */
  readonly sinceMs: number
  /** How long it was out; 0 when it goes out. */
  readonly outMs: number
  /** Nothing but replays came from it. */
  readonly simulated: boolean
}

/** A change that was told. */
export type ToldChange = {
  readonly feed: string
  readonly kind: FeedChange['kind']
  readonly sinceMs: number
}

type Watched = {
  isOut: boolean
  /** Since when it is the other way than was told; null: it is as was told. */
  changedMs: number | null
  outSinceMs: number
  outagesMs: number[]
  simulated: boolean
}

export class FeedWatch {
  readonly #watched = new Map<string, Watched>()
  readonly #trades: (venue: Venue, nowMs: number) => boolean
  #heardMs: number | null = null

  constructor(trades: (venue: Venue, nowMs: number) => boolean) {
    this.#trades = trades
  }

  /** What the feeder says of all its feeds. */
  hear({ feeds }: FeedReport, nowMs: number): void {
    this.#heardMs = nowMs
    const groups = Map.groupBy(
      feeds.flatMap((feed) => feed.groups),
      ({ group }) => group,
    )
    for (const [feed, members] of groups) {
      const simulated = members.every(({ state }) => state === 'simulated')
      const isOut = members.every(({ state }) => state === 'stale')
      const venue = VENUES.find((one) => feed.startsWith(`${one}-`))
      if (venue === undefined) continue
      // Of a venue that rests silence says nothing.
      if (isOut && !this.#trades(venue, nowMs)) this.#settle(feed)
      else this.#note(feed, { isOut, simulated }, nowMs)
    }
    const isPlay = feeds.every((feed) => feed.groups.every(({ state }) => state === 'simulated'))
    this.#note(FEEDER, { isOut: false, simulated: isPlay }, nowMs)
  }

  /** Changes that have lasted long enough to be told; again and again until `told`. */
  changes(nowMs: number): FeedChange[] {
    const isSilent = this.#heardMs !== null && nowMs - this.#heardMs > REPORT_AGE_MS_MAX
    if (isSilent) {
      const simulated = this.#watched.get(FEEDER)?.simulated ?? false
      this.#note(FEEDER, { isOut: true, simulated }, nowMs)
    }
    return [...this.#watched].flatMap(([feed, watched]): FeedChange[] => {
      if (isSilent && feed !== FEEDER) return []
      const { changedMs, isOut, outSinceMs, simulated } = watched
      if (changedMs === null || nowMs - changedMs < holdMs(watched, nowMs)) return []
      if (!isOut) {
        return [{ feed, kind: 'feed_outage', sinceMs: changedMs, outMs: 0, simulated }]
      }
      const outMs = changedMs - outSinceMs
      return [{ feed, kind: 'feed_return', sinceMs: changedMs, outMs, simulated }]
    })
  }

  /** It was written down: by this process, or by one before it. */
  told({ feed, kind, sinceMs }: ToldChange): void {
    const watched = this.#get(feed)
    if (!watched) return
    watched.isOut = kind === 'feed_outage'
    watched.changedMs = null
    if (watched.isOut) {
      watched.outSinceMs = sinceMs
      if (!watched.outagesMs.includes(sinceMs)) watched.outagesMs.push(sinceMs)
    }
  }

  #note(feed: string, seen: { isOut: boolean; simulated: boolean }, nowMs: number): void {
    const watched = this.#get(feed)
    if (!watched) return
    // What went out was what it was while it was up.
    if (!seen.isOut) watched.simulated = seen.simulated
    if (seen.isOut === watched.isOut) watched.changedMs = null
    else watched.changedMs ??= nowMs
  }

  /** It may be out or not: an outage that was not told yet has not begun. */
  #settle(feed: string): void {
    const watched = this.#get(feed)
    if (watched) watched.changedMs = null
  }

  #get(feed: string): Watched | null {
    const known = this.#watched.get(feed)
    if (known) return known
    if (this.#watched.size >= FEEDS_MAX) return null
    const made = { isOut: false, changedMs: null, outSinceMs: 0, outagesMs: [], simulated: false }
    this.#watched.set(feed, made)
    return made
  }
}

function holdMs(watched: Watched, nowMs: number): number {
  watched.outagesMs = watched.outagesMs.filter((atMs) => nowMs - atMs < FLAPS_WITHIN_MS)
  // The first one is no flapping; that it is over may be told as soon as it was told.
  const flaps = Math.max(0, watched.outagesMs.length - (watched.isOut ? 1 : 0))
  return HOLD_MS * 2 ** Math.min(flaps, HOLD_DOUBLINGS_MAX)
}
