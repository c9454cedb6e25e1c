// The guard at every door: who a request speaks for, whether he may call this route, and not too often.
//
// Outage grace: while home is dark nobody can renew a token, so one that was valid when home was last
// seen stays good here, for at most twelve hours. Home judges again when it is back.

import type { Context } from 'hono'
import type { AccessClaims } from '@motu/shared/access-token.ts'
import {
  type Access,
  API_KEY_HEADER,
  mayCall,
  type Principal,
} from '@motu/shared/contract/access.ts'
import { DomainError } from '@motu/shared/problem.ts'
import type { KeyEntry } from './api-keys.ts'
import { addressGroup, clientAddress } from './client-address.ts'
import { systemClock } from './clock.ts'
import { type AppEnv, type Env, hubOf, lastGoodOf } from './env.ts'
import { GRACE_MS_MAX } from './kept-doors.ts'
import { keySource } from './key-source.ts'
import { trustLoader } from './keys.ts'
import { isWithin } from './networks.ts'
import { limiterOf } from './rate-limit.ts'
import { apiKeys, denials, keepUp, tokens, usage } from './upkeep.ts'

const BEARER = /^Bearer +([\w.-]+) *$/i

/** Who a request speaks for, if he may call a route with this access; throws the refusal. */
export async function admit(
  c: Context<AppEnv>,
  who: Exclude<Access, 'anyone'>,
): Promise<Principal> {
  keepUp(c)
  const authorization = c.req.header('authorization')
  const key = c.req.header(API_KEY_HEADER)
  const principal =
    key === undefined
      ? await admitToken(c, authorization)
      : await admitKey(c, { key, authorization })
  if (!mayCall(who, principal)) {
    throw new DomainError('forbidden', { detail: forbiddenDetail(who, principal) })
  }
  return principal
}

/** Lets anyone in, by address; or as himself, whom this edge knows already. */
export function admitAnyone(c: Context<AppEnv>): void {
  keepUp(c)
  const token = tokenIn(c.req.header('authorization'))
  const verdict = token === undefined ? null : tokens.recall(token)
  const limiter = limiterOf(c.env)
  const draw =
    verdict && !verdict.isExpired
      ? limiter.take('user', verdict.claims.sub)
      : limiter.take('anonymous', addressGroup(clientAddress(c)))
  c.set('limit', draw)
}

/** Whose access token a request carries to a route that asks for none; null for no good one. */
export async function bearerOf(c: Context<AppEnv>): Promise<AccessClaims | null> {
  const token = tokenIn(c.req.header('authorization'))
  return token === undefined ? null : validClaims(c, token)
}

/** Ends a sign-in at the edge: its tokens, its sockets, and what was kept for its user. */
export async function endSignIn({ sid, sub, exp }: AccessClaims, env: Env): Promise<void> {
  const nowMs = systemClock()
  const until = new Date(exp * 1_000 + GRACE_MS_MAX).toISOString()
  const at = new Date(nowMs).toISOString()
  const revocations = [{ kind: 'session' as const, id: sid, at, until }]
  denials.add(revocations, nowMs)
  await Promise.all([
    lastGoodOf(env).deny(revocations),
    lastGoodOf(env).erase(sub),
    hubOf(env).endSignIn(sid),
  ])
}

async function admitToken(
  c: Context<AppEnv>,
  authorization: string | undefined,
): Promise<Principal> {
  const limiter = limiterOf(c.env)
  const token = tokenIn(authorization)
  if (token === undefined) return turnAway(c, authorization !== undefined)
  if (!tokens.isKnown(token)) limiter.checkFailures(clientAddress(c))
  const claims = await validClaims(c, token)
  if (!claims) return turnAway(c, true)
  const { sub: userId, role, sid, exp } = claims
  const principal: Principal = { userId, role, via: { kind: 'session', sid, exp } }
  c.set('principal', principal)
  c.set('limit', limiter.take('user', userId))
  return principal
}

async function admitKey(
  c: Context<AppEnv>,
  { key, authorization }: { key: string; authorization: string | undefined },
): Promise<Principal> {
  if (authorization !== undefined) {
    const detail = 'Send an access token or an API key, not both.'
    throw new DomainError('invalid-request', { detail })
  }
  const limiter = limiterOf(c.env)
  const address = clientAddress(c)
  const entry = apiKeys.recall(key) ?? (await verifyKey(c, { key, address }))
  if (!entry) return turnAway(c, true)
  c.set('principal', entry.principal)
  c.set('refusedWhy', 'quota')
  c.set('limit', limiter.takeQuota(entry.keyId, entry.quotaPerMinute))
  if (entry.networks.length > 0 && !isWithin(address, entry.networks)) {
    c.set('refusedWhy', 'outside_networks')
    throw new DomainError('forbidden', { detail: 'This key may not be used from your address.' })
  }
  c.set('refusedWhy', undefined)
  usage.noteUse(entry.keyId, address)
  return entry.principal
}

function verifyKey(
  c: Context<AppEnv>,
  { key, address }: { key: string; address: string },
): Promise<KeyEntry | null> {
  const limiter = limiterOf(c.env)
  limiter.checkFailures(address)
  return apiKeys.verify(key, keySource(c.env), () => void limiter.take('keyQuestions', ''))
}

/** The claims of a token that counts now. */
async function validClaims(c: Context<AppEnv>, token: string): Promise<AccessClaims | null> {
  const verdict = tokens.recall(token) ?? (await tokens.verify(token, trustLoader(c.env)))
  if (!verdict) return null
  if (verdict.isExpired && !(await isGraced(verdict.claims, c.env))) return null
  return verdict.claims
}

/** Refuses who showed nothing, or nothing good; counted by address. */
function turnAway(c: Context<AppEnv>, hasFailed: boolean): never {
  const address = clientAddress(c)
  const limiter = limiterOf(c.env)
  if (hasFailed) {
    limiter.checkFailures(address)
    limiter.noteFailure(address)
  } else {
    c.set('limit', limiter.take('anonymous', addressGroup(address)))
  }
  throw new DomainError('unauthenticated')
}

function tokenIn(authorization: string | undefined): string | undefined {
  return authorization === undefined ? undefined : BEARER.exec(authorization)?.[1]
}

async function isGraced({ exp }: AccessClaims, env: Env): Promise<boolean> {
  const { isUp, seenAt } = await hubOf(env).homeSeen()
  if (isUp || seenAt === null) return false
  return exp * 1_000 >= seenAt && systemClock() - seenAt <= GRACE_MS_MAX
}

function forbiddenDetail(who: Access, { via }: Principal): string {
  if (via.kind === 'session') return 'This is for admins.'
  if (who === 'session') return 'An API key may not do this: sign in.'
  return `This key lacks the scope ${who}.`
}
