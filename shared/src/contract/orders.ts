// Orders: place, batch, replace, cancel, read.

import { createRoute, z } from '@hono/zod-openapi'
import { CURRENCIES, VENUES } from '../instrument.ts'
import { SEARCH_LENGTH_MAX } from '../instrument-search.ts'
import {
  CANCEL_RESULTS,
  LEGS,
  ORDER_SESSIONS,
  ORDER_STATUSES,
  ORDER_TYPES,
  ORDERS_PER_BATCH_MAX,
  REASONS,
  SIDES,
  TIMES_IN_FORCE,
  WAITING_FOR,
} from '../order.ts'
import { access } from './access.ts'
import {
  decimalText,
  instantText,
  jsonAnswer,
  jsonBody,
  problemAnswers,
  problemSchema,
  tickerIdText,
} from './answers.ts'
import { placeOrderSchema, replaceOrderSchema } from './order-request.ts'

export const acceptedOrderSchema = z
  .object({
    order_id: z.uuid(),
    client_order_id: z.string(),
    status: z.literal('PENDING'),
    accepted_at: instantText,
  })
  .openapi('AcceptedOrder')
export type AcceptedOrder = z.infer<typeof acceptedOrderSchema>

export const orderSchema = z
  .object({
    order_id: z.uuid(),
    client_order_id: z.string(),
    ticker_id: z.string(),
    side: z.enum(SIDES),
    type: z.enum(ORDER_TYPES),
    time_in_force: z.enum(TIMES_IN_FORCE),
    status: z.enum(ORDER_STATUSES),
    reason: z.enum(REASONS).nullable(),
    waiting_for: z.enum(WAITING_FOR).nullable(),
    quantity: decimalText,
    filled_quantity: decimalText,
    /** The average price of what was filled, in `currency`. */
    price: decimalText.nullable(),
    limit_price: decimalText.nullable(),
    stop_price: decimalText.nullable(),
    trail_amount: decimalText.nullable(),
    trail_percent: decimalText.nullable(),
    /** Won to spend, where the order named an amount: `quantity` then follows the price. */
    notional: decimalText.nullable(),
    post_only: z.boolean(),
    reduce_only: z.boolean(),
    sessions: z.array(z.enum(ORDER_SESSIONS)),
    /** When its time is over: the end of its day, or what was asked for. */
    expires_at: instantText.nullable(),
    /** Its place among orders that belong together, and the order that leads them. */
    leg: z.enum(LEGS).nullable(),
    group_id: z.uuid().nullable(),
    replaces: z.uuid().nullable(),
    replaced_by: z.uuid().nullable(),
    triggered_at: instantText.nullable(),
    currency: z.enum(CURRENCIES),
    /** The notional-weighted mean over the fills. */
    applied_exchange_rate: decimalText.nullable(),
    fee_krw: decimalText,
    /** True when the market data of the moment were missing and a later event decided. */
    settled_late: z.boolean(),
    created_at: instantText,
    accepted_at: instantText,
    filled_at: instantText.nullable(),
    cancel_requested_at: instantText.nullable(),
    cancel_result: z.enum(CANCEL_RESULTS).nullable(),
  })
  .openapi('Order')
export type Order = z.infer<typeof orderSchema>

export const fillSchema = z
  .object({
    fill_id: z.string(),
    quantity: decimalText,
    price: decimalText,
    currency: z.enum(CURRENCIES),
    applied_exchange_rate: decimalText,
    fee_krw: decimalText,
    filled_at: instantText,
  })
  .openapi('Fill')
export type FillView = z.infer<typeof fillSchema>

export const cancelAcceptedSchema = z
  .object({ order_id: z.uuid(), cancel_requested_at: instantText })
  .openapi('CancelAccepted')

/** Orders of a batch are judged one by one, so they arrive here unparsed. */
export const batchSchema = z
  .strictObject({ orders: z.array(z.unknown()).min(1).max(ORDERS_PER_BATCH_MAX) })
  .openapi('OrderBatch')

export const batchResultsSchema = z
  .object({
    results: z.array(
      z.union([
        z.object({ index: z.int(), order_id: z.uuid(), status: z.literal('PENDING') }),
        z.object({ index: z.int(), problem: problemSchema }),
      ]),
    ),
  })
  .openapi('OrderBatchResults')
