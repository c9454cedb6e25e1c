// Instruments, quotes, candles: open to anyone the edge lets through.

import type { OpenAPIHono } from '@hono/zod-openapi'
import {
  CANDLES_PER_ANSWER_MAX,
  getQuoteRoute,
  listCandlesRoute,
  listInstrumentsRoute,
  listQuotesRoute,
  TICKERS_PER_QUERY_MAX,
} from '@motu/shared/contract/market.ts'
import { findInstrument, INSTRUMENTS, quotedInstruments } from '@motu/shared/instrument.ts'
import { indexInstruments, searchInstruments } from '@motu/shared/instrument-search.ts'
import { CANDLE_INTERVAL_MS, quoteOf } from '@motu/shared/market-data.ts'
import { DomainError } from '@motu/shared/problem.ts'
import { USD_KRW } from '@motu/shared/ticker.ts'
import { SESSION_TABLES } from '@motu/shared/venues/calendar.ts'
import type { ApiParts } from '../api.ts'
import type { ApiEnv } from '../env.ts'
import { invalidRequest } from '../problem.ts'
import { parseInstant } from '../parse-instant.ts'
import { everything, viewInstrument } from '../listed.ts'
import { lastEvents, listCandles } from '../queries/market.ts'

/** Candles an answer brings when its beginning is not named. */
const CANDLES_DEFAULT = 300
const builtIn = indexInstruments(INSTRUMENTS)
/** What feeds quote, and the exchange rate. */
const quoted = (): string[] => [...quotedInstruments().map(({ tickerId }) => tickerId), USD_KRW]

export function addMarketRoutes(app: OpenAPIHono<ApiEnv>, parts: ApiParts): void {
  const { sql, now } = parts

  app.openapi(listInstrumentsRoute, async (c) => {
    const { query = '', venue, limit } = c.req.valid('query')
    const found = searchInstruments(query.trim() === '' ? builtIn : everything(), query, {
      ...{ venue, limit },
    })
    const events = await lastEvents(
      parts,
      found.map(({ tickerId }) => tickerId),
    )
    return c.json({ instruments: found.map((one) => viewInstrument(one, events)) }, 200)
  })

  app.openapi(listQuotesRoute, async (c) => {
    const { tickers } = c.req.valid('query')
    const wanted = tickers === undefined ? quoted() : tickers.split(',').filter(Boolean)
    if (wanted.length > TICKERS_PER_QUERY_MAX) {
      const message = `names more than ${TICKERS_PER_QUERY_MAX} tickers`
      throw invalidRequest([{ path: ['tickers'], message }])
    }
    wanted.forEach(assertQuoted)
    const events = await lastEvents(parts, wanted)
    return c.json({ quotes: [...events.values()].map(quoteOf) }, 200)
  })

  app.openapi(getQuoteRoute, async (c) => {
    const { ticker_id: tickerId } = c.req.valid('param')
    assertQuoted(tickerId)
    const event = (await lastEvents(parts, [tickerId])).get(tickerId)
    if (!event) throw new DomainError('unavailable', { detail: `No price of ${tickerId} yet.` })
    return c.json(quoteOf(event), 200)
  })

  app.openapi(listCandlesRoute, async (c) => {
    const { ticker_id: tickerId } = c.req.valid('param')
    const { interval, from, to } = c.req.valid('query')
    assertQuoted(tickerId)
    const toMs = parseInstant('to', to) ?? now() + 1
    const fromMs =
      parseInstant('from', from) ?? toMs - CANDLES_DEFAULT * CANDLE_INTERVAL_MS[interval]
    if (fromMs >= toMs) throw invalidRequest([{ path: ['from'], message: 'must be before `to`' }])
    const limit = CANDLES_PER_ANSWER_MAX
    const venue = findInstrument(tickerId)?.venue
    // The rate between two currencies has no venue; its day is that of the coins.
    const { zone } = SESSION_TABLES[venue ?? 'CRYPTO']
    const answer = await listCandles(sql, tickerId, { interval, zone, fromMs, toMs, limit })
    return c.json({ ...answer, as_of: new Date(now()).toISOString() }, 200)
  })
}

function assertQuoted(tickerId: string): void {
  if (findInstrument(tickerId) || tickerId === USD_KRW) return
  throw new DomainError('not-found', {
    detail: `${tickerId} is not listed. GET /api/v1/market/instruments lists what is.`,
  })
}
