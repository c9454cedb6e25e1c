// Market data for screens: instruments, quotes, candles. Open to anyone.

import { createRoute, z } from '@hono/zod-openapi'
import { CURRENCIES, VENUES } from '../instrument.ts'
import { CANDLE_INTERVALS, quoteSchema } from '../market-data.ts'
import { access } from './access.ts'
import { decimalText, instantText, jsonAnswer, problemAnswers } from './answers.ts'

export const CANDLES_PER_ANSWER_MAX = 1_000
export const TICKERS_PER_QUERY_MAX = 100

export const instrumentSchema = z
  .object({
    ticker_id: z.string(),
    venue: z.enum(VENUES),
    name_ko: z.string(),
    name_en: z.string(),
    currency: z.enum(CURRENCIES),
    /** The step of a quantity of a market order. */
    lot: decimalText,
    /** The tick at the current price. */
    tick: decimalText,
    commission_percent: decimalText,
  })
  .openapi('Instrument')

// Made anew: what was made before the OpenAPI methods were added, by whoever came first, lacks them.
const quoteAnswer = z.object(quoteSchema.shape).openapi('Quote')

const tickerParams = z.object({ ticker_id: z.string().max(40) })

export const listInstrumentsRoute = createRoute({
  method: 'get',
  path: '/api/v1/market/instruments',
  summary: 'What can be traded',
  ...access('anyone'),
  responses: {
    200: jsonAnswer(z.object({ instruments: z.array(instrumentSchema) }), 'All instruments'),
    ...problemAnswers,
  },
})

export const getQuoteRoute = createRoute({
  method: 'get',
  path: '/api/v1/market/quotes/{ticker_id}',
  summary: 'The last quote of one instrument',
  ...access('anyone'),
  request: { params: tickerParams },
  responses: { 200: jsonAnswer(quoteAnswer, 'The quote'), ...problemAnswers },
})

export const listQuotesRoute = createRoute({
  method: 'get',
  path: '/api/v1/market/quotes',
  summary: 'The last quotes, of all instruments or of those named',
  ...access('anyone'),
  request: {
    query: z.object({
      tickers: z
        .string()
        .max(4_000)
        .optional()
        .openapi({ example: 'CRYPTO-COIN-BTC,US-STOCK-AAPL' }),
    }),
  },
  responses: {
    200: jsonAnswer(z.object({ quotes: z.array(quoteAnswer) }), 'The quotes that are known'),
    ...problemAnswers,
  },
})

export const listCandlesRoute = createRoute({
  method: 'get',
  path: '/api/v1/market/candles/{ticker_id}',
  summary: 'Candles, oldest first; `from` and `to` are ISO 8601 or milliseconds, `to` exclusive',
  ...access('anyone'),
  request: {
    params: tickerParams,
    query: z.object({
      interval: z.enum(CANDLE_INTERVALS).default('1m'),
      from: z.string().max(40).optional(),
      to: z.string().max(40).optional(),
    }),
  },
  responses: {
    200: jsonAnswer(
      z.object({
        candles: z.array(
          z.tuple([z.int(), decimalText, decimalText, decimalText, decimalText, decimalText]),
        ),
        /** True when the candles are not a venue's own. */
        simulated: z.boolean(),
        as_of: instantText,
      }),
      'At most 1,000 candles, the newest ones of the range',
    ),
    ...problemAnswers,
  },
})
