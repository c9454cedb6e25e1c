// What admins do: see users, shut them out and let them in, make admins, adjust cash, read the audit
// log. Every act of theirs is in that log.

import type { OpenAPIHono } from '@hono/zod-openapi'
import {
  adjustRoute,
  changeRoleRoute,
  disableUserRoute,
  enableUserRoute,
  listAuditRoute,
  listUsersRoute,
} from '@motu/shared/contract/admin.ts'
import type { Context } from 'hono'
import type { ApiParts } from '../api.ts'
import { actorOf, audit } from '../audit.ts'
import type { ApiEnv } from '../env.ts'
import { bookAdjustment } from '../queries/adjustments.ts'
import { listAudit } from '../queries/audit.ts'
import { endLinks } from '../queries/channel-links.ts'
import { revokeAllKeys } from '../queries/managed-keys.ts'
import { insertNotice } from '../queries/notices.ts'
import { revocationOf } from '../queries/revocations.ts'
import { changeRole, disableUser, enableUser, listUsers } from '../queries/users.ts'

export function addAdminRoutes(app: OpenAPIHono<ApiEnv>, parts: ApiParts): void {
  const { sql, now } = parts

  app.openapi(listUsersRoute, async (c) => {
    const { query, limit, cursor } = c.req.valid('query')
    return c.json(await listUsers(sql, { query, limit, cursor }), 200)
  })

  app.openapi(disableUserRoute, async (c) => {
    await disable(c, parts, c.req.valid('param').id)
    return c.body(null, 204)
  })

  app.openapi(enableUserRoute, async (c) => {
    const { id } = c.req.valid('param')
    await sql.begin(async (tx) => {
      if (!(await enableUser(tx, id))) return
      const entry = { action: 'user_enabled', ...actorOf(c), target: `user:${id}` } as const
      await audit(tx, entry, now())
    })
    return c.body(null, 204)
  })

  app.openapi(changeRoleRoute, async (c) => {
    const { id } = c.req.valid('param')
    await giveRole(c, parts, { userId: id, role: c.req.valid('json').role })
    return c.body(null, 204)
  })

  app.openapi(adjustRoute, async (c) => {
    const { id: userId } = c.req.valid('param')
    const asked = c.req.valid('json')
    const nowMs = now()
    const adjustment = await sql.begin(async (tx) => {
      const booked = await bookAdjustment(tx, { userId, asked }, nowMs)
      if (!booked.isNew) return booked.adjustment
      const { adjustment_id, amount_krw, reason } = booked.adjustment
      const actor = { ...actorOf(c), target: `user:${userId}` }
      const detail = { adjustment_id, amount_krw, reason }
      await audit(tx, { action: 'balance_adjusted', ...actor, detail }, nowMs)
      const notice = { amount_krw, reason }
      await insertNotice(tx, { userId, kind: 'account_adjusted', detail: notice }, nowMs)
      return booked.adjustment
    })
    return c.json(adjustment, 201)
  })

  app.openapi(listAuditRoute, async (c) => {
    const { action, user_id: userId, limit, cursor } = c.req.valid('query')
    return c.json(await listAudit(sql, { action, userId, limit, cursor }), 200)
  })
}

/** Shuts a user out: all that let him in ends with it, here and at every edge. */
async function disable(c: Context<ApiEnv>, parts: ApiParts, userId: string): Promise<void> {
  const { sql, now, signIns } = parts
  const nowMs = now()
  const ended = await sql.begin(async (tx) => {
    if (!(await disableUser(tx, userId, nowMs))) return null
    const entry = { action: 'user_disabled', ...actorOf(c), target: `user:${userId}` } as const
    await audit(tx, entry, nowMs)
    const sids = await signIns.endWithin(tx, c, { userId, which: 'all', reason: 'disabled' })
    const keyIds = await revokeAllKeys(tx, { userId, reason: 'disabled' }, nowMs)
    const linkIds = await endLinks(tx, { userId, reason: 'disabled' }, nowMs)
    return { sids, keyIds: [...keyIds, ...linkIds] }
  })
  if (ended) await announceEnded(parts, { userId, ...ended }, nowMs)
}

/** A token carries its user's role: those with the old one end. Keys are asked about anew. */
async function giveRole(
  c: Context<ApiEnv>,
  parts: ApiParts,
  { userId, role }: { userId: string; role: 'ADMIN' | 'USER' },
): Promise<void> {
  const { sql, now, signIns } = parts
  const nowMs = now()
  const sids = await sql.begin(async (tx) => {
    if (!(await changeRole(tx, { userId, role }))) return null
    const actor = { ...actorOf(c), target: `user:${userId}` }
    await audit(tx, { action: 'role_changed', ...actor, detail: { role } }, nowMs)
    return signIns.endWithin(tx, c, { userId, which: 'all', reason: 'revoked' })
  })
  if (sids) await announceEnded(parts, { userId, sids, keyIds: [] }, nowMs)
}

async function announceEnded(
  { revocations }: ApiParts,
  { userId, sids, keyIds }: { userId: string; sids: string[]; keyIds: string[] },
  atMs: number,
): Promise<void> {
  await revocations.announce([
    ...sids.map((sid) => revocationOf('session', sid, atMs)),
    ...keyIds.map((keyId) => revocationOf('key', keyId, atMs)),
    // Makes the edge ask again about whatever it keeps of him.
    revocationOf('user', userId, atMs),
  ])
}
