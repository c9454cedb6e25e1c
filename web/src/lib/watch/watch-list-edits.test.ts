import type { WatchList } from '@motu/shared/contract/watch-lists.ts'
import { describe, expect, it } from 'vitest'
import {
  mergeLists,
  WATCH_LISTS_MAX,
  WATCHED_TICKERS_MAX,
  withMoved,
  withName,
  withoutTicker,
  withTicker,
} from './watch-list-edits.ts'

function list(name: string, ...tickers: string[]): WatchList {
  return { watch_list_id: `id of ${name}`, name, tickers }
}

const names = ({ tickers }: WatchList) => tickers.join('')

it('takes a ticker once, and gives it up once', () => {
  const some = list('a', 'X', 'Y')
  expect(names(withTicker(some, 'Z')!)).toBe('XYZ')
  expect(withTicker(some, 'Y')).toBeNull()
  expect(names(withoutTicker(some, 'X')!)).toBe('Y')
  expect(withoutTicker(some, 'Z')).toBeNull()
})

it('is full at its limit', () => {
  const almost = list('a', ...Array.from({ length: WATCHED_TICKERS_MAX - 1 }, (_, i) => `T${i}`))
  const full = withTicker(almost, 'LAST')!
  expect(full.tickers).toHaveLength(WATCHED_TICKERS_MAX)
  expect(withTicker(full, 'ONE-MORE')).toBeNull()
})

it.each([
  ['W', 0, null],
  ['W', 2, 'XYWZ'],
  ['Z', 0, 'ZWXY'],
  ['Y', 1, 'WYXZ'],
  ['X', 99, 'WYZX'],
  ['X', -5, 'XWYZ'],
  ['Q', 1, null],
])('moves %s to place %d: %s', (ticker, index, expected) => {
  const moved = withMoved(list('a', 'W', 'X', 'Y', 'Z'), ticker, index)
  expect(moved && names(moved)).toBe(expected)
})

it('takes a name that says something', () => {
  expect(withName(list('a'), '  반도체 ')?.name).toBe('반도체')
  expect(withName(list('a'), ' ')).toBeNull()
  expect(withName(list('a'), 'a')).toBeNull()
})

describe('signing in', () => {
  it('adds what the list of the same name lacks, and the lists it does not know', () => {
    const account = [list('관심종목', 'X', 'Y'), list('배당', 'D')]
    const visitor = [list('관심종목', 'Y', 'Z'), list('코인', 'B')]
    const { lists, changed } = mergeLists(account, visitor)
    expect(lists.map((one) => [one.name, names(one)])).toEqual([
      ['관심종목', 'XYZ'],
      ['배당', 'D'],
      ['코인', 'B'],
    ])
    expect(changed.map(({ name }) => name)).toEqual(['관심종목', '코인'])
  })

  it('writes nothing where the account has it all', () => {
    const account = [list('관심종목', 'X', 'Y')]
    const { lists, changed } = mergeLists(account, [list('관심종목', 'Y'), list('빈 목록')])
    expect(lists).toEqual(account)
    expect(changed).toEqual([])
  })

  it('leaves out what there is no room for', () => {
    const account = Array.from({ length: WATCH_LISTS_MAX }, (_, i) => list(`${i}`))
    expect(mergeLists(account, [list('more', 'X')]).lists).toHaveLength(WATCH_LISTS_MAX)
    expect(names(mergeLists(account, [list('3', 'X')]).lists[3]!)).toBe('X')
  })
})
