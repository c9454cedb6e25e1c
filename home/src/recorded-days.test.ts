// The calendars against what was recorded: whoever traded on a day that is none would show here.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { VenueCalendar } from '@motu/shared/venues/calendar.ts'

const DATA = join(import.meta.dirname, '../data')

it.each([
  ['KRX', 'krx-005930-1d.csv', 300],
  ['US', 'us-aapl-1d.csv', 250],
] as const)('%s traded on every trading day, and on no other', (venue, file, count) => {
  const lines = readFileSync(join(DATA, file), 'utf8').trim().split('\n').slice(1)
  const dates = lines.map((line) => line.slice(0, 10))
  expect(dates).toHaveLength(count)
  const days = new VenueCalendar(venue, []).days(dates[0]!, dates.at(-1)!)
  expect(days.map(({ date }) => date)).toEqual(dates)
})
