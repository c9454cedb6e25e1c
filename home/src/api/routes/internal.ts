// What only the edge asks for, and tells: the key set, what is listed, late sign-outs, the HTTP
// courier's orders.

import type { OpenAPIHono } from '@hono/zod-openapi'
import { instrumentsVersion, knownInstruments } from '@motu/shared/instrument.ts'
import {
  type InstrumentList,
  INSTRUMENTS_PATH,
  packInstrument,
} from '@motu/shared/instrument-list.ts'
import { PARTITION_COUNT } from '@motu/shared/partition.ts'
import { DomainError } from '@motu/shared/problem.ts'
import { signOutsSchema } from '@motu/shared/sign-out-calls.ts'
import { z } from 'zod'
import { POST_LENGTH_MAX } from '../../queue/queue.ts'
import type { ApiParts } from '../api.ts'
import type { ApiEnv } from '../env.ts'
import { invalidRequest } from '../problem.ts'

const postSchema = z.strictObject({
  partition: z
    .int()
    .min(0)
    .max(PARTITION_COUNT - 1),
  messages: z.array(z.unknown()).min(1).max(POST_LENGTH_MAX),
})

export function addInternalRoutes(app: OpenAPIHono<ApiEnv>, parts: ApiParts): void {
  const { tokens, courier, signIns } = parts

  app.get('/internal/keys', async (c) => c.json(await tokens.keySet()))

  app.get(INSTRUMENTS_PATH, (c) => {
    const version = instrumentsVersion()
    const isKnown = c.req.query('known') === version
    const instruments = isKnown ? null : knownInstruments().map(packInstrument)
    return c.json({ version, instruments } satisfies InstrumentList)
  })

  app.post('/internal/sign-outs', async (c) => {
    const parsed = signOutsSchema.safeParse(await c.req.json())
    if (!parsed.success) throw invalidRequest(parsed.error.issues)
    await signIns.endSignedOut(parsed.data.session_ids)
    return c.body(null, 204)
  })

  app.post('/internal/orders', async (c) => {
    const parsed = postSchema.safeParse(await c.req.json())
    if (!parsed.success) throw invalidRequest(parsed.error.issues)
    if (!courier) throw new DomainError('not-found', { detail: 'Orders come over RabbitMQ here.' })
    const results = await courier(parsed.data.partition, parsed.data.messages)
    if (results === 'not_owner') {
      throw new DomainError('unavailable', { detail: 'No engine here owns this partition yet.' })
    }
    return c.json({ results })
  })
}
