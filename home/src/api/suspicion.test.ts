// Suspicious use of API keys, at both sides of each rule's border.

import type { UsageReport } from '@motu/shared/api-key-calls.ts'
import { describe, expect, it } from 'vitest'
import { SuspicionWatch } from './suspicion.ts'

const KEY = { keyId: 'AAAAAAAAAAAA', userId: 'someone', name: 'bot', quotaPerMinute: 60 }
const START = Date.UTC(2026, 10, 21)
const MINUTE = 60_000
const at = (ms: number): string => new Date(START + ms).toISOString()

const usesFrom = (addresses: readonly string[], ms: number, keyId = KEY.keyId): UsageReport => ({
  uses: addresses.map((address) => ({
    ...{ key_id: keyId, address, count: 1, first_at: at(ms), last_at: at(ms) },
  })),
  refusals: [],
})

const refused = (why: 'quota' | 'outside_networks', count: number): UsageReport => ({
  uses: [],
  refusals: [
    {
      ...{ code: why === 'quota' ? 'rate-limited' : 'forbidden', why, count },
      ...{ route: 'GET /api/v1/portfolio', address: '203.0.113.9', key_id: KEY.keyId },
    },
  ],
})

const observe = (watch: SuspicionWatch, report: UsageReport, ms: number): string[] =>
  watch.observe([KEY], report, START + ms).map(({ rule }) => rule.id)

describe('many networks', () => {
  const networks = (count: number): string[] =>
    Array.from({ length: count }, (_, index) => `10.${index}.0.1`)

  it('are six of them within ten minutes, not five', () => {
    expect(observe(new SuspicionWatch(), usesFrom(networks(5), 0), 0)).toEqual([])
    expect(observe(new SuspicionWatch(), usesFrom(networks(6), 0), 0)).toEqual(['many-networks'])
  })

  it('are not many addresses of one, of IPv6 either, however an address is written', () => {
    const near = Array.from({ length: 20 }, (_, index) => `203.0.${index}.7`)
    const mapped = near.map((address) => `::ffff:${address}`)
    const six = Array.from({ length: 20 }, (_, index) => `2001:db8:${index}::1`)
    const report = usesFrom([...near, ...mapped, ...six], 0)
    expect(observe(new SuspicionWatch(), report, 0)).toEqual([])
  })

  it('add up over reports, until the first is ten minutes old', () => {
    const watch = new SuspicionWatch()
    expect(observe(watch, usesFrom(networks(5), 0), 0)).toEqual([])
    expect(observe(watch, usesFrom(['10.9.0.1'], 10 * MINUTE + 1), 10 * MINUTE + 1)).toEqual([])
    const soon = new SuspicionWatch()
    observe(soon, usesFrom(networks(5), 0), 0)
    const sixth = usesFrom(['10.9.0.1'], 10 * MINUTE)
    expect(observe(soon, sixth, 10 * MINUTE)).toEqual(['many-networks'])
  })

  it('are counted for each key apart, and once', () => {
    const watch = new SuspicionWatch()
    observe(watch, usesFrom(networks(5), 0), 0)
    expect(observe(watch, usesFrom(['10.9.0.1'], 0, 'BBBBBBBBBBBB'), 0)).toEqual([])
    expect(observe(watch, usesFrom(['10.9.0.1'], 0), 0)).toEqual(['many-networks'])
    expect(observe(watch, usesFrom(['10.9.0.1'], 0), 0)).toEqual([])
  })

  it('are none where the address is not known', () => {
    expect(observe(new SuspicionWatch(), usesFrom(['unknown', 'a', 'b', 'c', ''], 0), 0)).toEqual(
      [],
    )
  })
})

describe('a burst', () => {
  it('is more than ten times the quota refused within five minutes', () => {
    const watch = new SuspicionWatch()
    expect(observe(watch, refused('quota', 600), 0)).toEqual([])
    expect(observe(watch, refused('quota', 1), 5 * MINUTE)).toEqual(['burst'])
  })

  it('is forgotten after five minutes', () => {
    const watch = new SuspicionWatch()
    observe(watch, refused('quota', 600), 0)
    expect(observe(watch, refused('quota', 600), 5 * MINUTE + 1)).toEqual([])
  })

  it('is not what came together while home was dark', () => {
    const report = { ...refused('quota', 5_000), since: at(0) }
    expect(observe(new SuspicionWatch(), report, 30 * MINUTE)).toEqual([])
    expect(observe(new SuspicionWatch(), report, MINUTE)).toEqual(['burst'])
  })
})

describe('tries from outside its networks', () => {
  it('are twenty within ten minutes, not nineteen', () => {
    const watch = new SuspicionWatch()
    expect(observe(watch, refused('outside_networks', 19), 0)).toEqual([])
    const once = refused('outside_networks', 1)
    expect(observe(watch, once, 10 * MINUTE)).toEqual(['outside-networks'])
  })
})

it('knows nothing of refusals that are nobody’s, or of keys nobody asked about', () => {
  const watch = new SuspicionWatch()
  const report = refused('quota', 100_000)
  expect(watch.observe([], report, START)).toEqual([])
  delete report.refusals[0]!.key_id
  expect(watch.observe([KEY], report, START)).toEqual([])
})
