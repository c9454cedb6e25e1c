// The guard before everything that is someone's own: no valid access token, no entry.
//
// Outage grace: while home is dark nobody can renew a token, so one that was valid when home was last
// seen stays good here, for at most twelve hours. Home judges again when it is back.

import type { Context } from 'hono'
import type { AccessClaims } from '@motu/shared/access-token.ts'
import { DomainError } from '@motu/shared/problem.ts'
import { TokenVerifier } from './auth.ts'
import { systemClock } from './clock.ts'
import { type AppEnv, type Env, hubOf, lastGoodOf } from './env.ts'
import { trustLoader } from './keys.ts'

export const GRACE_MS_MAX = 12 * 60 * 60 * 1_000

/** One per isolate: what it verified once, it need not verify again. */
export const tokens = new TokenVerifier(systemClock)

const BEARER = /^Bearer +([\w.-]+) *$/i

/** Who a request speaks for; throws when it carries no valid token. */
export async function guard(c: Context<AppEnv>): Promise<AccessClaims> {
  const token = BEARER.exec(c.req.header('authorization') ?? '')?.[1]
  const verdict = token ? await tokens.verify(token, trustLoader(c.env)) : null
  if (!verdict) throw new DomainError('unauthenticated')
  if (verdict.isExpired && !(await isGraced(verdict.claims, c.env))) {
    throw new DomainError('unauthenticated')
  }
  return verdict.claims
}

/** Ends a sign-in at the edge: its tokens, its sockets, and what was kept for its user. */
export async function endSignIn({ sid, sub, exp }: AccessClaims, env: Env): Promise<void> {
  tokens.deny(sid)
  await Promise.all([
    lastGoodOf(env).deny(sid, exp * 1_000 + GRACE_MS_MAX),
    lastGoodOf(env).erase(sub),
    hubOf(env).endSignIn(sid),
  ])
}

async function isGraced({ exp }: AccessClaims, env: Env): Promise<boolean> {
  const { isUp, seenAt } = await hubOf(env).homeSeen()
  if (isUp || seenAt === null) return false
  return exp * 1_000 >= seenAt && systemClock() - seenAt <= GRACE_MS_MAX
}
