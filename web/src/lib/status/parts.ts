// Pure: no I/O, no clock, no randomness.
// The parts of the system and how each is, as everybody should know it.

import type { FeedStatus, Status } from '@motu/shared/contract/status.ts'

/** `live`: as it should be; `stale`: there, but not as it should be; `dark`: away; `none`: not in use. */
export type PartState = 'live' | 'stale' | 'dark' | 'none'
export type Parts = Record<'edge' | 'home' | 'queue' | 'feeds', PartState>

/** `isEdgeSilent`: the edge does not answer, so that nobody knows of the rest. */
export function partsOf(status: Status, isEdgeSilent: boolean): Parts {
  if (isEdgeSilent) return { edge: 'dark', home: 'dark', queue: 'dark', feeds: 'dark' }
  return {
    edge: status.edge === 'up' ? 'live' : 'stale',
    home: status.home === 'up' ? 'live' : 'dark',
    queue: status.broker === 'none' ? 'none' : status.broker === 'up' ? 'live' : 'stale',
    feeds: worstOf(status.feeds.map(stateOf)),
  }
}

export function stateOf({ state }: Pick<FeedStatus, 'state'>): PartState {
  return state === 'down' ? 'dark' : state
}

/** Of several sources: dark only where all are; one that is not live makes the whole stale. */
function worstOf(states: readonly PartState[]): PartState {
  if (states.length === 0 || states.every((state) => state === 'dark')) return 'dark'
  return states.every((state) => state === 'live') ? 'live' : 'stale'
}

/** What to say first: the edge before home, home before prices. */
export type Headline = 'edge-silent' | 'home-dark' | 'degraded' | 'feeds' | 'fine'

export function headlineOf(parts: Parts): Headline {
  if (parts.edge === 'dark') return 'edge-silent'
  if (parts.home === 'dark') return 'home-dark'
  if (parts.edge !== 'live' || parts.queue === 'stale') return 'degraded'
  return parts.feeds === 'live' ? 'fine' : 'feeds'
}
