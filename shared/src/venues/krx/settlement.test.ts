import { describe, expect, it } from 'vitest'
import { VenueCalendar } from '../calendar.ts'
import { krxSettlementDate } from './settlement.ts'

const calendar = new VenueCalendar('KRX', [])

describe('a trade on KRX', () => {
  it.each([
    ['2026-11-16', '2026-11-18'],
    ['2026-11-19', '2026-11-23'],
    ['2026-11-20', '2026-11-24'],
    // The first trade dates of a year's tax, and the last of the one before.
    ['2019-05-29', '2019-05-31'],
    ['2019-05-30', '2019-06-03'],
    ['2024-12-26', '2024-12-30'],
    ['2024-12-27', '2025-01-02'],
    ['2024-12-30', '2025-01-03'],
    ['2025-12-26', '2025-12-30'],
    ['2025-12-29', '2026-01-02'],
    // Over Seollal; traded on a Saturday, which a replay may do.
    ['2026-02-13', '2026-02-20'],
    ['2026-11-21', '2026-11-24'],
    ['2027-12-29', '2028-01-03'],
  ])('of %s is settled on %s', (tradedOn, settledOn) => {
    expect(krxSettlementDate(calendar, tradedOn)).toBe(settledOn)
  })

  it('is settled later when an admin closes a day between', () => {
    const note = 'a one-off holiday'
    const override = { venue: 'KRX', date: '2026-11-24', sessions: null, note } as const
    const overridden = new VenueCalendar('KRX', [override])
    expect(krxSettlementDate(overridden, '2026-11-20')).toBe('2026-11-25')
  })

  it('has a date', () => {
    expect(() => krxSettlementDate(calendar, '2026-13-01')).toThrow('is not a date')
  })
})
