import { describe, expect, it } from 'vitest'
import { type FeedChange, FeedRouter } from './feed-router.ts'
import { Quarantine, QUARANTINE_MAX } from './quarantine.ts'

const BTC = 'CRYPTO-COIN-BTC'
const SOURCES = ['ws', 'rest', 'third']

/** Silence after four seconds, trust again after ten. */
function router(): { offer: (ms: number, rank: number, venueMs?: number) => string } & {
  sweep: (ms: number) => string
  changes: FeedChange[]
  router: FeedRouter
} {
  const changes: FeedChange[] = []
  const router = new FeedRouter((change) => changes.push(change))
  router.expect(BTC, 0)
  const stateOf = (): string => {
    const { state, source } = router.states()[0]!
    return `${state} ${source}`
  }
  return {
    ...{ changes, router },
    offer(ms, rank, venueMs = ms) {
      const one = { tickerId: BTC, rank, source: SOURCES[rank]! }
      const isOut = router.offer({ ...one, receivedMs: ms, venueMs })
      return `${isOut ? 'out' : 'held'}: ${stateOf()}`
    },
    sweep(ms) {
      router.sweep(ms)
      return stateOf()
    },
  }
}

/** When, who reports (null: only the watchdog looks), and what then holds. */
type Story = readonly (readonly [ms: number, rank: number | null, holds: string])[]

describe('who speaks for a ticker', () => {
  it.each<[string, Story]>([
    [
      'the first in order, while it reports',
      [
        [0, 0, 'out: live ws'],
        [100, 1, 'held: live ws'],
        [4_000, 0, 'out: live ws'],
        [8_000, 1, 'held: live ws'],
      ],
    ],
    [
      'the next one, once the first is silent',
      [
        [0, 0, 'out: live ws'],
        [4_000, 1, 'held: live ws'],
        [4_001, 1, 'out: failed_over rest'],
        [4_002, 2, 'held: failed_over rest'],
      ],
    ],
    [
      'of several, the first in order that reports',
      [
        [0, 0, 'out: live ws'],
        [3_900, 1, 'held: live ws'],
        [4_001, 2, 'held: failed_over rest'],
        [4_002, 1, 'out: failed_over rest'],
      ],
    ],
    [
      'the first again, once it has reported for ten seconds',
      [
        [0, 1, 'out: failed_over rest'],
        [1_000, 0, 'held: failed_over rest'],
        [4_000, 0, 'held: failed_over rest'],
        [4_100, 1, 'out: failed_over rest'],
        [8_000, 0, 'held: failed_over rest'],
        [8_100, 1, 'out: failed_over rest'],
        [10_999, 0, 'held: failed_over rest'],
        [11_000, 0, 'out: live ws'],
        [11_100, 1, 'held: live ws'],
      ],
    ],
    [
      'not one that has paused in between',
      [
        [0, 1, 'out: failed_over rest'],
        [1_000, 0, 'held: failed_over rest'],
        [3_000, 1, 'out: failed_over rest'],
        [5_001, 0, 'held: failed_over rest'],
        [6_000, 1, 'out: failed_over rest'],
        [9_001, 0, 'held: failed_over rest'],
        [9_900, 1, 'out: failed_over rest'],
        [13_000, 0, 'held: failed_over rest'],
        [13_100, 1, 'out: failed_over rest'],
        [15_001, 0, 'out: live ws'],
      ],
    ],
    [
      'whoever reports, when who spoke is silent',
      [
        [0, 1, 'out: failed_over rest'],
        [4_001, 0, 'out: live ws'],
      ],
    ],
    [
      'nobody, when all are silent; the watchdog notices',
      [
        [0, null, 'stale null'],
        [1_000, 0, 'out: live ws'],
        [5_000, null, 'live ws'],
        [5_001, null, 'stale ws'],
        [60_000, null, 'stale ws'],
        [60_001, 0, 'out: live ws'],
      ],
    ],
  ])('%s', (_what, story) => {
    const world = router()
    const seen = story.map(([ms, rank]) =>
      rank === null ? world.sweep(ms) : world.offer(ms, rank),
    )
    expect(seen).toEqual(story.map(([, , holds]) => holds))
  })

  it('never tells what is older than what was told', () => {
    const { offer } = router()
    expect(offer(0, 0, 100)).toMatch(/^out/)
    expect(offer(5_000, 1, 99)).toBe('held: failed_over rest')
    expect(offer(5_001, 1, 100)).toMatch(/^out/)
  })

  it('says each change once', () => {
    const { offer, sweep, changes } = router()
    offer(0, 0)
    offer(1, 0)
    offer(5_000, 1)
    offer(5_001, 1)
    sweep(10_000)
    sweep(10_001)
    const said = changes.map(({ before, state, source }) => [before.source, source, state])
    expect(said).toEqual([
      [null, 'ws', 'live'],
      ['ws', 'rest', 'failed_over'],
      ['rest', 'rest', 'stale'],
    ])
  })
})

describe('the quarantine', () => {
  const one = { tickerId: BTC, observation: null, detail: 'x'.repeat(1_000) }

  it('counts by source and reason, and keeps the newest', () => {
    const quarantine = new Quarantine()
    for (let atMs = 0; atMs < QUARANTINE_MAX + 5; atMs += 1) {
      quarantine.add({ ...one, source: 'ws', reason: 'spike', atMs })
    }
    quarantine.add({ ...one, source: 'rest', reason: 'spike', atMs: 1 })
    expect(quarantine.counts()).toEqual([
      { source: 'ws', reason: 'spike', count: QUARANTINE_MAX + 5 },
      { source: 'rest', reason: 'spike', count: 1 },
    ])
    const kept = quarantine.newest()
    expect(kept).toHaveLength(QUARANTINE_MAX)
    expect(kept[0]).toMatchObject({ source: 'rest' })
    expect(kept.at(-1)).toMatchObject({ atMs: 6 })
    expect(kept.every(({ detail }) => detail.length <= 300)).toBe(true)
  })
})
