// Price alerts: made, moved, deleted. They are told by `home/src/alerts`.

import type { OpenAPIHono } from '@hono/zod-openapi'
import {
  deleteAlertRoute,
  listAlertsRoute,
  putAlertRoute,
} from '@motu/shared/contract/price-alerts.ts'
import { decimal } from '@motu/shared/decimal.ts'
import { findInstrument, type Instrument } from '@motu/shared/instrument.ts'
import { DomainError } from '@motu/shared/problem.ts'
import { USD_KRW } from '@motu/shared/ticker.ts'
import type { ApiParts } from '../api.ts'
import type { ApiEnv } from '../env.ts'
import { lastEvents } from '../queries/market.ts'
import { deleteAlert, listAlerts, priceOf, putAlert } from '../queries/price-alerts.ts'

export function addPriceAlertRoutes(app: OpenAPIHono<ApiEnv>, parts: ApiParts): void {
  const { sql, now } = parts

  app.openapi(listAlertsRoute, async (c) => {
    return c.json({ alerts: await listAlerts(sql, c.get('principal').userId) }, 200)
  })

  app.openapi(putAlertRoute, async (c) => {
    const { id: alertId } = c.req.valid('param')
    const { ticker_id: tickerId, condition, price, note } = c.req.valid('json')
    const instrument = quoted(tickerId)
    // Before the price is read: no event falls between what was looked at and what will count.
    const nowMs = now()
    const lastPrice = priceOf((await lastEvents(parts, [tickerId])).get(tickerId))
    const wanted = { instrument, condition, price: decimal(price), note, lastPrice }
    const { userId } = c.get('principal')
    return c.json(await putAlert(sql, { userId, alertId, ...wanted }, nowMs), 200)
  })

  app.openapi(deleteAlertRoute, async (c) => {
    const { id } = c.req.valid('param')
    if (!(await deleteAlert(sql, c.get('principal').userId, id))) {
      throw new DomainError('not-found', { detail: 'You have no price alert with this id.' })
    }
    return c.body(null, 204)
  })
}

/** What will have prices: an instrument, or the exchange rate. */
function quoted(tickerId: string): Pick<Instrument, 'tickerId' | 'currency'> {
  if (tickerId === USD_KRW) return { tickerId, currency: 'KRW' }
  const instrument = findInstrument(tickerId)
  const refused = (code: 'unknown-instrument' | 'instrument-delisted', detail: string) =>
    new DomainError(code, { errors: [{ pointer: '#/ticker_id', detail }] })
  if (!instrument) throw refused('unknown-instrument', 'is not listed')
  if (instrument.status === 'DELISTED')
    throw refused('instrument-delisted', 'has no prices any more')
  return instrument
}
