// Who is told, in how many messages: the borders, and that each is told once whatever comes.

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { TEMPLATE_KEYS } from '@motu/shared/message-template.ts'
import { type Notification, placesOf, PUBLIC_PLACES, type PublicPlace } from './notification.ts'
import {
  coolDownKey,
  LATE_AFTER_MS,
  LATE_ALONE_MAX,
  planDeliveries,
  type Rules,
  SUMMARY_MAX,
} from './plan-deliveries.ts'

const NOW = Date.parse('2026-11-20T00:00:00Z')
const RULES: Rules = {
  ...{ nowMs: NOW, places: new Set(PUBLIC_PLACES), tellsSimulated: false, coolDownMs: 60_000 },
  ...{ lastToldMs: new Map(), optedOut: new Set(), switchedOff: new Set() },
}

function whale(eventId: string, changes: Partial<Notification> = {}): Notification {
  return {
    ...{ eventId, kind: 'whale_trade', userId: 'u', tickerId: 'T', values: {} },
    ...{ simulated: false, occurredAtMs: NOW, ...changes },
  }
}

const untolds = (found: Notification[], rules: Partial<Rules> = {}) =>
  planDeliveries(found, { ...RULES, ...rules }).routings.map(({ untold }) => untold)
const news = (count: number, ageMs: number): Notification[] =>
  Array.from({ length: count }, (_, index) =>
    whale(`n${index}`, { kind: 'bailout_processed', userId: null, occurredAtMs: NOW - ageMs }),
  )
const sizes = (found: Notification[]): number[] =>
  planDeliveries(found, RULES).deliveries.map(({ eventIds }) => eventIds.length)

describe('a whale', () => {
  it('cools down for its user and ticker, and not a moment longer', () => {
    const at = (id: string, ms: number) => whale(id, { occurredAtMs: NOW + ms })
    expect(untolds([at('a', 0), at('b', 59_999), at('c', 60_000), at('d', 119_999)])).toEqual([
      ...[null, 'cooling_down', null, 'cooling_down'],
    ])
    expect(
      untolds([at('a', 0), whale('b', { tickerId: 'X' }), whale('c', { userId: 'v' })]),
    ).toEqual([null, null, null])
  })

  it('cools down after one that was told before', () => {
    const lastToldMs = new Map([[coolDownKey('u', 'T'), NOW - 59_999]])
    expect(untolds([whale('a')], { lastToldMs })).toEqual(['cooling_down'])
    expect(untolds([whale('a')], { lastToldMs, coolDownMs: 59_999 })).toEqual([null])
  })

  it('that nobody was told of cools nothing down', () => {
    const found = [whale('a', { simulated: true }), whale('b')]
    expect(untolds(found)).toEqual(['simulated', null])
  })
})

it.each(['whale_trade', 'liquidation'] as const)('tells no %s of whoever opted out', (kind) => {
  const optedOut = new Set(['u'])
  const found = [whale('a', { kind }), whale('b', { kind, userId: 'v' })]
  expect(untolds(found, { optedOut })).toEqual(['opted_out', null])
})

it('has no place for what no address was given', () => {
  expect(untolds([whale('a')], { places: new Set(['discord:human']) })).toEqual(['no_place'])
})

describe('what was missed', () => {
  it('is told alone up to five, and in summaries of fifty beyond', () => {
    const late = LATE_AFTER_MS + 1
    expect(sizes(news(LATE_ALONE_MAX, late))).toEqual([1, 1, 1, 1, 1])
    expect(sizes(news(LATE_ALONE_MAX + 1, late))).toEqual([6])
    expect(sizes(news(SUMMARY_MAX, late))).toEqual([50])
    expect(sizes(news(SUMMARY_MAX + 1, late))).toEqual([50, 1])
  })

  it('is what is older than ten minutes', () => {
    expect(sizes(news(6, LATE_AFTER_MS))).toEqual([1, 1, 1, 1, 1, 1])
  })
})

const notifications = fc
  .array(
    fc.record({
      kind: fc.constantFrom(...TEMPLATE_KEYS),
      userId: fc.constantFrom(null, 'u', 'v', 'w'),
      tickerId: fc.constantFrom(null, 'T', 'X'),
      simulated: fc.boolean(),
      ageMs: fc.integer({ min: -60_000, max: 2 * LATE_AFTER_MS }),
    }),
    { maxLength: 130 },
  )
  .map((all) =>
    all.map(({ ageMs, ...one }, index) =>
      whale(`e${index}`, { ...one, occurredAtMs: NOW - ageMs }),
    ),
  )
const rules = fc
  .record({
    places: fc.subarray([...PUBLIC_PLACES]),
    optedOut: fc.subarray(['u', 'v', 'w']),
    tellsSimulated: fc.boolean(),
    coolDownMs: fc.integer({ min: 0, max: 120_000 }),
  })
  .map(({ places, optedOut, ...rest }) => ({
    ...{ ...RULES, ...rest, places: new Set(places), optedOut: new Set(optedOut) },
  }))

it('tells each that is told in exactly one message of each of its places, and no other', () => {
  fc.assert(
    fc.property(notifications, rules, (found, rulesNow) => {
      const { routings, deliveries } = planDeliveries(found, rulesNow)
      expect(routings.map(({ notification }) => notification)).toEqual(found)
      for (const place of PUBLIC_PLACES) {
        const told = routings.filter(({ untold }) => untold === null)
        const expected = told.flatMap(({ notification }) =>
          placesOf(notification, rulesNow).includes(place) ? [notification.eventId] : [],
        )
        const here = deliveries.filter((one) => one.place === place)
        expect(here.flatMap(({ eventIds }) => eventIds).sort()).toEqual(expected.sort())
        for (const { eventIds, isSummary } of here) {
          expect(eventIds.length).toBeLessThanOrEqual(isSummary ? SUMMARY_MAX : 1)
        }
      }
    }),
  )
})

it('tells admins in their own places, or in those of the alerts that still work', () => {
  const gone = whale('g', { kind: 'place_gone', userId: null })
  const at = (places: PublicPlace[], off: PublicPlace[] = []) =>
    placesOf(gone, { places: new Set(places), switchedOff: new Set(off) })
  const all = [...PUBLIC_PLACES]
  expect(at(all)).toEqual(['discord:admin', 'telegram:admin'])
  expect(at(all, ['discord:admin'])).toEqual(['telegram:admin'])
  expect(at(all, ['discord:admin', 'telegram:admin'])).toEqual([
    'discord:alerts',
    'telegram:alerts',
  ])
  expect(at(['discord:alerts', 'telegram:alerts'], ['discord:alerts'])).toEqual(['telegram:alerts'])
  expect(at(['discord:human'])).toEqual([])
})
