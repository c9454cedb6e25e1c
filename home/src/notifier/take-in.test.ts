// What strangers publish: what is taken of it, and what is not.

import { describe, expect, it } from 'vitest'
import { readForeign } from './take-in.ts'

const NOW = Date.parse('2026-11-20T00:00:00Z')
const USER = '7d0dd0b0-6c0f-4c3e-9d3a-2b8f3f1f0f11'
const GOOD = {
  ...{ event_id: 'e1', kind: 'liquidation', user_id: USER, ticker_id: 'CRYPTO-COIN-BTC' },
  ...{ occurred_at: '2026-11-19T23:59:00Z', simulated: false },
  values: { nickname: '가', ticker: 'B', equity: 1200.5, liability: '5E+4', other: 'x' },
}

it('takes what its template knows, and nothing else', () => {
  expect(readForeign(GOOD, NOW)).toEqual({
    ...{ eventId: 'liquidation:e1', kind: 'liquidation', userId: USER, simulated: false },
    ...{ tickerId: 'CRYPTO-COIN-BTC', occurredAtMs: NOW - 60_000 },
    values: { nickname: '가', ticker: 'B', equity: '1200.5', liability: '5E+4' },
  })
})

describe('refuses', () => {
  it.each([
    ['nothing', null],
    ['a text', 'liquidation'],
    ['a list', [GOOD]],
    ['an unknown kind', { ...GOOD, kind: 'order_filled' }],
    ['a kind of every object', { ...GOOD, kind: '__proto__' }],
    ['no values', { ...GOOD, values: undefined }],
    ['a value that is a list', { ...GOOD, values: { nickname: ['x'] } }],
    ['a value that is no number', { ...GOOD, values: { equity: Number.NaN } }],
    ['a value without an end', { ...GOOD, values: { nickname: 'x'.repeat(501) } }],
    ['an empty id', { ...GOOD, event_id: '' }],
    ['an id without an end', { ...GOOD, event_id: 'x'.repeat(121) }],
    ['an id that no row can hold', { ...GOOD, event_id: 'a\0b' }],
    ['a user who is none', { ...GOOD, user_id: 'me' }],
    ['an instant that is none', { ...GOOD, occurred_at: 'yesterday' }],
    ['an instant before all time', { ...GOOD, occurred_at: '0000-01-01T00:00:00Z' }],
  ])('%s', (_what, message) => {
    expect(readForeign(message, NOW)).toBeNull()
  })
})

it('believes nobody that it is real who does not say so', () => {
  expect(readForeign({ ...GOOD, simulated: undefined }, NOW)!.simulated).toBe(true)
})

it('takes no future, and no ticker that is none', () => {
  const strange = { ...GOOD, occurred_at: '2199-01-01T00:00:00Z', ticker_id: 'x' }
  expect(readForeign(strange, NOW)).toMatchObject({ occurredAtMs: NOW, tickerId: null })
})

it('leaves half characters and NUL out of values', () => {
  const values = { nickname: 'a\0b\ud800' }
  expect(readForeign({ ...GOOD, values }, NOW)!.values).toEqual({ nickname: 'a b\ufffd' })
})

it('names what has no id by its content', () => {
  const nameless = { ...GOOD, event_id: undefined }
  const name = readForeign(nameless, NOW)!.eventId
  expect(name).toMatch(/^content:[0-9a-f]{64}$/)
  expect(readForeign(nameless, NOW + 1)!.eventId).toBe(name)
  expect(readForeign({ ...nameless, values: { nickname: '나' } }, NOW)!.eventId).not.toBe(name)
})
