// What people asked to be told of themselves: to the places they chose, once each, and to no others.

import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { PersonalNotification } from './notification.ts'
import { LATE_AFTER_MS, LATE_ALONE_MAX } from './plan-deliveries.ts'
import { planPersonal, wishKey } from './plan-personal.ts'

const NOW = Date.parse('2026-11-20T00:00:00Z')
const KINDS = ['order_filled', 'order_failed', 'price_alert'] as const

const told = (eventId: string, changes: Partial<PersonalNotification> = {}) =>
  ({
    ...{ eventId, kind: 'order_filled', userId: 'u', tickerId: 'T', values: {} },
    ...{ simulated: false, occurredAtMs: NOW, ...changes },
  }) as PersonalNotification
const plan = (found: PersonalNotification[], places: Record<string, string[]>, tells = false) =>
  planPersonal(found, {
    ...{ nowMs: NOW, tellsSimulated: tells, placesOf: new Map(Object.entries(places)) },
  })

it.each([
  ['nobody chose it', {}, {}, false, 'no_place'],
  ['he chose another kind', {}, { [wishKey('u', 'price_alert')]: ['push:1'] }, false, 'no_place'],
  ['another chose it', {}, { [wishKey('v', 'order_filled')]: ['push:1'] }, false, 'no_place'],
  ['it is nobody’s', { userId: null }, { 'null order_filled': ['push:1'] }, false, 'no_place'],
  ['he chose it', {}, { [wishKey('u', 'order_filled')]: ['push:1'] }, false, null],
  ['replay', { simulated: true }, { [wishKey('u', 'order_filled')]: ['p'] }, false, 'simulated'],
  ['switched on', { simulated: true }, { [wishKey('u', 'order_filled')]: ['p'] }, true, null],
] as const)('where %s', (_what, changes, places, tells, untold) => {
  const { routings, deliveries } = plan([told('e', changes)], places as never, tells)
  expect(routings.map((routing) => routing.untold)).toEqual([untold])
  expect(deliveries.length).toBe(untold === null ? 1 : 0)
})

it('is once in each place its user chose, whatever comes, and late ones share messages', () => {
  const notification = fc.record({
    kind: fc.constantFrom(...KINDS),
    userId: fc.constantFrom('u', 'v'),
    simulated: fc.boolean(),
    occurredAtMs: fc.constantFrom(NOW, NOW - LATE_AFTER_MS - 1),
  })
  const wishes = fc.dictionary(
    fc.constantFrom(...['u', 'v'].flatMap((user) => KINDS.map((kind) => wishKey(user, kind)))),
    fc.subarray(['push:1', 'push:2', 'telegram:link:1']),
  )
  fc.assert(
    fc.property(fc.array(notification, { maxLength: 40 }), wishes, (found, places) => {
      const all = found.map((changes, index) => told(`e${index}`, changes))
      const { deliveries } = plan(all, places)
      const lines = deliveries.flatMap(({ place, eventIds }) => eventIds.map((id) => [id, place]))
      const expected = all.flatMap(({ eventId, userId, kind, simulated }) =>
        simulated ? [] : (places[wishKey(userId!, kind)] ?? []).map((place) => [eventId, place]),
      )
      expect(lines.map(String).sort()).toEqual(expected.map(String).sort())
      const late = deliveries.filter(({ isSummary }) => isSummary)
      for (const { eventIds } of late) expect(eventIds.length).toBeGreaterThan(LATE_ALONE_MAX)
    }),
  )
})
