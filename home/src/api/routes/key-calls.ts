// What only the edge asks and tells of API keys: what one stands for, who used them, who was refused.

import type { OpenAPIHono } from '@hono/zod-openapi'
import {
  type EdgeRefusal,
  type UsageReport,
  usageReportSchema,
  type VerifiedKey,
  verifyKeySchema,
} from '@motu/shared/api-key-calls.ts'
import { DomainError } from '@motu/shared/problem.ts'
import type { ApiParts } from '../api.ts'
import { audit } from '../audit.ts'
import type { ApiEnv } from '../env.ts'
import { invalidRequest } from '../problem.ts'
import {
  endExpiredKeys,
  findLiveKey,
  findWatchedKeys,
  type LastUse,
  noteLastUses,
} from '../queries/api-keys.ts'
import { revokeKey } from '../queries/managed-keys.ts'
import { insertNotice } from '../queries/notices.ts'
import { revocationOf } from '../queries/revocations.ts'
import { type Suspicion, SuspicionWatch } from '../suspicion.ts'

/** Of each report, the largest; a flood from everywhere is one row more. */
const REFUSAL_ROWS_MAX = 100

export function addKeyCallRoutes(app: OpenAPIHono<ApiEnv>, parts: ApiParts): void {
  const { sql, now, log, revocations } = parts
  const watch = new SuspicionWatch()

  app.post('/internal/api-keys/verify', async (c) => {
    const parsed = verifyKeySchema.safeParse(await c.req.json())
    if (!parsed.success) throw invalidRequest(parsed.error.issues)
    const { key_id: keyId, secret_sha256: hash } = parsed.data
    const key = await findLiveKey(sql, { keyId, hash }, now())
    if (!key) throw new DomainError('not-found', { detail: 'This key opens nothing.' })
    const { userId, role } = key.principal
    const answer: VerifiedKey = {
      ...{ user_id: userId, role, scopes: key.scopes, allowed_networks: key.networks },
      quota_per_minute: key.quotaPerMinute,
      expires_at: key.expiresAt?.toISOString() ?? null,
    }
    return c.json(answer)
  })

  app.post('/internal/api-keys/usage', async (c) => {
    const parsed = usageReportSchema.safeParse(await c.req.json())
    if (!parsed.success) throw invalidRequest(parsed.error.issues)
    const report = parsed.data
    const nowMs = now()
    await noteLastUses(sql, lastUsesOf(report))
    await noteRefusals(parts, report.refusals, nowMs)
    const keys = await findWatchedKeys(sql, keysOf(report))
    for (const suspicion of watch.observe(keys, report, nowMs)) {
      await revokeSuspicious(parts, suspicion, nowMs)
      const { key, rule, seen } = suspicion
      log.warn({ key: key.keyId, rule: rule.id, seen }, 'API key revoked: suspicious use')
    }
    const ended = await endExpiredKeys(sql, nowMs)
    await revocations.announce(ended.map((id) => revocationOf('key', id, nowMs)))
    return c.body(null, 204)
  })
}

const keysOf = ({ uses, refusals }: UsageReport): string[] => [
  ...new Set([...uses, ...refusals].flatMap(({ key_id }) => key_id ?? [])),
]

/** The last use of each key. */
function lastUsesOf({ uses }: UsageReport): LastUse[] {
  const last = new Map<string, LastUse>()
  for (const { key_id: keyId, address, last_at } of uses) {
    const atMs = Date.parse(last_at)
    if (atMs > (last.get(keyId)?.atMs ?? 0)) last.set(keyId, { keyId, address, atMs })
  }
  return [...last.values()]
}

async function noteRefusals(
  { sql }: ApiParts,
  refusals: readonly EdgeRefusal[],
  nowMs: number,
): Promise<void> {
  const largest = refusals.toSorted((a, b) => b.count - a.count)
  const rest = largest.slice(REFUSAL_ROWS_MAX)
  await sql.begin(async (tx) => {
    for (const { code, why, route, address, count, key_id, user_id } of largest.slice(
      0,
      REFUSAL_ROWS_MAX,
    )) {
      await audit(
        tx,
        {
          ...{ action: 'refused', actorId: user_id ?? null, address },
          actorVia: key_id === undefined ? null : `key:${key_id}`,
          detail: { code, route, count, ...(why ? { why } : {}) },
        },
        nowMs,
      )
    }
    if (rest.length > 0) {
      const count = rest.reduce((sum, refusal) => sum + refusal.count, 0)
      await audit(tx, { action: 'refused', detail: { others: rest.length, count } }, nowMs)
    }
  })
}

/** The key ends, its owner is told why, and so is everyone who would let it in. */
async function revokeSuspicious(
  { sql, revocations }: ApiParts,
  { key, rule, seen }: Suspicion,
  nowMs: number,
): Promise<void> {
  const { keyId, userId, name } = key
  const isRevoked = await sql.begin(async (tx) => {
    const outcome = await revokeKey(tx, { userId, keyId, reason: rule.id }, nowMs)
    if (outcome !== 'revoked') return false
    const actor = { actorVia: 'system', target: `user:${userId}` }
    const detail = { api_key_id: keyId, rule: rule.id, seen }
    await audit(tx, { action: 'api_key_auto_revoked', ...actor, detail }, nowMs)
    const notice = { api_key_id: keyId, name, reason: rule.id }
    await insertNotice(tx, { userId, kind: 'api_key_revoked', detail: notice }, nowMs)
    return true
  })
  if (isRevoked) await revocations.announce([revocationOf('key', keyId, nowMs)])
}
