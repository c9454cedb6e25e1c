// Pure: no I/O, no clock, no randomness.
// The feeds as the status shows them: when each source was heard last, and what the feeder says of it.

import type { FeedReport, FeedStatus } from '@motu/shared/contract/status.ts'
import { type MarketEvent, PRICE_TTL_MS } from '@motu/shared/market-data.ts'

/** The feeder reports every two seconds: what is older than this is of one that is gone. */
const REPORT_AGE_MS_MAX = 15_000
/** There are some twenty; a bus that anyone may write to could name more. */
const SOURCES_MAX = 100

export class HeardFeeds {
  readonly #heard = new Map<string, string>()
  #report: FeedReport | null = null

  hear(events: readonly Pick<MarketEvent, 'source' | 'received_at'>[]): void {
    for (const { source, received_at } of events) {
      if (this.#heard.size < SOURCES_MAX || this.#heard.has(source)) {
        this.#heard.set(source, received_at)
      }
    }
  }

  note(reports: readonly FeedReport[]): void {
    this.#report = reports.at(-1) ?? this.#report
  }

  at(nowMs: number): FeedStatus[] {
    const report = this.#report
    const isKnown = report !== null && nowMs - Date.parse(report.at) <= REPORT_AGE_MS_MAX
    const details = new Map(
      isKnown ? report.feeds.slice(0, SOURCES_MAX).map((one) => [one.source, one]) : [],
    )
    const sources = new Set([...this.#heard.keys(), ...details.keys()])
    return [...sources].map((source): FeedStatus => {
      const at = this.#heard.get(source)
      const detail = details.get(source)
      return {
        source,
        state: stateOf(at, nowMs),
        last_event_at: at ?? null,
        ...(detail ? { groups: detail.groups, quarantined: detail.quarantined } : {}),
      }
    })
  }
}

function stateOf(at: string | undefined, nowMs: number): FeedStatus['state'] {
  if (at === undefined) return 'down'
  return nowMs - Date.parse(at) <= PRICE_TTL_MS ? 'live' : 'stale'
}
