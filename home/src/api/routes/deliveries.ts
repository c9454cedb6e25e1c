// The history of messages, for admins; what failed is sent again, and what is gone tried again.

import type { OpenAPIHono } from '@hono/zod-openapi'
import {
  listDeliveriesRoute,
  listDeliveryPlacesRoute,
  retryDeliveryRoute,
  switchOnPlaceRoute,
} from '@motu/shared/contract/deliveries.ts'
import { DomainError } from '@motu/shared/problem.ts'
import type { ApiParts } from '../api.ts'
import { actorOf, audit } from '../audit.ts'
import type { ApiEnv } from '../env.ts'
import {
  listDeliveries,
  listDeliveryPlaces,
  readDelivery,
  requeueFailed,
  switchPlaceOn,
} from '../queries/deliveries.ts'

export function addDeliveryRoutes(app: OpenAPIHono<ApiEnv>, { sql, now }: ApiParts): void {
  app.openapi(listDeliveriesRoute, async (c) => {
    const { state, place, limit, cursor } = c.req.valid('query')
    return c.json(await listDeliveries(sql, { state, place, limit, cursor }), 200)
  })

  app.openapi(retryDeliveryRoute, async (c) => {
    const { id } = c.req.valid('param')
    await sql.begin(async (tx) => {
      if (!(await requeueFailed(tx, id, now()))) return
      const target = `delivery:${id}`
      await audit(tx, { action: 'delivery_retried', ...actorOf(c), target }, now())
    })
    const delivery = await readDelivery(sql, id)
    if (!delivery) throw new DomainError('not-found', { detail: 'No message has this id.' })
    return c.json(delivery, 200)
  })

  app.openapi(listDeliveryPlacesRoute, async (c) => {
    return c.json({ places: await listDeliveryPlaces(sql) }, 200)
  })

  app.openapi(switchOnPlaceRoute, async (c) => {
    const { place: name } = c.req.valid('param')
    await sql.begin(async (tx) => {
      if (!(await switchPlaceOn(tx, name))) return
      const target = `place:${name}`
      await audit(tx, { action: 'place_switched_on', ...actorOf(c), target }, now())
    })
    const place = (await listDeliveryPlaces(sql)).find((one) => one.place === name)
    if (!place) throw new DomainError('not-found', { detail: 'No message ever went there.' })
    return c.json(place, 200)
  })
}
