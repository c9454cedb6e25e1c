import { describe, expect, it } from 'vitest'
import { dayOf, kstDate, kstInstant, kstNearest, kstTime } from './kis-time.ts'

const utc = (text: string): number => Date.parse(text)

describe('a time in Seoul', () => {
  it.each([
    ['20261120', '153000', '2026-11-20T06:30:00.000Z'],
    ['20261120', '003000', '2026-11-19T15:30:00.000Z'],
    ['20240229', '235959', '2024-02-29T14:59:59.000Z'],
  ])('%s %s is %s', (date, time, instant) => expect(kstInstant(date, time)).toBe(utc(instant)))

  it.each([
    ['20261131', '000000'],
    ['20250229', '000000'],
    ['20261301', '000000'],
    ['20261120', '240000'],
    ['20261120', '236000'],
    ['20261120', '9000'],
    ['', ''],
  ])('%s %s is none', (date, time) => expect(kstInstant(date, time)).toBeNull())

  it.each([
    ['235959', '2026-11-19T15:00:01.000Z', '2026-11-19T14:59:59.000Z'],
    ['000001', '2026-11-19T14:59:59.000Z', '2026-11-19T15:00:01.000Z'],
    ['120000', '2026-11-20T03:00:00.000Z', '2026-11-20T03:00:00.000Z'],
  ])('%s is the nearest to %s', (time, near, instant) =>
    expect(kstNearest(time, utc(near))).toBe(utc(instant)),
  )

  it('is written as it is read', () => {
    const ms = utc('2026-11-19T15:30:00.000Z')
    expect([kstDate(ms), kstTime(ms)]).toEqual(['20261120', '003000'])
    expect(dayOf('20261120')).toBe(utc('2026-11-20T00:00:00.000Z'))
  })
})
