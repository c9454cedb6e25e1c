import type { CandleRow } from '@motu/shared/market-data.ts'
import { describe, expect, it } from 'vitest'
import { grownTo, joinHistory, opensAtOf, withQuote } from './candle-former.ts'

const OPENS_AT = Date.parse('2026-11-20T09:00:00.000Z')
const last: CandleRow = [OPENS_AT, '100', '105', '95', '101', '7']
const row = (opensAt: number, close = '1'): CandleRow => [opensAt, '1', '1', '1', close, '0']

describe('the live candle', () => {
  it.each([
    ['2026-11-20T08:59:59.999Z', '90', null],
    ['2026-11-20T09:00:00.000Z', '110', [OPENS_AT, '100', '110', '95', '110', '7']],
    ['2026-11-20T09:00:59.999Z', '90', [OPENS_AT, '100', '105', '90', '90', '7']],
    ['2026-11-20T09:01:00.000Z', '99', [OPENS_AT + 60_000, '101', '101', '99', '99', '0']],
  ])('takes a quote of %s at %s', (received_at, price, expected) => {
    expect(withQuote(last, { price, received_at }, { interval: '1m', zone: 'UTC' })).toEqual(
      expected,
    )
  })

  it("takes the server's volume and keeps the price that came since", () => {
    const theirs: CandleRow = [OPENS_AT, '100', '104', '90', '92', '50']
    expect(grownTo(theirs, last)).toEqual([OPENS_AT, '100', '105', '90', '101', '50'])
  })

  it("grows the venue's day wherever the server lets it begin", () => {
    const grid = { interval: '1d', zone: 'Asia/Seoul' } as const
    const today = row(Date.parse('2026-11-20T00:00:00Z'), '100')
    const evening = { price: '101', received_at: '2026-11-20T14:59:59Z' }
    expect(withQuote(today, evening, grid)).toEqual([today[0], '1', '101', '1', '101', '0'])
    const midnight = { price: '102', received_at: '2026-11-20T15:00:00Z' }
    expect(withQuote(today, midnight, grid)?.[0]).toBe(Date.parse('2026-11-20T15:00:00Z'))
  })
})

describe('the beginning of a candle', () => {
  it.each([
    ['1m', 'Asia/Seoul', '2026-11-20T00:00:59Z', '2026-11-20T00:00:00Z'],
    ['15m', 'UTC', '2026-11-20T00:29:59Z', '2026-11-20T00:15:00Z'],
    ['1d', 'Asia/Seoul', '2026-11-20T14:59:59Z', '2026-11-19T15:00:00Z'],
    ['1d', 'Asia/Seoul', '2026-11-20T15:00:00Z', '2026-11-20T15:00:00Z'],
    ['1d', 'America/New_York', '2026-11-21T04:59:59Z', '2026-11-20T05:00:00Z'],
    ['1d', 'America/New_York', '2026-07-01T04:00:00Z', '2026-07-01T04:00:00Z'],
    ['1d', 'UTC', '2026-11-20T23:59:59Z', '2026-11-20T00:00:00Z'],
  ] as const)('at %s in %s, of %s', (interval, zone, at, opensAt) => {
    expect(opensAtOf(Date.parse(at), { interval, zone })).toBe(Date.parse(opensAt))
  })
})

describe('joined histories', () => {
  it.each([
    ['an older page', [1, 2], [3, 4], [1, 2, 3, 4]],
    ['an overlap', [1, 2, 3], [2, 3, 4], [1, 2, 3, 4]],
    ['nothing new', [1, 2], [], [1, 2]],
    ['nothing old', [], [1, 2], [1, 2]],
    ['an answer that is behind', [1, 2, 3], [1, 2], [1, 2, 3]],
  ])('%s', (_name, older, newer, expected) => {
    const joined = joinHistory(
      older.map((at) => row(at)),
      newer.map((at) => row(at)),
    )
    expect(joined.map(([opensAt]) => opensAt)).toEqual(expected)
  })

  it('believes the newer answer', () => {
    expect(joinHistory([row(1, '1'), row(2, '2')], [row(2, '9')])).toEqual([
      row(1, '1'),
      row(2, '9'),
    ])
  })
})
