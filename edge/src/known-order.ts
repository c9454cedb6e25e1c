// One order of a user as it stands: as home says, else as this edge knows it.

import type { Context } from 'hono'
import type { Principal } from '@motu/shared/contract/access.ts'
import { type Order, orderSchema } from '@motu/shared/contract/orders.ts'
import { partitionOf } from '@motu/shared/partition.ts'
import { DomainError } from '@motu/shared/problem.ts'
import { type AppEnv, lastGoodOf, mailboxOf } from './env.ts'
import { forwardedHeaders } from './forwarding.ts'
import { callHome } from './home-call.ts'

/**
 * The order of this id: home's answer; while home does not know it yet, the Mailbox's; while home is
 * dark, the last good answer or the Mailbox's. Null when nobody knows it. Throws `unavailable` when
 * home is dark and this edge knows nothing of it, and when home refuses to answer.
 */
export async function knownOrder(
  c: Context<AppEnv>,
  { userId }: Principal,
  orderId: string,
): Promise<Order | null> {
  const path = `/api/v1/orders/${orderId}`
  const answer = await callHome(c.env, { method: 'GET', path, headers: forwardedHeaders(c) })
  if (answer?.ok) return orderSchema.parse(await answer.json())
  const isDark = !answer || answer.status >= 502
  if (answer?.status === 401) throw new DomainError('unauthenticated')
  if (!isDark && answer.status !== 404) throw new DomainError('unavailable')
  const kept = isDark ? await lastGoodOf(c.env).find({ user: userId, path }) : null
  // What an older version kept may lack fields of today.
  const last = kept && orderSchema.safeParse(JSON.parse(kept.body)).data
  if (last) return last
  const pending = await mailboxOf(c.env, partitionOf(userId)).pendingOrder(userId, orderId)
  if (isDark && !pending) {
    const detail = 'Home cannot be reached, and this order is not known here.'
    throw new DomainError('unavailable', { detail })
  }
  return pending
}
