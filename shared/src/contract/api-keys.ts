// API keys as their owner manages them. A key cannot manage keys: these routes want a sign-in.

import { createRoute, z } from '@hono/zod-openapi'
import { KEY_ID_PATTERN } from '../api-key.ts'
import { access, SCOPES } from './access.ts'
import { instantText, jsonAnswer, jsonBody, problemAnswers } from './answers.ts'

export const ACTIVE_KEYS_PER_USER_MAX = 20
export const NETWORKS_PER_KEY_MAX = 20
export const QUOTA_PER_MINUTE_DEFAULT = 600
export const QUOTA_PER_MINUTE_MAX = 100_000
/** A week: who needs longer to change a bot's key has forgotten it. */
export const GRACE_SECONDS_MAX = 604_800

const network = z
  .union([z.cidrv4(), z.cidrv6()], { error: 'must be a network such as 203.0.113.0/24' })
  .openapi({ type: 'string', example: '203.0.113.0/24' })

export const newApiKeySchema = z
  .strictObject({
    name: z
      .string()
      .trim()
      .min(1)
      .max(60)
      .regex(/^[^\p{C}]+$/u, { error: 'must not hold control characters' })
      .openapi({ example: 'my grid bot', pattern: '^[^\\p{C}]+$' }),
    scopes: z
      .array(z.enum(SCOPES))
      .min(1)
      .max(SCOPES.length)
      .default(['read'])
      .openapi({ description: '`trade` and `admin` include `read`; trading is off by default' }),
    allowed_networks: z
      .array(network)
      .max(NETWORKS_PER_KEY_MAX)
      .default([])
      .openapi({ description: 'Where it may be used from; empty: anywhere' }),
    quota_per_minute: z
      .int()
      .min(1)
      .max(QUOTA_PER_MINUTE_MAX)
      .default(QUOTA_PER_MINUTE_DEFAULT)
      .openapi({ description: 'Requests' }),
    expires_at: z.iso.datetime().optional().openapi({ example: '2027-11-20T09:00:00.000Z' }),
  })
  .openapi('NewApiKey')

export const rotateApiKeySchema = z
  .strictObject({
    grace_seconds: z
      .int()
      .min(0)
      .max(GRACE_SECONDS_MAX)
      .default(0)
      .openapi({ description: 'How long the old key still works' }),
  })
  .openapi('ApiKeyRotation')

export const apiKeySchema = z
  .object({
    api_key_id: z.string(),
    name: z.string(),
    /** What the key begins with, to know it again. */
    prefix: z.string().openapi({ example: 'motu_4fK2jd81LmQz' }),
    scopes: z.array(z.enum(SCOPES)),
    allowed_networks: z.array(z.string()),
    quota_per_minute: z.int(),
    is_active: z.boolean(),
    created_at: instantText,
    expires_at: instantText.nullable(),
    last_used_at: instantText.nullable(),
    last_used_address: z.string().nullable(),
    revoked_at: instantText.nullable(),
    /** `revoked`, `rotated`, `expired`, `disabled`, or the rule that found its use suspicious. */
    revoked_reason: z.string().nullable(),
    /** The id of the key that took its place. */
    replaced_by: z.string().nullable(),
  })
  .openapi('ApiKey')
export type ApiKeyView = z.infer<typeof apiKeySchema>

export const createdApiKeySchema = apiKeySchema
  .extend({ api_key: z.string().openapi({ description: 'The key itself: shown this once' }) })
  .openapi('CreatedApiKey')
export type CreatedApiKey = z.infer<typeof createdApiKeySchema>

export const apiKeyListSchema = z.object({ api_keys: z.array(apiKeySchema) }).openapi('ApiKeyList')
export type ApiKeyList = z.infer<typeof apiKeyListSchema>

const keyParams = z.object({
  id: z.string().regex(KEY_ID_PATTERN).openapi({ example: '4fK2jd81LmQz' }),
})

export const createApiKeyRoute = createRoute({
  method: 'post',
  path: '/api/v1/api-keys',
  summary: 'Make an API key; its text is shown once',
  ...access('session'),
  request: { body: jsonBody(newApiKeySchema) },
  responses: { 201: jsonAnswer(createdApiKeySchema, 'The new key'), ...problemAnswers },
})

export const listApiKeysRoute = createRoute({
  method: 'get',
  path: '/api/v1/api-keys',
  summary: 'Your API keys, newest first, the revoked ones too',
  ...access('session'),
  responses: { 200: jsonAnswer(apiKeyListSchema, 'The keys'), ...problemAnswers },
})

export const rotateApiKeyRoute = createRoute({
  method: 'post',
  path: '/api/v1/api-keys/{id}/rotate',
  summary: 'Replace an API key by one with the same settings',
  ...access('session'),
  request: { params: keyParams, body: { ...jsonBody(rotateApiKeySchema), required: false } },
  responses: { 201: jsonAnswer(createdApiKeySchema, 'The new key'), ...problemAnswers },
})

export const revokeApiKeyRoute = createRoute({
  method: 'delete',
  path: '/api/v1/api-keys/{id}',
  summary: 'Revoke an API key at once; it stays in the list',
  ...access('session'),
  request: { params: keyParams },
  responses: { 204: { description: 'Revoked' }, ...problemAnswers },
})
