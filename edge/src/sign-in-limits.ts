// What guards home's password hashing from a flood: attempts to come in are counted by address, and
// all of them together. Whoever came in lately from his address is not stopped by what others send.

import type { Context } from 'hono'
import { refreshRoute, registerRoute, signInRoute } from '@motu/shared/contract/auth.ts'
import { startOidcRoute } from '@motu/shared/contract/oidc.ts'
import { passkeySignInOptionsRoute, passkeySignInRoute } from '@motu/shared/contract/passkeys.ts'
import type { ProblemCode } from '@motu/shared/problem.ts'
import { addressGroup, clientAddress } from './client-address.ts'
import type { AppEnv } from './env.ts'
import { noteRefusal } from './problem.ts'
import { limiterOf } from './rate-limit.ts'

/** Each makes home write a row, or look at a secret. */
const ATTEMPTS = new Set<string>([
  signInRoute.path,
  passkeySignInRoute.path,
  passkeySignInOptionsRoute.path,
  startOidcRoute.path,
])
const OPENS_SIGN_IN = new Set<string>([signInRoute.path, passkeySignInRoute.path])
/** A wrong secret here is a failed authentication like a wrong token; registering may show a code. */
const SHOWS_SECRET = new Set<string>([...OPENS_SIGN_IN, refreshRoute.path, registerRoute.path])

/** What home refuses with, as the audit log hears of what the edge refuses. */
const REFUSALS: Readonly<Record<number, ProblemCode>> = {
  401: 'unauthenticated',
  403: 'forbidden',
  429: 'rate-limited',
}

/** Counts an attempt to come in; throws 429 when there were too many. */
export function countAttempt(c: Context<AppEnv>, path: string): void {
  const limiter = limiterOf(c.env)
  const address = addressGroup(clientAddress(c))
  if (SHOWS_SECRET.has(path)) limiter.checkFailures(address)
  if (ATTEMPTS.has(path)) c.set('limit', limiter.take('signIn', address))
  if (path === registerRoute.path) c.set('limit', limiter.take('register', address))
  if (path === signInRoute.path || path === registerRoute.path) limiter.takePassword(address)
}

/** Remembers what came of an attempt. */
export function noteOutcome(c: Context<AppEnv>, path: string, status: number): void {
  const code = REFUSALS[status]
  const isWrongPassword = status === 401 && path === signInRoute.path
  const isWrongInvitation = status === 403 && path === registerRoute.path
  // Home itself writes down who showed either.
  if (code && !isWrongPassword && !isWrongInvitation) noteRefusal(c, code)
  if (!SHOWS_SECRET.has(path)) return
  const limiter = limiterOf(c.env)
  const address = addressGroup(clientAddress(c))
  if (status === 401 || isWrongInvitation) limiter.noteFailure(address)
  if (status === 200 && OPENS_SIGN_IN.has(path)) limiter.noteSignIn(address)
}
