// Why an order has the price it has, or still waits; and what would become of one that is only tried.

import type { OpenAPIHono } from '@hono/zod-openapi'
import { testOrderRoute } from '@motu/shared/contract/order-test.ts'
import { getReceiptRoute, type Receipt } from '@motu/shared/contract/receipt.ts'
import { type Decimal, formatDecimal } from '@motu/shared/decimal.ts'
import { FX_SPREAD_RATE } from '@motu/shared/fill.ts'
import { REGULAR } from '@motu/shared/hours.ts'
import { findInstrument, type Instrument } from '@motu/shared/instrument.ts'
import type { MarketEvent, MarketPhase } from '@motu/shared/market-data.ts'
import { isFinal, isStop } from '@motu/shared/order.ts'
import { draftOfRequest } from '@motu/shared/order-draft.ts'
import { DomainError } from '@motu/shared/problem.ts'
import { USD_KRW } from '@motu/shared/ticker.ts'
import { trailingStop } from '@motu/shared/trailing-stop.ts'
import type { OrderRecord } from '../../db/order-view.ts'
import type { ApiParts } from '../api.ts'
import type { ApiEnv } from '../env.ts'
import { readAvailable } from '../queries/available.ts'
import { lastEvents } from '../queries/market.ts'
import { readEvidence } from '../queries/receipts.ts'
import { refusedByRule, tryOrder, untradable } from '../try-order.ts'

export function addOrderRoutes(app: OpenAPIHono<ApiEnv>, parts: ApiParts): void {
  const { sql, now, config, calendars } = parts
  // As the fill profiles have it: arcade waives the spread.
  const fxSpreadRate = config.fillProfile === 'arcade' ? 0n : FX_SPREAD_RATE

  app.openapi(getReceiptRoute, async (c) => {
    const found = await readEvidence(sql, c.get('principal').userId, c.req.valid('param').id)
    if (!found) throw new DomainError('not-found', { detail: 'You have no order with this id.' })
    const { order, fills } = found
    const receipt: Receipt = {
      order_id: order.id,
      ticker_id: order.tickerId,
      side: order.side,
      status: order.status,
      reason: order.reason,
      accepted_at: new Date(order.acceptedAt).toISOString(),
      fills,
      waiting: isFinal(order.status) ? null : await waitingOf(parts, order),
    }
    return c.json(receipt, 200)
  })

  app.openapi(testOrderRoute, async (c) => {
    const nowMs = now()
    const draft = draftOfRequest(c.req.valid('json'), 'test')
    const instrument = findInstrument(draft.tickerId)
    const refusal = instrument ? null : refusedByRule(draft, nowMs)
    if (!instrument) return c.json(untradable(refusal!), 200)
    const { tickerId, venue } = instrument
    const [available, events] = await Promise.all([
      readAvailable(sql, c.get('principal').userId, tickerId),
      lastEvents(parts, [tickerId, USD_KRW]),
    ])
    if (!available) throw new DomainError('unauthenticated')
    const answer = tryOrder(draft, instrument, {
      ...{ nowMs, available, fxSpreadRate },
      calendar: calendars.of(venue),
      event: events.get(tickerId),
      fxEvent: events.get(USD_KRW),
    })
    return c.json(answer, 200)
  })
}

async function waitingOf(parts: ApiParts, order: OrderRecord): Promise<Receipt['waiting']> {
  const { calendars, now } = parts
  const nowMs = now()
  const event = (await lastEvents(parts, [order.tickerId])).get(order.tickerId)
  const instrument = findInstrument(order.tickerId)
  const sessions = order.sessions ?? REGULAR
  const calendar = instrument && calendars.of(instrument.venue)
  const byCalendar = calendar?.phaseAt(nowMs, sessions) ?? 'closed'
  const nextOpen =
    byCalendar === 'closed' ? (calendar?.nextOpen(nowMs, sessions)?.opensAt ?? null) : null
  const price = awaited(order)
  return {
    for: order.waitingFor,
    phase: phaseOf(instrument, byCalendar, event),
    next_open: iso(nextOpen),
    expires_at: iso(order.expiresAt),
    remaining: formatDecimal(order.requestedQuantity - order.filledQuantity),
    price: price === null ? null : formatDecimal(price),
    bid: event?.bid ?? null,
    ask: event?.ask ?? null,
    last: event?.price ?? null,
    age_ms: event ? Math.max(nowMs - Date.parse(event.received_at), 0) : null,
  }
}

/** By the venue's calendar, and while it is open by the venue's own word. */
function phaseOf(
  instrument: Instrument | undefined,
  byCalendar: MarketPhase,
  event: MarketEvent | undefined,
): MarketPhase {
  if (instrument?.status !== 'LISTED') return 'halted'
  return byCalendar === 'continuous' ? (event?.phase ?? 'continuous') : byCalendar
}

/** The price an order waits for; null where it waits for something else. */
function awaited(order: OrderRecord): Decimal | null {
  if (order.waitingFor === 'ENTRY') return null
  const isWatching = isStop(order.type) && order.triggeredAt === null
  if (!isWatching) return order.limitPrice
  if (order.stopPrice !== null) return order.stopPrice
  return order.markPrice === null ? null : trailingStop(order, order.markPrice)
}

const iso = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString())
