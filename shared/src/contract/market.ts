// Market data for screens: instruments, quotes, candles. Open to anyone.

import { createRoute, z } from '@hono/zod-openapi'
import { BOARDS, CURRENCIES, INSTRUMENT_KINDS, LISTING_STATUSES, VENUES } from '../instrument.ts'
import { SEARCH_LENGTH_MAX } from '../instrument-search.ts'
import { CANDLE_INTERVALS, quoteSchema, referenceQuoteSchema } from '../market-data.ts'
import { access } from './access.ts'
import { decimalText, instantText, jsonAnswer, problemAnswers } from './answers.ts'

export const CANDLES_PER_ANSWER_MAX = 1_000
export const TICKERS_PER_QUERY_MAX = 100
export const INSTRUMENTS_PER_ANSWER_MAX = 100

export const instrumentSchema = z
  .object({
    ticker_id: z.string(),
    venue: z.enum(VENUES),
    kind: z.enum(INSTRUMENT_KINDS),
    /** Null outside KRX. */
    board: z.enum(BOARDS).nullable(),
    /** `HALTED` keeps orders waiting, `DELISTED` takes none. */
    status: z.enum(LISTING_STATUSES),
    name_ko: z.string(),
    name_en: z.string(),
    /** Its line of business; null where the source says none. */
    sector: z.string().nullable(),
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
  summary: 'What can be traded: the first set, or what answers to a query, the best answers first',
  ...access('anyone'),
  request: {
    query: z.object({
      query: z.string().max(SEARCH_LENGTH_MAX).optional().openapi({
        example: 'ㅅㅅㅈㅈ',
        description: 'A symbol, part of a Korean or English name, or its first consonants',
      }),
      venue: z.enum(VENUES).optional(),
      limit: z.coerce.number().int().min(1).max(INSTRUMENTS_PER_ANSWER_MAX).default(50),
    }),
  },
  responses: {
    200: jsonAnswer(z.object({ instruments: z.array(instrumentSchema) }), 'The instruments'),
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

/** A rate or a price that others are held against, and where it comes from. */
const anchorSchema = z.object({
  price: decimalText,
  received_at: instantText,
  source: z.string(),
  simulated: z.boolean(),
})

export const referencesSchema = z
  .object({
    ticker_id: z.string(),
    /** The last price of the one venue this ticker is priced by (Upbit), in won; null: none yet. */
    venue: anchorSchema.nullable(),
    /** The mid of USD/KRW. A USDT counts as a dollar; null: no rate yet. */
    usd_krw: anchorSchema.nullable(),
    /** Of the last half minute; nothing is traded, filled or valued at these prices. */
    references: z.array(
      z.object({
        ...referenceQuoteSchema.shape,
        /** `price` at the rate above; null without one. */
        price_krw: decimalText.nullable(),
        /** How far the venue's price stands above it, in percent with two decimals (김치 프리미엄). */
        kimchi_premium_pct: decimalText.nullable(),
      }),
    ),
    as_of: instantText,
  })
  .openapi('References')
export type References = z.infer<typeof referencesSchema>

export const listReferencesRoute = createRoute({
  method: 'get',
  path: '/api/v1/market/references',
  summary: 'What a coin costs at other exchanges, in won, and the kimchi premium over each',
  ...access('anyone'),
  request: {
    query: z.object({ ticker: z.string().max(40).openapi({ example: 'CRYPTO-COIN-BTC' }) }),
  },
  responses: { 200: jsonAnswer(referencesSchema, 'The references'), ...problemAnswers },
})
