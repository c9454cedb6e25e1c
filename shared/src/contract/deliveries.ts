// The history of messages, as admins read it: what was sent where, what was not, and why.

import { createRoute, z } from '@hono/zod-openapi'
import { access } from './access.ts'
import { instantText, jsonAnswer, problemAnswers } from './answers.ts'

export const DELIVERIES_PAGE_MAX = 50
/** Places in one answer at the most; those that are switched off come first. */
export const DELIVERY_PLACES_MAX = 100
/** As places are named: `discord:alerts`, `push:` and the device's id. */
const PLACE = /^[\w:.-]{1,100}$/

export const DELIVERY_STATES = ['queued', 'sending', 'sent', 'failed'] as const
export type DeliveryState = (typeof DELIVERY_STATES)[number]

export const deliverySchema = z
  .object({
    delivery_id: z.string(),
    /** A service and a channel of it. */
    place: z.string().openapi({ example: 'discord:alerts' }),
    /** `sending`: a try is under way. `failed`: it was given up, or the service will not take it. */
    state: z.enum(DELIVERY_STATES),
    /** Tries that were begun. */
    attempts: z.int(),
    /** An earlier try may have arrived: its answer was never seen. */
    may_repeat: z.boolean(),
    /** What went wrong with the last try. */
    error: z.string().nullable(),
    /** As it was sent last; null before the first try has ended. */
    text: z.string().nullable(),
    created_at: instantText,
    /** Not tried before; null where nothing will be tried. */
    next_try_at: instantText.nullable(),
    ended_at: instantText.nullable(),
    /** What it tells: one event, or several in a summary. */
    events: z.array(
      z.object({
        event_id: z.string(),
        kind: z.string().openapi({ example: 'whale_trade' }),
        occurred_at: instantText,
      }),
    ),
  })
  .openapi('Delivery')
export type Delivery = z.infer<typeof deliverySchema>

export const deliveryListSchema = z
  .object({ deliveries: z.array(deliverySchema), next_cursor: z.string().nullable() })
  .openapi('DeliveryList')
export type DeliveryList = z.infer<typeof deliveryListSchema>

export const deliveryPlaceSchema = z
  .object({
    place: z.string().openapi({ example: 'discord:alerts' }),
    /** The service said that nothing is to be sent before; null where it did not. */
    paused_until: instantText.nullable(),
    /** Since when it is gone: nothing is sent there until it has another address, or is switched on. */
    switched_off_at: instantText.nullable(),
    /** What the service said when it was switched off. */
    error: z.string().nullable(),
    /** Messages that wait for it. */
    waiting: z.int(),
  })
  .openapi('DeliveryPlace')
export type DeliveryPlace = z.infer<typeof deliveryPlaceSchema>

const deliveryId = z.object({
  id: z
    .string()
    .regex(/^\d{1,18}$/)
    .openapi({ param: { name: 'id', in: 'path' }, example: '42' }),
})
const placeName = z.object({
  place: z
    .string()
    .regex(PLACE)
    .openapi({ param: { name: 'place', in: 'path' }, example: 'discord:alerts' }),
})

export const listDeliveriesRoute = createRoute({
  method: 'get',
  path: '/api/v1/admin/deliveries',
  summary: 'Messages that were sent, will be or failed, newest first',
  ...access('admin'),
  request: {
    query: z.object({
      state: z.enum(DELIVERY_STATES).optional(),
      place: z.string().regex(PLACE).optional(),
      limit: z.coerce.number().int().min(1).max(DELIVERIES_PAGE_MAX).default(20),
      cursor: z.string().min(1).max(200).optional(),
    }),
  },
  responses: { 200: jsonAnswer(deliveryListSchema, 'A page of them'), ...problemAnswers },
})

export const retryDeliveryRoute = createRoute({
  method: 'post',
  path: '/api/v1/admin/deliveries/{id}/retry',
  summary: 'Send a failed message again; one that has not failed stays as it is',
  ...access('admin'),
  request: { params: deliveryId },
  responses: { 200: jsonAnswer(deliverySchema, 'As it is now'), ...problemAnswers },
})

export const listDeliveryPlacesRoute = createRoute({
  method: 'get',
  path: '/api/v1/admin/delivery-places',
  summary: 'Where messages go, and which places are switched off',
  ...access('admin'),
  responses: {
    200: jsonAnswer(z.object({ places: z.array(deliveryPlaceSchema) }), 'They'),
    ...problemAnswers,
  },
})

export const switchOnPlaceRoute = createRoute({
  method: 'post',
  path: '/api/v1/admin/delivery-places/{place}/switch-on',
  summary: 'Try a place again that was gone; one that is on stays as it is',
  ...access('admin'),
  request: { params: placeName },
  responses: { 200: jsonAnswer(deliveryPlaceSchema, 'As it is now'), ...problemAnswers },
})
