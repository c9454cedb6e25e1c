import { expect, it } from 'vitest'
import type { VenueClock } from '@motu/shared/contract/market-calendar.ts'
import { overwriteGetLocale } from '#lib/paraglide/runtime.js'
import { stateText } from './market-state.ts'

overwriteGetLocale(() => 'ko')

/** Times as they are told here: the tests run in any zone. */
const here = (text: string): string => new Date(text).toISOString()
const SHUT = { is_open: false, session: null, phase: 'closed' } as const
const NOW = Date.parse('2026-11-21T12:00:00') // a Saturday

it.each<[Partial<VenueClock>, string]>([
  [{ is_open: true, session: 'regular', phase: 'continuous' }, '장 중'],
  [{ is_open: true, session: 'regular', phase: 'auction' }, '동시호가'],
  [{ is_open: false, session: null, phase: 'auction' }, '동시호가'],
  [{ is_open: false, session: 'after', phase: 'continuous' }, '시간외 거래 중'],
  [{ is_open: false, session: 'pre', phase: 'continuous' }, '시간외 거래 중'],
  [{ is_open: false, session: 'day', phase: 'continuous' }, '주간거래 중'],
  [{ ...SHUT, next_open: here('2026-11-21T22:30:00') }, '장 마감 · 22:30 개장'],
  [{ ...SHUT, next_open: here('2026-11-23T09:00:00') }, '장 마감 · (월) 09:00 개장'],
  [{ ...SHUT, next_open: here('2027-01-04T10:00:00') }, '장 마감 · 1. 4. 10:00 개장'],
  [{ ...SHUT, next_open: null }, '장 마감'],
])('%j: %s', (state, text) => {
  const clock = { venue: 'KRX', zone: 'Asia/Seoul', next_open: null, next_close: null, ...state }
  expect(stateText(clock as VenueClock, NOW)).toBe(text)
})
