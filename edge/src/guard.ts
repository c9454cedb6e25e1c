// The guard before everything that is someone's own: no valid access token, no entry.

import type { MiddlewareHandler } from 'hono'
import type { AccessClaims } from '@motu/shared/access-token.ts'
import { DomainError } from '@motu/shared/problem.ts'
import { TokenVerifier } from './auth.ts'
import { systemClock } from './clock.ts'
import type { AppEnv, Env } from './env.ts'
import { keyLoader } from './keys.ts'

/** One per isolate: what it verified once, it need not verify again. */
export const tokens = new TokenVerifier(systemClock)

const BEARER = /^Bearer +([\w.-]+) *$/i

/** Who an `Authorization` header speaks for; null when it holds no valid token. */
export async function claimsOf(header: string | undefined, env: Env): Promise<AccessClaims | null> {
  const token = BEARER.exec(header ?? '')?.[1]
  return token ? tokens.verify(token, keyLoader(env)) : null
}

/** Lets a request pass that carries a valid token, and says who it is. */
export const guard: MiddlewareHandler<AppEnv> = async function guard(c, next) {
  const claims = await claimsOf(c.req.header('authorization'), c.env)
  if (!claims) throw new DomainError('unauthenticated')
  c.set('claims', claims)
  await next()
}
