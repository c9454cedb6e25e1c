// How an account fared: its net worth over time, what was realised by day, its cash ledger.

import { createRoute, z } from '@hono/zod-openapi'
import { CURRENCIES } from '../instrument.ts'
import { access } from './access.ts'
import { decimalText, instantText, jsonAnswer, problemAnswers } from './answers.ts'

export const HISTORY_RANGES = ['1d', '1w', '1m', '3m', '1y', 'all'] as const
export type HistoryRange = (typeof HISTORY_RANGES)[number]
export const HISTORY_POINTS_MAX = 500
export const LEDGER_PER_ANSWER_MAX = 200
export const REALIZED_DAYS_MAX = 400

export const netWorthHistorySchema = z
  .object({
    /** `[instant in ms, net worth in won, money put in from outside until then in won]`, oldest first. */
    points: z.array(z.tuple([z.int(), decimalText, decimalText])).max(HISTORY_POINTS_MAX),
    as_of: instantText,
  })
  .openapi('NetWorthHistory')
export type NetWorthHistory = z.infer<typeof netWorthHistorySchema>

export const netWorthHistoryRoute = createRoute({
  method: 'get',
  path: '/api/v1/portfolio/history',
  summary: 'Your net worth over time',
  ...access('read'),
  request: { query: z.object({ range: z.enum(HISTORY_RANGES).default('1m') }) },
  responses: { 200: jsonAnswer(netWorthHistorySchema, 'At most 500 points'), ...problemAnswers },
})

/** What sells realised on one date of Seoul. */
export const realizedDaySchema = z
  .object({
    date: z.string(),
    /** Gained by the move of prices, and by the move of the exchange rate (환차손익); fees apart. */
    price_pnl_krw: decimalText,
    fx_pnl_krw: decimalText,
    /** Fees and taxes of these sells; those of the buys before them are not in it. */
    fees_krw: decimalText,
    /** Filled orders with a sell among them. */
    sells: z.int(),
  })
  .openapi('RealizedDay')
export type RealizedDay = z.infer<typeof realizedDaySchema>

const dateText = z.iso.date()

export const realizedRoute = createRoute({
  method: 'get',
  path: '/api/v1/portfolio/realized',
  summary:
    'What your sells realised, by date of Seoul, the newest first; `to` is part of the range',
  ...access('read'),
  request: { query: z.object({ from: dateText.optional(), to: dateText.optional() }) },
  responses: {
    200: jsonAnswer(
      z.object({ days: z.array(realizedDaySchema).max(REALIZED_DAYS_MAX) }),
      'The days',
    ),
    ...problemAnswers,
  },
})

/** `fraction`: cash for what a split left of less than a share (단주대금). */
export const LEDGER_KINDS = [
  'deposit',
  'buy',
  'sell',
  'dividend',
  'fraction',
  'adjustment',
] as const
export type LedgerKind = (typeof LEDGER_KINDS)[number]

/** One line of the cash ledger (거래내역), in the order they were booked. */
export const ledgerLineSchema = z
  .object({
    line_id: z.string(),
    /** When the market filled it; of other lines when it was booked. */
    at: instantText,
    kind: z.enum(LEDGER_KINDS),
    /** What came in; negative: what went out. Fees and taxes included. */
    amount_krw: decimalText,
    fee_krw: decimalText,
    tax_krw: decimalText,
    /** Null where no instrument is involved. */
    ticker_id: z.string().nullable(),
    quantity: decimalText.nullable(),
    price: decimalText.nullable(),
    currency: z.enum(CURRENCIES),
    applied_exchange_rate: decimalText.nullable(),
    order_id: z.uuid().nullable(),
    /** Cash after this line, held money included. */
    balance_krw: decimalText,
  })
  .openapi('LedgerLine')
export type LedgerLine = z.infer<typeof ledgerLineSchema>

export const ledgerRoute = createRoute({
  method: 'get',
  path: '/api/v1/portfolio/ledger',
  summary: 'Your cash ledger, or its lines of one kind, the newest first',
  ...access('read'),
  request: {
    query: z.object({
      limit: z.coerce.number().int().min(1).max(LEDGER_PER_ANSWER_MAX).default(50),
      cursor: z.string().max(200).optional(),
      kind: z.enum(LEDGER_KINDS).optional(),
    }),
  },
  responses: {
    200: jsonAnswer(
      z.object({ lines: z.array(ledgerLineSchema), next_cursor: z.string().nullable() }),
      'The lines',
    ),
    ...problemAnswers,
  },
})
