// The receipt of an order: the evidence behind each price, or why it still waits.

import { createRoute, z } from '@hono/zod-openapi'
import { CURRENCIES } from '../instrument.ts'
import { MARKET_PHASES } from '../market-data.ts'
import { ORDER_STATUSES, REASONS, SIDES, WAITING_FOR } from '../order.ts'
import { CHARGE_KINDS } from '../venues/charges.ts'
import { access } from './access.ts'
import { decimalText, instantText, jsonAnswer, problemAnswers } from './answers.ts'

export const chargeSchema = z
  .object({
    kind: z.enum(CHARGE_KINDS),
    /** The row of the dated tables that it was reckoned by. */
    rule: z.string(),
    /** What the rate is taken of: won, or shares. */
    base: decimalText,
    rate: decimalText,
    unit: z.enum(['percent_of_notional', 'per_share']),
    /** Dollars for the whole order at the most. */
    cap: decimalText.nullable(),
    amount_krw: decimalText,
  })
  .openapi('Charge')

/** What is stored with a fill. Everything a recomputation needs, as it was. */
export const evidenceSchema = z
  .object({
    model: z.string().openapi({ example: 'standard@1' }),
    seed: z.int(),
    latency_ms: z.int(),
    /** From the displayed book, from waiting in it, in a call auction, or from a minute's candle. */
    role: z.enum(['taker', 'maker', 'auction', 'candle']),
    event: z.object({
      source: z.string(),
      epoch: z.string(),
      seq: z.int(),
      venue_time: instantText,
      received_at: instantText,
      /** How old it was when home received it. */
      age_ms: z.int(),
      simulated: z.boolean(),
      bid: decimalText,
      ask: decimalText,
      last: decimalText,
    }),
    /** Shown within reach of the order. */
    displayed: decimalText,
    /** Before it at its price, when it joined and before this event; null for one that took. */
    queue: z.object({ initial: decimalText, ahead: decimalText }).nullable(),
    fx: z.object({
      mid: decimalText,
      spread_rate: decimalText,
      at: instantText.nullable(),
      source: z.string().nullable(),
    }),
    charges: z.array(chargeSchema),
  })
  .openapi('FillEvidence')
export type Evidence = z.infer<typeof evidenceSchema>

export const receiptSchema = z
  .object({
    order_id: z.uuid(),
    ticker_id: z.string(),
    side: z.enum(SIDES),
    status: z.enum(ORDER_STATUSES),
    reason: z.enum(REASONS).nullable(),
    accepted_at: instantText,
    fills: z.array(
      z.object({
        fill_no: z.int(),
        quantity: decimalText,
        price: decimalText,
        currency: z.enum(CURRENCIES),
        applied_exchange_rate: decimalText,
        notional_krw: decimalText,
        fee_krw: decimalText,
        filled_at: instantText,
        settled_late: z.boolean(),
        /** Null for fills of before receipts were kept. */
        evidence: evidenceSchema.nullable(),
      }),
    ),
    /** For an order that is still open. */
    waiting: z
      .object({
        for: z.enum(WAITING_FOR).nullable(),
        phase: z.enum(MARKET_PHASES),
        /** The next opening of a session it may trade in; null while one is open. */
        next_open: instantText.nullable(),
        expires_at: instantText.nullable(),
        remaining: decimalText,
        /** The price the market would have to reach. */
        price: decimalText.nullable(),
        bid: decimalText.nullable(),
        ask: decimalText.nullable(),
        last: decimalText.nullable(),
        /** How old the last observation is. */
        age_ms: z.int().nullable(),
      })
      .nullable(),
  })
  .openapi('Receipt')
export type Receipt = z.infer<typeof receiptSchema>

export const getReceiptRoute = createRoute({
  method: 'get',
  path: '/api/v1/orders/{id}/receipt',
  summary: 'Why each fill has its price, or why the order still waits',
  ...access('read'),
  request: { params: z.object({ id: z.uuid() }) },
  responses: { 200: jsonAnswer(receiptSchema, 'The receipt'), ...problemAnswers },
})
