// What a coin costs at other exchanges: open to anyone, and good for nothing but looking at.

import type { OpenAPIHono } from '@hono/zod-openapi'
import { listReferencesRoute } from '@motu/shared/contract/market.ts'
import { type Decimal, decimal, formatDecimal } from '@motu/shared/decimal.ts'
import { findInstrument } from '@motu/shared/instrument.ts'
import type { MarketEvent } from '@motu/shared/market-data.ts'
import { DomainError } from '@motu/shared/problem.ts'
import { parseTickerId, USD_KRW } from '@motu/shared/ticker.ts'
import type { ApiParts } from '../api.ts'
import type { ApiEnv } from '../env.ts'
import { premiumOver } from '../premium.ts'
import { invalidRequest } from '../problem.ts'
import { lastEvents } from '../queries/market.ts'

export function addReferenceRoutes(app: OpenAPIHono<ApiEnv>, parts: ApiParts): void {
  const { references, now } = parts

  app.openapi(listReferencesRoute, async (c) => {
    const { ticker: tickerId } = c.req.valid('query')
    const base = baseOf(tickerId)
    const events = await lastEvents(parts, [tickerId, USD_KRW])
    const venue = anchorOf(events.get(tickerId), (event) => decimal(event.price))
    const usdKrw = anchorOf(events.get(USD_KRW), midOf)
    const nowMs = now()
    const against = { usdKrw: usdKrw?.value ?? null, venuePrice: venue?.value ?? null }
    const quotes = references.of(base, nowMs)
    return c.json(
      {
        ticker_id: tickerId,
        venue: venue?.shown ?? null,
        usd_krw: usdKrw?.shown ?? null,
        references: quotes.map((quote) => ({ ...quote, ...premiumOver(quote, against) })),
        as_of: new Date(nowMs).toISOString(),
      },
      200,
    )
  })
}

/** The coin of a ticker; only coins are traded elsewhere, too. */
function baseOf(tickerId: string): string {
  const instrument = findInstrument(tickerId)
  if (!instrument) throw new DomainError('not-found', { detail: `${tickerId} is not listed.` })
  if (instrument.venue !== 'CRYPTO') {
    throw invalidRequest([{ path: ['ticker'], message: 'must be a coin, such as CRYPTO-COIN-BTC' }])
  }
  return parseTickerId(tickerId)!.symbol
}

function midOf({ bid, ask }: MarketEvent): Decimal {
  return (decimal(bid) + decimal(ask)) / 2n
}

function anchorOf(event: MarketEvent | undefined, valueOf: (event: MarketEvent) => Decimal) {
  if (!event) return null
  const { received_at, source, simulated } = event
  const value = valueOf(event)
  return { value, shown: { price: formatDecimal(value), received_at, source, simulated } }
}
