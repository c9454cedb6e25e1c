// The portfolio: cash, positions and what they are worth in won.

import { createRoute, z } from '@hono/zod-openapi'
import { CURRENCIES } from '../instrument.ts'
import { access } from './access.ts'
import { decimalText, instantText, jsonAnswer, problemAnswers } from './answers.ts'

export const positionSchema = z
  .object({
    ticker_id: z.string(),
    quantity: decimalText,
    /** Reserved by open sell orders; part of `quantity`. */
    held_quantity: decimalText,
    /** Cost of one unit in `currency`, fees excluded. */
    average_price: decimalText,
    currency: z.enum(CURRENCIES),
    /** The mid the position is valued at; null while no price is known. */
    price: decimalText.nullable(),
    value_krw: decimalText.nullable(),
    unrealized_pnl_krw: decimalText.nullable(),
  })
  .openapi('Position')
export type PositionView = z.infer<typeof positionSchema>

export const portfolioSchema = z
  .object({
    /** Free to trade with. */
    cash_krw: decimalText,
    /** Reserved by open buy orders. */
    held_krw: decimalText,
    /** Cash, held and positions at the mid; a position without a price counts at its cost. */
    equity_krw: decimalText,
    /** Gained by sells so far, fees and taxes apart. */
    realized_pnl_krw: decimalText,
    positions: z.array(positionSchema),
    as_of: instantText,
  })
  .openapi('Portfolio')
export type Portfolio = z.infer<typeof portfolioSchema>

export const portfolioRoute = createRoute({
  method: 'get',
  path: '/api/v1/portfolio',
  summary: 'Balance and valuation at current prices',
  ...access('read'),
  responses: { 200: jsonAnswer(portfolioSchema, 'The portfolio'), ...problemAnswers },
})