export type BatchResults = z.infer<typeof batchResultsSchema>

export const ORDERS_PER_PAGE_MAX = 500
/** Several statuses at once; each of those that are stored goes by its own name as well. */
const ORDER_GROUPS = ['open', 'closed', 'all'] as const
const STORED_STATUSES = ORDER_STATUSES.filter((status) => status !== 'PENDING')
export const orderListQuerySchema = z.object({
  status: z.enum([...ORDER_GROUPS, ...STORED_STATUSES]).default('all'),
  ticker_id: tickerIdText.optional(),
  venue: z.enum(VENUES).optional(),
  side: z.enum(SIDES).optional(),
  query: z.string().max(SEARCH_LENGTH_MAX).optional().openapi({
    example: '삼성ㅈㅈ',
    description: 'A part of the name of what was ordered, or of its ticker id',
  }),
  from: z.string().max(40).optional(),
  to: z.string().max(40).optional(),
  limit: z.coerce.number().int().min(1).max(ORDERS_PER_PAGE_MAX).default(50),
  cursor: z.string().max(200).optional(),
})

export const orderListSchema = z
  .object({ orders: z.array(orderSchema), next_cursor: z.string().nullable() })
  .openapi('OrderList')
export type OrderList = z.infer<typeof orderListSchema>

const orderIdParams = z.object({ id: z.uuid() })

export const placeOrderRoute = createRoute({
  method: 'post',
  path: '/api/v1/orders',
  summary: 'Place an order: accepted at once, settled later',
  ...access('trade'),
  request: { body: jsonBody(placeOrderSchema) },
  responses: { 202: jsonAnswer(acceptedOrderSchema, 'The order is kept'), ...problemAnswers },
})

export const placeBatchRoute = createRoute({
  method: 'post',
  path: '/api/v1/orders/batch',
  summary: 'Place up to 100 orders, each on its own',
  ...access('trade'),
  request: { body: jsonBody(batchSchema) },
  responses: {
    202: jsonAnswer(batchResultsSchema, 'At least one order is kept'),
    422: jsonAnswer(batchResultsSchema, 'No order was accepted'),
    ...problemAnswers,
  },
})

export const cancelOrderRoute = createRoute({
  method: 'delete',
  path: '/api/v1/orders/{id}',
  summary: 'Ask for a cancel; its result arrives on the order',
  ...access('trade'),
  request: { params: orderIdParams },
  responses: { 202: jsonAnswer(cancelAcceptedSchema, 'The request is kept'), ...problemAnswers },
})

export const replaceOrderRoute = createRoute({
  method: 'patch',
  path: '/api/v1/orders/{id}',
  summary: 'Replace a working order by a new one; an invalid replacement leaves it working',
  ...access('trade'),
  request: { params: orderIdParams, body: jsonBody(replaceOrderSchema) },
  responses: { 202: jsonAnswer(acceptedOrderSchema, 'The replacement is kept'), ...problemAnswers },
})

export const getOrderRoute = createRoute({
  method: 'get',
  path: '/api/v1/orders/{id}',
  summary: 'One order',
  ...access('read'),
  request: { params: orderIdParams },
  responses: { 200: jsonAnswer(orderSchema, 'The order'), ...problemAnswers },
})

export const listOrdersRoute = createRoute({
  method: 'get',
  path: '/api/v1/orders',
  summary:
    'Orders, newest first; `from` and `to` (exclusive) say when they were accepted: ISO 8601 or milliseconds',
  ...access('read'),
  request: { query: orderListQuerySchema },
  responses: { 200: jsonAnswer(orderListSchema, 'A page of orders'), ...problemAnswers },
})

export const listFillsRoute = createRoute({
  method: 'get',
  path: '/api/v1/orders/{id}/fills',
  summary: 'The fills of an order',
  ...access('read'),
  request: { params: orderIdParams },
  responses: {
    200: jsonAnswer(z.object({ fills: z.array(fillSchema) }), 'The fills, oldest first'),
    ...problemAnswers,
  },
})
