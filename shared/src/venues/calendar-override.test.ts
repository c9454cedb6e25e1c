import { describe, expect, it } from 'vitest'
import type { Venue } from '../instrument.ts'
import { SESSION_TABLES } from './calendar.ts'
import { type OverrideSession, overrideFault } from './calendar-override.ts'

const session = (opens: string, closes: string, name = 'regular'): OverrideSession => ({
  ...{ name: name as OverrideSession['name'], opens, closes },
})

describe('an override', () => {
  it.each<[Venue, string, OverrideSession[] | null, string | null]>([
    ['KRX', '2026-12-30', null, null],
    ['KRX', '2026-12-30', [session('09:00', '15:30')], null],
    ['KRX', '2026-12-30', [session('09:00:30', '24:00')], null],
    ['KRX', '2026-12-30', [session('16:00', '20:00', 'after')], null],
    ['US', '2026-12-30', [session('10:00', '16:00', 'day'), session('09:30', '13:00')], null],
    ['KRX', '2026-02-29', null, 'the date'],
    ['KRX', '26-12-30', null, 'the date'],
    ['KRX', '2026-12-30', [], 'at least one'],
    ['KRX', '2026-12-30', [session('09:00', '12:00'), session('13:00', '15:00')], 'once'],
    ['KRX', '2026-12-30', [session('09:00', '09:00')], 'before it closes'],
    ['KRX', '2026-12-30', [session('15:30', '09:00')], 'before it closes'],
    ['KRX', '2026-12-30', [session('9:00', '15:30')], 'times must be'],
    ['KRX', '2026-12-30', [session('09:60', '15:30')], 'times must be'],
    ['KRX', '2026-12-30', [session('09:00', '24:00:01')], 'times must be'],
    ['KRX', '2026-12-30', [session('09:00', '15:30', 'pre')], 'no session pre'],
    ['US', '2026-12-30', [session('09:00', '15:30', 'nxt_main')], 'no session nxt_main'],
    ['CRYPTO', '2026-12-30', [session('00:00', '24:00')], null],
  ])('of %s on %s, %j: %s', (venue, date, sessions, fault) => {
    const found = overrideFault(SESSION_TABLES[venue], { date, sessions })
    if (fault === null) expect(found).toBeNull()
    else expect(found).toContain(fault)
  })
})
