import type { CandleRow } from '@motu/shared/market-data.ts'
import { describe, expect, it } from 'vitest'
import { joinHistory } from './candle-former.ts'
import { keptRows } from './rows-tail.ts'

const row = (minute: number, close = '100'): CandleRow =>
  [minute * 60_000, ...['100', '110', '90', close, '1']] as CandleRow
const minutes = (...list: number[]): CandleRow[] => list.map((minute) => row(minute))

describe('of candles that are drawn', () => {
  const drawn = minutes(1, 2, 3, 4, 5)

  it('all but the last stand while that one is formed', () => {
    expect(keptRows(drawn, [...drawn.slice(0, -1), row(5, '101')])).toBe(4)
  })

  it('all stand while a few new ones follow', () => {
    expect(keptRows(drawn, [...drawn, ...minutes(6, 7)])).toBe(5)
    expect(keptRows(drawn, [...drawn, ...minutes(6, 7, 8, 9, 10)])).toBeNull()
  })

  it('none stands where older ones came before, or nothing was drawn', () => {
    expect(keptRows(drawn, [...minutes(0), ...drawn])).toBeNull()
    expect(keptRows([], drawn)).toBeNull()
  })

  it('none stands where one is gone', () => {
    expect(keptRows(drawn, drawn.slice(0, -1))).toBeNull()
  })

  it('none stands where home, back from the dark, fills in what quotes alone had begun', () => {
    // The page was loaded in the dark: kept candles up to minute 5. Home came back at minute 8, and a
    // quote began its candle before the ones between were fetched.
    const shown = [...drawn, row(8)]
    const fetched = joinHistory(drawn, minutes(5, 6, 7, 8))
    expect(fetched.map(([at]) => at / 60_000)).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
    expect(keptRows(shown, [...drawn, ...fetched.slice(5)])).toBeNull()
    // And from there on it goes on candle by candle.
    expect(keptRows(fetched, [...fetched, row(9)])).toBe(8)
  })
})
