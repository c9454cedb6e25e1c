// Price alerts (가격 알림): told once, when a price crosses a line.

import { createRoute, z } from '@hono/zod-openapi'
import { CURRENCIES } from '../instrument.ts'
import { access } from './access.ts'
import {
  decimalText,
  instantText,
  jsonAnswer,
  jsonBody,
  lineOfText,
  problemAnswers,
  positiveDecimalText,
} from './answers.ts'

/** Alerts of one user that wait for their price. */
export const ACTIVE_ALERTS_MAX = 100
/** Alerts an answer brings: all that wait, then the ones that were told last. */
export const ALERTS_PER_ANSWER_MAX = 200
export const ALERT_NOTE_MAX = 100

/** `ABOVE`: told when the last price reaches the line or passes above it; `BELOW`: below it. */
export const ALERT_CONDITIONS = ['ABOVE', 'BELOW'] as const
export type AlertCondition = (typeof ALERT_CONDITIONS)[number]

export const priceAlertSchema = z
  .object({
    alert_id: z.uuid(),
    ticker_id: z.string(),
    condition: z.enum(ALERT_CONDITIONS),
    /** The line, in `currency`. */
    price: decimalText,
    currency: z.enum(CURRENCIES),
    note: z.string(),
    created_at: instantText,
    /** When the price crossed the line, and the price that did; null while the alert waits. */
    told_at: instantText.nullable(),
    told_price: decimalText.nullable(),
  })
  .openapi('PriceAlert')
export type PriceAlert = z.infer<typeof priceAlertSchema>

export const newAlertSchema = z.object({
  /** An instrument, or `FX-RATE-USDKRW`: the won a dollar costs. */
  ticker_id: z.string().max(40).openapi({ example: 'CRYPTO-COIN-BTC' }),
  condition: z.enum(ALERT_CONDITIONS),
  price: positiveDecimalText,
  note: lineOfText.max(ALERT_NOTE_MAX).default(''),
})
export type NewAlert = z.input<typeof newAlertSchema>

/** The id is the client's own choice, so that a repeated request makes one alert. */
const idParam = z.object({ id: z.uuid() })

export const listAlertsRoute = createRoute({
  method: 'get',
  path: '/api/v1/price-alerts',
  summary: 'Your price alerts: those that wait, then those that were told, the newest first',
  ...access('read'),
  responses: {
    200: jsonAnswer(z.object({ alerts: z.array(priceAlertSchema) }), 'The alerts'),
    ...problemAnswers,
  },
})

export const putAlertRoute = createRoute({
  method: 'put',
  path: '/api/v1/price-alerts/{id}',
  summary:
    'Be told when a price, or USD/KRW, crosses a line; 409 where it is beyond it already. A line that is moved waits anew',
  ...access('session'),
  request: { params: idParam, body: jsonBody(newAlertSchema) },
  responses: { 200: jsonAnswer(priceAlertSchema, 'The alert'), ...problemAnswers },
})

export const deleteAlertRoute = createRoute({
  method: 'delete',
  path: '/api/v1/price-alerts/{id}',
  summary: 'Delete a price alert',
  ...access('session'),
  request: { params: idParam },
  responses: { 204: { description: 'Gone' }, ...problemAnswers },
})
