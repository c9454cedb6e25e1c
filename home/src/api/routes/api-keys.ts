// API keys: made, listed, replaced, revoked by their owner. A key's text leaves here once.

import { randomBytes } from 'node:crypto'
import type { OpenAPIHono } from '@hono/zod-openapi'
import { makeApiKey, secretHash } from '@motu/shared/api-key.ts'
import {
  createApiKeyRoute,
  listApiKeysRoute,
  revokeApiKeyRoute,
  rotateApiKeyRoute,
} from '@motu/shared/contract/api-keys.ts'
import { DomainError } from '@motu/shared/problem.ts'
import type { Context } from 'hono'
import type { ApiParts } from '../api.ts'
import { actorOf, audit } from '../audit.ts'
import type { ApiEnv } from '../env.ts'
import { isNetwork } from '../networks.ts'
import { invalidRequest } from '../problem.ts'
import { insertKey, listKeys, replaceKey, revokeKey } from '../queries/managed-keys.ts'
import { revocationOf } from '../queries/revocations.ts'

const NO_SUCH_KEY = { detail: 'You have no such API key.' }

export function addApiKeyRoutes(app: OpenAPIHono<ApiEnv>, parts: ApiParts): void {
  const { sql, now, revocations } = parts

  app.openapi(createApiKeyRoute, async (c) => {
    const asked = c.req.valid('json')
    const nowMs = now()
    checkWishes(c, asked, nowMs)
    const { userId } = c.get('principal')
    const { keyId, text } = makeApiKey(randomBytes)
    const key = {
      ...{ keyId, hash: secretHash(text), userId, name: asked.name },
      scopes: [...new Set(asked.scopes)],
      networks: [...new Set(asked.allowed_networks)],
      quotaPerMinute: asked.quota_per_minute,
      expiresAt: asked.expires_at === undefined ? null : new Date(asked.expires_at),
    }
    const view = await sql.begin(async (tx) => {
      const made = await insertKey(tx, key, nowMs)
      const detail = { name: key.name, scopes: key.scopes, networks: key.networks }
      const target = `key:${keyId}`
      await audit(tx, { action: 'api_key_created', ...actorOf(c), target, detail }, nowMs)
      return made
    })
    c.header('cache-control', 'no-store')
    return c.json({ ...view, api_key: text }, 201)
  })

  app.openapi(listApiKeysRoute, async (c) =>
    c.json({ api_keys: await listKeys(sql, c.get('principal').userId, now()) }, 200),
  )

  app.openapi(rotateApiKeyRoute, async (c) => {
    const { id } = c.req.valid('param')
    const { userId } = c.get('principal')
    // A body is not asked for; the schema's default stands in.
    const graceSeconds = c.req.valid('json').grace_seconds ?? 0
    const { keyId, text } = makeApiKey(randomBytes)
    const nowMs = now()
    const view = await sql.begin(async (tx) => {
      const old = { userId, keyId: id, graceMs: graceSeconds * 1_000 }
      const made = await replaceKey(tx, old, { keyId, hash: secretHash(text) }, nowMs)
      if (!made) throw new DomainError('not-found', NO_SUCH_KEY)
      const detail = { replaced_by: keyId, grace_seconds: graceSeconds }
      const target = `key:${id}`
      await audit(tx, { action: 'api_key_rotated', ...actorOf(c), target, detail }, nowMs)
      return made
    })
    if (graceSeconds === 0) await revocations.announce([revocationOf('key', id, nowMs)])
    c.header('cache-control', 'no-store')
    return c.json({ ...view, api_key: text }, 201)
  })

  app.openapi(revokeApiKeyRoute, async (c) => {
    const { id } = c.req.valid('param')
    const { userId } = c.get('principal')
    const nowMs = now()
    const outcome = await sql.begin(async (tx) => {
      const done = await revokeKey(tx, { userId, keyId: id, reason: 'revoked' }, nowMs)
      if (done === 'revoked') {
        await audit(tx, { action: 'api_key_revoked', ...actorOf(c), target: `key:${id}` }, nowMs)
      }
      return done
    })
    if (outcome === 'unknown') throw new DomainError('not-found', NO_SUCH_KEY)
    if (outcome === 'revoked') await revocations.announce([revocationOf('key', id, nowMs)])
    return c.body(null, 204)
  })
}

type Wishes = {
  scopes: readonly string[]
  allowed_networks: readonly string[]
  expires_at?: string | undefined
}

/** What the contract cannot know: who asks, and when. */
function checkWishes(c: Context<ApiEnv>, wishes: Wishes, nowMs: number): void {
  if (wishes.scopes.includes('admin') && c.get('principal').role !== 'ADMIN') {
    throw new DomainError('forbidden', {
      detail: 'Only admins make keys with the scope admin.',
      errors: [{ pointer: '#/scopes', detail: 'must not hold admin' }],
    })
  }
  const wrong = wishes.allowed_networks.findIndex((network) => !isNetwork(network))
  if (wrong >= 0) {
    throw invalidRequest([{ path: ['allowed_networks', wrong], message: 'is no network' }])
  }
  if (wishes.expires_at !== undefined && Date.parse(wishes.expires_at) <= nowMs) {
    throw invalidRequest([{ path: ['expires_at'], message: 'must be in the future' }])
  }
}
