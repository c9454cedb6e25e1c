import type { VenueClock } from '@motu/shared/contract/market-calendar.ts'
import { expect, it } from 'vitest'
import { countdownText, dateIn, nextText, noteText } from './countdown.ts'

const SECOND = 1_000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE

it.each([
  [28 * HOUR + 59 * MINUTE, '1일 4시간'],
  [24 * HOUR, '1일 0시간'],
  [24 * HOUR - SECOND, '23시간 59분'],
  [3 * HOUR + 5 * MINUTE, '3시간 5분'],
  [HOUR, '1시간 0분'],
  [HOUR - SECOND, '59분 59초'],
  [12 * MINUTE + 7_001, '12분 08초'],
  [1, '0분 01초'],
  [0, '0분 00초'],
  [-5_000, '0분 00초'],
])('%d ms are %s', (left, text) => {
  expect(countdownText(left)).toBe(text)
})

type Next = NonNullable<VenueClock['next_change']>
it.each<[Pick<Next, 'session' | 'phase'>, string]>([
  [{ session: 'regular', phase: 'continuous' }, '개장까지'],
  [{ session: 'regular', phase: 'auction' }, '동시호가까지'],
  [{ session: null, phase: 'auction' }, '동시호가까지'],
  [{ session: null, phase: 'closed' }, '마감까지'],
  [{ session: 'after', phase: 'continuous' }, '시간외 거래까지'],
  [{ session: 'day', phase: 'continuous' }, '주간거래까지'],
])('%j comes next: %s', (next, text) => {
  expect(nextText({ at: '', ...next })).toBe(text)
})

it('names a holiday and a half day, by the day when it is near', () => {
  const thanks = {
    ...{ date: '2026-11-26', is_closed: true },
    ...{ name_ko: '추수감사절', name_en: 'Thanksgiving Day' },
  }
  expect(noteText(thanks, '2026-11-20')).toBe('11. 26. (목) 추수감사절 휴장')
  expect(noteText(thanks, '2026-11-25')).toBe('내일 추수감사절 휴장')
  expect(noteText({ ...thanks, is_closed: false }, '2026-11-26')).toBe('오늘 추수감사절')
})

it('knows the date of a venue', () => {
  const late = Date.parse('2026-11-20T20:00:00Z')
  expect([dateIn('Asia/Seoul', late), dateIn('America/New_York', late)]).toEqual([
    ...['2026-11-21', '2026-11-20'],
  ])
})
