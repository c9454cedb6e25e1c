// The judge of the notifier's run sees each promise that is broken.

import { expect, it } from 'vitest'
import { isKept, judge } from './verdict.ts'

const SAYS_SO = '\n(다시 보낸 알림일 수 있습니다)'
const events = [1_000, 1_001, 1_002, 1_003]
const deliveries = [[1_000], [1_001], [1_002, 1_003]].map((notionals, index) => ({
  ...{ notionals, mayRepeat: index === 1, state: 'sent' },
}))
const first = { text: '1,000 KRW u1' }
const second = { text: '1,001 KRW u2' }
const again = { text: second.text + SAYS_SO }
const summary = { text: 'head\n11-20 09:05 1,002 KRW u1\n11-20 09:05 1,003 KRW u1' }

it('is content with each once, and with one more where it says so', () => {
  const verdict = judge(events, [first, second, again, summary], deliveries)
  expect(verdict).toEqual({
    ...{ arrived: 4, repeated: 1, marked: 1 },
    ...{ lost: 0, unmarked: 0, disordered: 0, doubled: 0, unasked: 0, unsent: 0 },
  })
  expect(isKept(verdict, 1)).toBe(true)
  expect(isKept(verdict, 0)).toBe(false)
})

it.each([
  ['lost', [first, second], deliveries],
  ['unmarked', [first, second, second, summary], deliveries],
  ['unmarked', [first, { text: first.text }, second, summary], deliveries],
  ['disordered', [second, first, summary], deliveries],
  ['doubled', [first, second, summary], [...deliveries, deliveries[0]!]],
  ['unasked', [first, second, summary, { text: '9,999 KRW u1' }], deliveries],
  ['unasked', [first, second, summary, { text: '1,002 KRW u1' }], deliveries],
  ['unsent', [first, second, summary], deliveries.map((one) => ({ ...one, state: 'failed' }))],
] as const)('sees what is %s', (promise, arrived, rows) => {
  const verdict = judge(events, arrived, rows)
  expect(verdict[promise]).toBeGreaterThan(0)
  expect(isKept(verdict, 100)).toBe(false)
})
