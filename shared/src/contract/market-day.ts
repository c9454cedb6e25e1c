// What a day at the venue looks like so far: of one ticker, and which tickers move most.

import { createRoute, z } from '@hono/zod-openapi'
import { CURRENCIES, VENUES } from '../instrument.ts'
import { MARKET_PHASES } from '../market-data.ts'
import { access } from './access.ts'
import { decimalText, instantText, jsonAnswer, problemAnswers } from './answers.ts'

export const MOVERS_MAX = 50

/** A sum of many trades: of a popular share it passes a trillion won, more than `decimalText` holds. */
const sumText = z
  .string()
  .openapi({ example: '1284500000000.5', pattern: '^(0|[1-9]\\d{0,19})(\\.\\d{1,8})?$' })

export const marketDaySchema = z
  .object({
    ticker_id: z.string(),
    currency: z.enum(CURRENCIES),
    /**
     * The venue's date of the last price (`2026-11-20`): KRX and US by their calendars, coins by the day
     * of Upbit (UTC). While a venue is shut it is the day it traded last.
     */
    date: z.string(),
    /** The previous close: what the change is counted from. */
    base_price: decimalText,
    /**
     * From the candles of its minutes, and the last price; null while there are none. Where prices are
     * simulated, of the day that is played: the one before it ended with the base price.
     */
    open: decimalText.nullable(),
    high: decimalText.nullable(),
    low: decimalText.nullable(),
    price: decimalText,
    change_pct: decimalText,
    /** Traded today, in units, and in `currency` at the prices of its minutes. */
    volume: sumText,
    turnover: sumText,
    /** 상한가, 하한가; null where the venue has no band. */
    upper_limit: decimalText.nullable(),
    lower_limit: decimalText.nullable(),
    /** 52 weeks, today included, as far back as Motu has heard it; the last price where it has not. */
    year_high: decimalText,
    year_low: decimalText,
    /** Now; `halted` during a volatility interruption (VI) or a trading halt. */
    phase: z.enum(MARKET_PHASES),
    /**
     * 체결강도: what took asks over what hit bids, in percent with two decimals, of the day's prints
     * since home began to listen; null while nothing hit a bid.
     */
    strength_pct: decimalText.nullable(),
    simulated: z.boolean(),
    as_of: instantText,
  })
  .openapi('MarketDay')
export type MarketDay = z.infer<typeof marketDaySchema>

export const getMarketDayRoute = createRoute({
  method: 'get',
  path: '/api/v1/market/days/{ticker_id}',
  summary: 'The day of one instrument so far, its band, its 52 weeks',
  ...access('anyone'),
  request: { params: z.object({ ticker_id: z.string().max(40) }) },
  responses: { 200: jsonAnswer(marketDaySchema, 'The day'), ...problemAnswers },
})

/**
 * Of each venue the tickers that were priced on its newest date. `gainers` rose and `losers` fell
 * against their base price; `turnover` is in won, so that venues compare.
 */
export const MOVER_ORDERS = ['gainers', 'losers', 'turnover'] as const
export type MoverOrder = (typeof MOVER_ORDERS)[number]

export const moverSchema = z
  .object({
    ticker_id: z.string(),
    price: decimalText,
    currency: z.enum(CURRENCIES),
    change_pct: decimalText,
    volume: sumText,
    /** Whole won. */
    turnover_krw: sumText,
    simulated: z.boolean(),
  })
  .openapi('Mover')
export type Mover = z.infer<typeof moverSchema>

export const listMoversRoute = createRoute({
  method: 'get',
  path: '/api/v1/market/movers',
  summary: 'What rose most, fell most, or was traded most today',
  ...access('anyone'),
  request: {
    query: z.object({
      by: z.enum(MOVER_ORDERS).default('gainers'),
      venue: z.enum(VENUES).optional(),
      limit: z.coerce.number().int().min(1).max(MOVERS_MAX).default(10),
    }),
  },
  responses: {
    200: jsonAnswer(z.object({ movers: z.array(moverSchema), as_of: instantText }), 'The movers'),
    ...problemAnswers,
  },
})
