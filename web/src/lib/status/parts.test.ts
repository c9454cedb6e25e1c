import type { FeedStatus, Status } from '@motu/shared/contract/status.ts'
import { describe, expect, it } from 'vitest'
import { headlineOf, partsOf } from './parts.ts'

const feed = (state: FeedStatus['state']): FeedStatus => ({
  ...{ source: state, state, last_event_at: null },
})
const FINE: Status = {
  ...{ edge: 'up', home: 'up', broker: 'up', held_orders: 0, feeds: [feed('live')] },
  ...{ clock_offset_ms: 0, grace_until: null, version: '1' },
}

describe('the status', () => {
  it.each([
    ['all is up', FINE, 'fine', 'live live live live'],
    ['no broker is in use', { ...FINE, broker: 'none' }, 'fine', 'live live none live'],
    [
      'the broker is away',
      { ...FINE, edge: 'degraded', broker: 'down' },
      'degraded',
      'stale live stale live',
    ],
    [
      'home is dark',
      { ...FINE, home: 'down', feeds: [feed('down')] },
      'home-dark',
      'live dark live dark',
    ],
    [
      'one source is late',
      { ...FINE, feeds: [feed('live'), feed('stale')] },
      'feeds',
      'live live live stale',
    ],
    [
      'one of two is away',
      { ...FINE, feeds: [feed('live'), feed('down')] },
      'feeds',
      'live live live stale',
    ],
    ['no source ever spoke', { ...FINE, feeds: [] }, 'feeds', 'live live live dark'],
  ] as const)('when %s', (_, status, headline, states) => {
    const parts = partsOf(status as Status, false)
    expect([headlineOf(parts), Object.values(parts).join(' ')]).toEqual([headline, states])
  })

  it('knows nothing of what lies behind an edge that does not answer', () => {
    const parts = partsOf(FINE, true)
    expect([headlineOf(parts), new Set(Object.values(parts))]).toEqual([
      'edge-silent',
      new Set(['dark']),
    ])
  })
})
