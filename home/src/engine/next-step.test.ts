import { UNCROSS_GRACE_MS } from '@motu/shared/hours.ts'
import { expect, test } from 'vitest'
import { engineQuote, orderRecord } from '../../test/engine/samples.ts'
import type { OrderRecord } from '../db/order-view.ts'
import { NO_PROGRESS } from './judgement.ts'
import { nextStep } from './next-step.ts'
import type { WaitingOrder } from './waiting.ts'

const at = (ms: number) => engineQuote('99', '101', { received_at: new Date(ms).toISOString() })

type Sample = Partial<OrderRecord> & {
  id: string
  /** When the events come that do something to it, and those that do not. */
  hits?: number[]
  rests?: number[]
  inSettlement?: boolean
}

/** The steps of some orders up to an instant, each order gone after its first. */
function steps(samples: readonly Sample[], untilMs: number): string[] {
  const byId = new Map(samples.map((one) => [one.id, one]))
  let waiting = samples.map(
    ({ hits: _hits, rests: _rests, inSettlement = false, ...order }): WaitingOrder => ({
      ...{ order: orderRecord({ status: 'OPEN', ...order }), sinceMs: 0, inSettlement },
      ...{ progress: NO_PROGRESS, resting: null },
    }),
  )
  const market = {
    unmet: ({ order: { id } }: WaitingOrder) => {
      const { hits = [], rests = [] } = byId.get(id)!
      return [...hits, ...rests].sort((a, b) => a - b).map(at)
    },
    rests: ({ order: { id } }: WaitingOrder, { receivedAt }: { receivedAt: number }) =>
      !(byId.get(id)!.hits ?? []).includes(receivedAt),
  }
  const found: string[] = []
  for (;;) {
    const step = nextStep(waiting, untilMs, market)
    if (!step) return found
    found.push(`${step.waiting.order.id} ${step.quote ? 'meets' : 'ends'} ${step.at}`)
    waiting = waiting.filter((one) => one !== step.waiting)
  }
}

const GRACE = UNCROSS_GRACE_MS

test.each<[name: string, samples: Sample[], untilMs: number, expected: string[]]>([
  ['nothing waits', [], 9_000, []],
  ['nothing comes', [{ id: 'a', rests: [5_000] }], 9_000, []],
  ['an event at the instant itself', [{ id: 'a', hits: [5_000] }], 5_000, ['a meets 5000']],
  ['an event after it', [{ id: 'a', hits: [5_001] }], 5_000, []],
  [
    'events of several orders, by time',
    [
      { id: 'a', rests: [4_000], hits: [6_000] },
      { id: 'b', hits: [5_000] },
    ],
    9_000,
    ['b meets 5000', 'a meets 6000'],
  ],
  [
    'of one instant, by acceptance',
    [
      { id: 'b', acceptedAt: 2, hits: [5_000] },
      { id: 'a', acceptedAt: 1, hits: [5_000] },
    ],
    9_000,
    ['a meets 5000', 'b meets 5000'],
  ],
  [
    'of one instant, a stop before what was accepted earlier',
    [
      { id: 'profit', acceptedAt: 1, hits: [5_000] },
      { id: 'stop', acceptedAt: 2, waitingFor: 'TRIGGER', hits: [5_000] },
    ],
    9_000,
    ['stop meets 5000', 'profit meets 5000'],
  ],
  [
    'the end of its time, a grace later',
    [{ id: 'a', expiresAt: 5_000 }],
    5_000 + GRACE,
    [`a ends ${5_000 + GRACE}`],
  ],
  ['before the grace is over', [{ id: 'a', expiresAt: 5_000 }], 4_999 + GRACE, []],
  [
    'an event within the grace',
    [{ id: 'a', expiresAt: 5_000, hits: [5_000 + GRACE] }],
    9_000,
    [`a meets ${5_000 + GRACE}`],
  ],
  [
    'an event after the grace',
    [{ id: 'a', expiresAt: 5_000, hits: [5_001 + GRACE] }],
    9_000,
    [`a ends ${5_000 + GRACE}`],
  ],
  [
    "another's event at the instant of an end goes first",
    [
      { id: 'a', acceptedAt: 1, expiresAt: 5_000 },
      { id: 'b', acceptedAt: 2, hits: [5_000 + GRACE] },
    ],
    9_000,
    [`b meets ${5_000 + GRACE}`, `a ends ${5_000 + GRACE}`],
  ],
  [
    'what waits for its entry meets nothing, but has its time',
    [{ id: 'a', waitingFor: 'ENTRY', expiresAt: 5_000, hits: [1_000] }],
    9_000,
    [`a ends ${5_000 + GRACE}`],
  ],
  ['what is being settled is left alone', [{ id: 'a', inSettlement: true, hits: [1] }], 9_000, []],
  ['an order without an end never ends', [{ id: 'a' }], Infinity, []],
])('%s', (_, samples, untilMs, expected) => {
  expect(steps(samples, untilMs)).toEqual(expected)
})
