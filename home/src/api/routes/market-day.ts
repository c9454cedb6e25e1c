// The day of an instrument so far, and what moves: open to anyone.

import type { OpenAPIHono } from '@hono/zod-openapi'
import {
  getMarketDayRoute,
  listMoversRoute,
  type MarketDay,
} from '@motu/shared/contract/market-day.ts'
import { type Decimal, decimal, formatDecimal } from '@motu/shared/decimal.ts'
import { findInstrument, type Instrument } from '@motu/shared/instrument.ts'
import type { MarketEvent } from '@motu/shared/market-data.ts'
import { DomainError } from '@motu/shared/problem.ts'
import { DAY_MS } from '@motu/shared/venues/calendar-date.ts'
import { priceLimitsOf } from '@motu/shared/venues/price-limits.ts'
import type { ApiParts } from '../api.ts'
import type { ApiEnv } from '../env.ts'
import { lastEvents } from '../queries/market.ts'
import { readDays, readExtremes } from '../queries/market-days.ts'
import { dateOfEvent, phaseNow, spanOfEvent } from '../trading-day.ts'

const YEAR_MS = 52 * 7 * DAY_MS

export function addMarketDayRoutes(app: OpenAPIHono<ApiEnv>, parts: ApiParts): void {
  const { movers } = parts

  app.openapi(getMarketDayRoute, async (c) => {
    const { ticker_id: tickerId } = c.req.valid('param')
    const instrument = findInstrument(tickerId)
    if (!instrument) {
      const detail = `${tickerId} is not listed. GET /api/v1/market/instruments lists what is.`
      throw new DomainError('not-found', { detail })
    }
    const event = (await lastEvents(parts, [tickerId])).get(tickerId)
    if (!event) throw new DomainError('unavailable', { detail: `No price of ${tickerId} yet.` })
    return c.json(await dayOf(parts, instrument, event), 200)
  })

  app.openapi(listMoversRoute, async (c) => {
    const { movers: listed, asOfMs } = await movers.list(c.req.valid('query'))
    return c.json({ movers: listed, as_of: new Date(asOfMs).toISOString() }, 200)
  })
}

async function dayOf(
  { sql, calendars, prints, now }: Pick<ApiParts, 'sql' | 'calendars' | 'prints' | 'now'>,
  instrument: Instrument,
  event: MarketEvent,
): Promise<MarketDay> {
  const { tickerId, venue, currency, status } = instrument
  const calendar = calendars.of(venue)
  const nowMs = now()
  const date = dateOfEvent(calendar, event)
  const [days, year] = await Promise.all([
    readDays(sql, [{ tickerId, ...spanOfEvent(calendar, event) }]),
    readExtremes(sql, tickerId, nowMs - YEAR_MS),
  ])
  const { open, high, low, volume, turnover } = days.get(tickerId)!
  const price = decimal(event.price)
  const limits = priceLimitsOf(instrument, decimal(event.base_price), date)
  return {
    ticker_id: tickerId,
    ...{ currency, date, base_price: event.base_price },
    open,
    high: high && formatDecimal(higher(decimal(high), price)),
    low: low && formatDecimal(lower(decimal(low), price)),
    ...{ price: event.price, change_pct: event.change_pct, volume, turnover },
    upper_limit: limits && formatDecimal(limits.upper),
    lower_limit: limits && formatDecimal(limits.lower),
    year_high: formatDecimal(year ? higher(decimal(year.high), price) : price),
    year_low: formatDecimal(year ? lower(decimal(year.low), price) : price),
    phase: status === 'HALTED' ? 'halted' : phaseNow(calendar, event, nowMs),
    strength_pct: prints.strengthPct(tickerId, date),
    simulated: event.simulated,
    as_of: new Date(nowMs).toISOString(),
  }
}

const higher = (a: Decimal, b: Decimal): Decimal => (a > b ? a : b)
const lower = (a: Decimal, b: Decimal): Decimal => (a < b ? a : b)
