// A feed that is out is told once, and its return once; what flaps is told ever more rarely.

import { describe, expect, it } from 'vitest'
import type { FeedReport } from '@motu/shared/contract/status.ts'
import { type FeedChange, FEEDER, FeedWatch, HOLD_MS } from './feed-watch.ts'

type State = FeedReport['feeds'][number]['groups'][number]['state']
const STEP_MS = 2_000

function report(states: Readonly<Record<string, State>>): FeedReport {
  const groups = Object.entries(states).map(([group, state]) => ({
    ...{ group, state, tickers: 3, since: new Date(0).toISOString() },
  }))
  return { at: new Date(0).toISOString(), feeds: [{ source: 'upbit', groups, quarantined: [] }] }
}

/** Reports the same for a while, as the feeder does; answers what was told meanwhile. */
class Play {
  nowMs = 0
  readonly watch: FeedWatch
  readonly told: string[] = []

  constructor(trades = true) {
    this.watch = new FeedWatch(() => trades)
  }

  go(ms: number, states: Readonly<Record<string, State>> | null): FeedChange[] {
    const all: FeedChange[] = []
    for (const end = this.nowMs + ms; this.nowMs < end; this.nowMs += STEP_MS) {
      if (states) this.watch.hear(report(states), this.nowMs)
      const changes = this.watch.changes(this.nowMs)
      for (const change of changes) this.watch.told(change)
      all.push(...changes)
    }
    return all
  }
}

const UP = { 'CRYPTO-COIN': 'live' } as const
const OUT = { 'CRYPTO-COIN': 'stale' } as const

describe('a feed', () => {
  it('is told out when it was for a minute, and back when it was, each once', () => {
    const play = new Play()
    expect(play.go(HOLD_MS, UP)).toEqual([])
    const outMs = play.nowMs
    expect(play.go(HOLD_MS, OUT)).toEqual([])
    expect(play.go(5 * HOLD_MS, OUT)).toEqual([
      { feed: 'CRYPTO-COIN', kind: 'feed_outage', sinceMs: outMs, outMs: 0, simulated: false },
    ])
    const backMs = play.nowMs
    expect(play.go(5 * HOLD_MS, UP)).toEqual([
      {
        ...{ feed: 'CRYPTO-COIN', kind: 'feed_return', sinceMs: backMs },
        ...{ outMs: backMs - outMs, simulated: false },
      },
    ])
  })

  it('that is away for less than a minute is not told of', () => {
    const play = new Play()
    for (let round = 0; round < 20; round += 1) {
      expect([...play.go(HOLD_MS, OUT), ...play.go(HOLD_MS, UP)]).toEqual([])
    }
  })

  it('that flaps is told of ever more rarely', () => {
    const play = new Play()
    const told = Array.from({ length: 12 }, () => [
      ...play.go(2 * HOLD_MS, OUT),
      ...play.go(2 * HOLD_MS, UP),
    ]).flat()
    expect(told.map(({ kind }) => kind)).toEqual(['feed_outage', 'feed_return'])
  })

  it('is not out while one other source speaks, nor while its venue rests', () => {
    const both = report(OUT)
    both.feeds.push({ source: 'ccxt', groups: report(UP).feeds[0]!.groups, quarantined: [] })
    const watch = new FeedWatch(() => true)
    for (let ms = 0; ms < 5 * HOLD_MS; ms += STEP_MS) {
      watch.hear(both, ms)
      expect(watch.changes(ms)).toEqual([])
    }
    expect(new Play(false).go(5 * HOLD_MS, OUT)).toEqual([])
  })

  it('that was told out by another is told back only', () => {
    const play = new Play()
    play.watch.told({ feed: 'CRYPTO-COIN', kind: 'feed_outage', sinceMs: 0 })
    expect(play.go(5 * HOLD_MS, OUT)).toEqual([])
    expect(play.go(5 * HOLD_MS, UP).map(({ kind }) => kind)).toEqual(['feed_return'])
  })
})

it('a feeder that is silent is told of alone, and as simulated where it only played', () => {
  const play = new Play()
  play.go(HOLD_MS, { ...UP, 'KRX-STOCK': 'live' })
  expect(play.go(5 * HOLD_MS, null)).toMatchObject([
    { feed: FEEDER, kind: 'feed_outage', simulated: false },
  ])
  expect(play.go(5 * HOLD_MS, UP)).toMatchObject([{ feed: FEEDER, kind: 'feed_return' }])
  const replay = new Play()
  replay.go(HOLD_MS, { 'CRYPTO-COIN': 'simulated' })
  expect(replay.go(5 * HOLD_MS, null)).toMatchObject([{ feed: FEEDER, simulated: true }])
  expect(new Play().go(5 * HOLD_MS, null)).toEqual([])
})
