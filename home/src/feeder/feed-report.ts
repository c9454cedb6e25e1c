// Pure: no I/O, no clock, no randomness.
// The state of all feeds in few words: by source and group of tickers, not ticker by ticker.

import type { FeedDetail, FeedGroup, FeedReport } from '@motu/shared/contract/status.ts'
import { parseTickerId, type TickerId } from '@motu/shared/ticker.ts'
import type { ReferenceFeed } from './ccxt/reference-intake.ts'
import type { TickerFeed } from './feed-router.ts'
import type { QuarantineCount } from './quarantine.ts'

/** The group of coins at exchanges that price nothing here. */
export const REFERENCE_GROUP = 'REFERENCE'
/** The source of tickers that nobody has reported yet. */
const NOBODY = 'none'

export type FeedStates = {
  /** Of live tickers. */
  tickers: readonly TickerFeed[]
  simulated: readonly { tickerId: TickerId; source: string; sinceMs: number }[]
  references: readonly ReferenceFeed[]
  quarantined: readonly QuarantineCount[]
}

type One = Pick<FeedGroup, 'group' | 'state'> & { source: string; sinceMs: number }

/** What is published as `feed_status`; sources and groups in order of their names. */
export function feedReport(states: FeedStates, nowMs: number): FeedReport {
  const all: One[] = [
    ...states.tickers.map(({ tickerId, state, source, sinceMs }) => ({
      ...{ group: groupOf(tickerId), state, sinceMs },
      source: source ?? NOBODY,
    })),
    ...states.simulated.map(({ tickerId, source, sinceMs }) => ({
      ...{ group: groupOf(tickerId), state: 'simulated' as const, source, sinceMs },
    })),
    ...states.references.map(({ state, source, sinceMs }) => ({
      ...{ group: REFERENCE_GROUP, state, source, sinceMs },
    })),
  ]
  const sources = new Set([...all, ...states.quarantined].map(({ source }) => source))
  const feeds = [...sources].toSorted().map((source): FeedDetail => {
    const quarantined = states.quarantined.filter((one) => one.source === source)
    return {
      source,
      groups: groupsOf(all.filter((one) => one.source === source)),
      quarantined: quarantined.map(({ reason, count }) => ({ reason, count })),
    }
  })
  return { at: new Date(nowMs).toISOString(), feeds }
}

function groupOf(tickerId: TickerId): string {
  const parts = parseTickerId(tickerId)
  return parts ? `${parts.market}-${parts.type}` : tickerId
}

function groupsOf(all: readonly One[]): FeedGroup[] {
  const groups = Map.groupBy(all, ({ group, state }) => `${group} ${state}`)
  return [...groups.values()].map((members) => {
    const { group, state } = members[0]!
    const sinceMs = Math.max(...members.map((member) => member.sinceMs))
    return { group, state, tickers: members.length, since: new Date(sinceMs).toISOString() }
  })
}
