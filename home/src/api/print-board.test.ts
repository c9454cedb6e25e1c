import { expect, it } from 'vitest'
import type { Venue } from '@motu/shared/instrument.ts'
import type { MarketEvent } from '@motu/shared/market-data.ts'
import { VenueCalendar } from '@motu/shared/venues/calendar.ts'
import { PrintBoard } from './print-board.ts'

const TICKER = 'KRX-STOCK-005930'
const calendars = { of: (venue: Venue) => new VenueCalendar(venue, []) }

function printed(at: string, ...prints: NonNullable<MarketEvent['prints']>): MarketEvent {
  return { ticker_id: TICKER, venue_time: new Date(at).toISOString(), prints } as MarketEvent
}

it('holds what took asks against what hit bids, over the prints of the day', () => {
  const board = new PrintBoard(calendars)
  expect(board.strengthPct(TICKER, '2026-11-20')).toBeNull()
  board.hear([printed('2026-11-20T10:00+09:00', ['70000', '4', 'BUY'])])
  // Nobody has sold: there is no share of it.
  expect(board.strengthPct(TICKER, '2026-11-20')).toBeNull()
  board.hear([
    printed('2026-11-20T10:01+09:00', ['70000', '3', 'SELL'], ['70000', '9', null]),
    { ticker_id: TICKER, venue_time: '2026-11-20T01:01:00Z' } as MarketEvent,
  ])
  expect(board.strengthPct(TICKER, '2026-11-20')).toBe('133.33')
})

it("begins anew with the venue's next date, and hears nothing of the one before", () => {
  const board = new PrintBoard(calendars)
  board.hear([printed('2026-11-20T23:59+09:00', ['1', '1', 'SELL'], ['1', '1', 'BUY'])])
  expect(board.strengthPct(TICKER, '2026-11-20')).toBe('100')
  board.hear([printed('2026-11-21T00:00+09:00', ['1', '2', 'SELL'], ['1', '1', 'BUY'])])
  board.hear([printed('2026-11-20T23:59+09:00', ['1', '7', 'BUY'])])
  expect(board.strengthPct(TICKER, '2026-11-21')).toBe('50')
  expect(board.strengthPct(TICKER, '2026-11-20')).toBeNull()
})

it('hears nothing of what is not listed', () => {
  const board = new PrintBoard(calendars)
  const event = { ...printed('2026-11-20T10:00Z', ['1', '1', 'SELL']), ticker_id: 'KRX-STOCK-NONE' }
  board.hear([event])
  expect(board.strengthPct('KRX-STOCK-NONE', '2026-11-20')).toBeNull()
})
