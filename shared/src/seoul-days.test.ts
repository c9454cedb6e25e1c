import { expect, it } from 'vitest'
import {
  dateBegins,
  dayBegins,
  lastEndedDate,
  monthBegins,
  seoulDate,
  weekBegins,
} from './seoul-days.ts'

const at = (text: string): number => Date.parse(text)
const text = (ms: number): string => new Date(ms).toISOString()

it.each([
  // instant, then when its day, its week and its month begin
  [
    '2026-11-21T14:59:59.999Z',
    '2026-11-20T15:00:00.000Z',
    '2026-11-15T15:00:00.000Z',
    '2026-10-31T15:00:00.000Z',
  ],
  [
    '2026-11-22T14:59:59.999Z',
    '2026-11-21T15:00:00.000Z',
    '2026-11-15T15:00:00.000Z',
    '2026-10-31T15:00:00.000Z',
  ],
  [
    '2026-11-22T15:00:00.000Z',
    '2026-11-22T15:00:00.000Z',
    '2026-11-22T15:00:00.000Z',
    '2026-10-31T15:00:00.000Z',
  ],
  [
    '2026-11-30T14:59:59.999Z',
    '2026-11-29T15:00:00.000Z',
    '2026-11-29T15:00:00.000Z',
    '2026-10-31T15:00:00.000Z',
  ],
  [
    '2026-12-31T15:00:00.000Z',
    '2026-12-31T15:00:00.000Z',
    '2026-12-27T15:00:00.000Z',
    '2026-12-31T15:00:00.000Z',
  ],
])('at %s', (now, day, week, month) => {
  const ms = at(now)
  expect([dayBegins(ms), weekBegins(ms), monthBegins(ms)].map(text)).toEqual([day, week, month])
})

it('a date begins at its midnight', () => {
  expect(text(dateBegins('2026-11-20'))).toBe('2026-11-19T15:00:00.000Z')
  expect(dateBegins('0000-01-01')).toBe(0)
})

it.each([
  // instant, its date, the last day that was over
  ['2026-11-21T14:59:59.999Z', '2026-11-21', '2026-11-20'],
  ['2026-11-21T15:00:00.000Z', '2026-11-22', '2026-11-21'],
  ['2026-12-31T15:00:00.000Z', '2027-01-01', '2026-12-31'],
])('at %s it is the %s there, and the %s is over', (now, date, ended) => {
  expect([seoulDate(at(now)), lastEndedDate(at(now))]).toEqual([date, ended])
})
