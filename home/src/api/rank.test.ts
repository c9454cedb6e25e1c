import { decimal, formatDecimal } from '@motu/shared/decimal.ts'
import { describe, expect, it } from 'vitest'
import { type Contestant, rank, type Worth } from './rank.ts'

const worth = (net: string, deposited: string): Worth => ({
  netKrw: decimal(net),
  depositedKrw: decimal(deposited),
})
const one = (nickname: string, now: Worth, day: Worth = now): Contestant => ({
  ...{ userId: `id of ${nickname}`, nickname, now },
  began: { day, week: day, month: day },
})

describe('a return', () => {
  it.each([
    // now, put in; then, put in; profit, percent
    ['110', '100', '100', '100', '10', '10'],
    ['90', '100', '100', '100', '-10', '-10'],
    // Money from outside is no profit, and none when it is taken out.
    ['150', '150', '100', '100', '0', '0'],
    ['160', '150', '100', '100', '10', '10'],
    ['60', '50', '100', '100', '10', '10'],
    // What was gained before the period is what it began with.
    ['220', '100', '200', '100', '20', '10'],
    ['100.01', '100', '100', '100', '0.01', '0.01'],
    ['100', '100', '300', '100', '-200', '-66.6667'],
    ['5', '0', '0', '0', '5', '0'],
  ])('of %s with %s put in, from %s with %s', (net, deposited, then, thenIn, pnl, percent) => {
    const [placed] = rank([one('a', worth(net, deposited), worth(then, thenIn))], 'day')
    expect([placed!.pnlKrw, placed!.returnPct].map(formatDecimal)).toEqual([pnl, percent])
  })

  it('of all time is on what was put in', () => {
    const [placed] = rank([one('a', worth('150', '120'), worth('1', '1'))], 'all')
    expect([placed!.pnlKrw, placed!.returnPct].map(formatDecimal)).toEqual(['30', '25'])
  })
})

describe('a ranking', () => {
  const all = [
    one('rich', worth('900', '800'), worth('900', '800')),
    one('quick', worth('120', '100'), worth('100', '100')),
    one('b', worth('500', '500'), worth('500', '500')),
    one('a', worth('500', '400'), worth('500', '400')),
    one('last', worth('80', '100'), worth('100', '100')),
  ]
  const places = (period: 'all' | 'week') =>
    rank(all, period).map((placed) => [placed.rank, placed.one.nickname])

  it('by net worth gives equal figures one rank, and leaves a gap behind them', () => {
    expect(places('all')).toEqual([
      [1, 'rich'],
      [2, 'a'],
      [2, 'b'],
      [4, 'quick'],
      [5, 'last'],
    ])
  })

  it('by return has another order', () => {
    expect(places('week')).toEqual([
      [1, 'quick'],
      [2, 'a'],
      [2, 'b'],
      [2, 'rich'],
      [5, 'last'],
    ])
  })

  it('of nobody is empty', () => {
    expect(rank([], 'day')).toEqual([])
  })
})
