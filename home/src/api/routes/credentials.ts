// Keys of exchanges: they come in, and go out to no one.

import type { OpenAPIHono } from '@hono/zod-openapi'
import {
  deleteCredentialsRoute,
  getCredentialsRoute,
  listCredentialsRoute,
  putCredentialsRoute,
} from '@motu/shared/contract/credentials.ts'
import { DomainError } from '@motu/shared/problem.ts'
import type { ApiParts } from '../api.ts'
import { actorOf, audit } from '../audit.ts'
import { closeBox } from '../credential-box.ts'
import { openKeyRing } from '../credential-keys.ts'
import type { ApiEnv } from '../env.ts'
import { deleteCredentials, listCredentials, putCredentials } from '../queries/credentials.ts'

const NONE_KEPT = { detail: 'You left no keys of this exchange.' }

export function addCredentialRoutes(app: OpenAPIHono<ApiEnv>, parts: ApiParts): void {
  const { sql, now, config } = parts

  app.openapi(listCredentialsRoute, async (c) =>
    c.json({ credentials: await listCredentials(sql, c.get('principal').userId) }, 200),
  )

  app.openapi(getCredentialsRoute, async (c) => {
    const { exchange } = c.req.valid('param')
    const all = await listCredentials(sql, c.get('principal').userId)
    const kept = all.find((one) => one.exchange === exchange)
    if (!kept) throw new DomainError('not-found', NONE_KEPT)
    return c.json(kept, 200)
  })

  app.openapi(putCredentialsRoute, async (c) => {
    const { exchange } = c.req.valid('param')
    const { userId } = c.get('principal')
    const label = { userId, exchange }
    const ring = await openKeyRing(config.credentialKeysFile)
    const box = closeBox(ring, label, c.req.valid('json'))
    const nowMs = now()
    const kept = await sql.begin(async (tx) => {
      const actor = { ...actorOf(c), target: `user:${userId}` }
      await audit(tx, { action: 'credentials_stored', ...actor, detail: { exchange } }, nowMs)
      return putCredentials(tx, { label, box }, nowMs)
    })
    return c.json(kept, 200)
  })

  app.openapi(deleteCredentialsRoute, async (c) => {
    const { exchange } = c.req.valid('param')
    const { userId } = c.get('principal')
    await sql.begin(async (tx) => {
      const wasThere = await deleteCredentials(tx, { userId, exchange })
      if (!wasThere) throw new DomainError('not-found', NONE_KEPT)
      const actor = { ...actorOf(c), target: `user:${userId}` }
      await audit(tx, { action: 'credentials_removed', ...actor, detail: { exchange } }, now())
    })
    return c.body(null, 204)
  })
}
