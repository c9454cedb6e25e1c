// Everything the edge does not answer itself goes to home, signed: if the contract knows the route, and
// the caller may call it. What home answered well is kept, and served again, marked, while it is dark.

import type { Context } from 'hono'
import type { AccessClaims } from '@motu/shared/access-token.ts'
import type { Order } from '@motu/shared/contract/orders.ts'
import { type PublicRoute, routeOf } from '@motu/shared/contract/routes.ts'
import { partitionOf } from '@motu/shared/partition.ts'
import { DomainError } from '@motu/shared/problem.ts'
import { apiAnswer, jsonAnswer } from './answer.ts'
import { systemClock } from './clock.ts'
import { type AppEnv, lastGoodOf, mailboxOf } from './env.ts'
import { answerHeaders, CLEARED_COOKIE, forwardedHeaders, passCookies } from './forwarding.ts'
import { admit, admitAnyone, bearerOf, endSignIn } from './guard.ts'
import { callHome } from './home-call.ts'
import type { Answer } from './last-good.ts'
import { readBody } from './json-body.ts'
import { log, reasonOf } from './log.ts'
import { renderNotFound } from './problem.ts'
import { RecentKeys } from './recent-keys.ts'
import { countAttempt, noteOutcome } from './sign-in-limits.ts'

const REQUEST_BYTES_MAX = 64 * 1024
const KEPT_BYTES_MAX = 512 * 1024
/** An answer is written down at most this often, so that reading never waits for writing. */
const KEEP_INTERVAL_MS = 1_000

/** Reads that are one's own, kept for their owner. */
const OWN_READS =
  /^\/api\/v1\/(?:orders(?:\/[^/]+(?:\/(?:fills|receipt))?)?|fills|portfolio(?:\/(?:history|realized|ledger))?|ranking|reports(?:\/[^/]+)?|users\/me(?:\/preferences)?|watch-lists|price-alerts)$/
/** Reads open to anyone. */
const OPEN_READS =
  /^\/api\/v1\/market\/(?:quotes|candles|days|movers|instruments|references|corporate-actions)(?:\/|$)/
const ONE_ORDER = /^\/api\/v1\/orders\/([0-9a-f-]{36})$/i
/** Here home asks a provider in turn, up to three times over. */
const OIDC_PATHS = '/api/v1/auth/oidc/'
const OIDC_DEADLINE_MS = 12_000
const LOGOUT_PATH = '/api/v1/logout'

/** Marks an answer that is not of now. */
const STALE = { 'motu-stale': 'true' }

const recentlyKept = new RecentKeys({ intervalMs: KEEP_INTERVAL_MS, now: systemClock })

/** Answers a request with home's answer, the last good one, or 503. */
export async function forwardToHome(c: Context<AppEnv>): Promise<Response> {
  const route = routeOfRequest(c)
  if (!route) return renderNotFound(c)
  const access = route['x-motu-access']
  if (access === 'anyone') admitAnyone(c)
  const userId = access === 'anyone' ? null : (await admit(c, access)).userId
  countAttempt(c, route.path)
  // `aliasOf` leaves the path encoded as it was sent: home verifies the signature over it.
  const asked = { path: c.req.path + new URL(c.req.url).search, userId }
  const headers = forwardedHeaders(c)
  const ended = c.req.path === LOGOUT_PATH ? await endHere(c) : null
  const answer = await callHome(c.env, {
    method: c.req.method,
    path: asked.path,
    body: await bodyOf(c),
    headers,
    ...(route.path.startsWith(OIDC_PATHS) ? { deadlineMs: OIDC_DEADLINE_MS } : {}),
  })
  if (ended && !answer?.ok) return signedOut(c, ended)
  if (!answer || answer.status >= 502) return (await withoutHome(c, asked)) ?? refuse()
  noteOutcome(c, route.path, answer.status)
  const known = answer.status === 404 ? await pendingOrder(c, userId) : null
  return known ? jsonAnswer(c, known) : passOn(c, { ...asked, answer })
}

/** The route; null for a path that is none. A path that is one answers other methods with 405. */
function routeOfRequest(c: Context<AppEnv>): PublicRoute | null {
  const match = routeOf(c.req.method, c.req.path)
  if (!match || 'route' in match) return match && match.route
  const allow = match.allow.join(', ')
  throw new DomainError('method-not-allowed', {
    detail: `This path answers ${allow}.`,
    headers: { allow },
  })
}

/** What goes to home with a request: a read has no body, whatever came with it. */
function bodyOf(c: Context<AppEnv>): Promise<string> | string {
  const isRead = c.req.method === 'GET' || c.req.method === 'HEAD'
  return isRead ? '' : readBody(c.req.raw, REQUEST_BYTES_MAX)
}

/** Signing out counts at once, and here, whether or not home hears of it. */
async function endHere(c: Context<AppEnv>): Promise<AccessClaims | null> {
  const claims = await bearerOf(c)
  if (claims) await endSignIn(claims, c.env)
  return claims
}

/** He is out, and home hears of it later: what renews the sign-in must end too. */
async function signedOut(c: Context<AppEnv>, { sid }: AccessClaims): Promise<Response> {
  await lastGoodOf(c.env).noteSignOut(sid)
  return apiAnswer(c, null, { status: 204, headers: { ...STALE, 'set-cookie': CLEARED_COOKIE } })
}

/** `userId` is null for what is open to anyone. `path` includes the query. */
type Asked = { path: string; userId: string | null }

async function passOn(
  c: Context<AppEnv>,
  { answer, path, userId }: Asked & { answer: Response },
): Promise<Response> {
  const headers = answerHeaders(answer)
  const { status } = answer
  if (status !== 200 || !isKept(c)) {
    return passCookies(c, answer, apiAnswer(c, answer.body, { status, headers }))
  }
  const body = await answer.text()
  keep(c, { user: userId ?? '', path, body, type: headers['content-type'] ?? '' })
  return apiAnswer(c, body, { status, headers })
}

function isKept(c: Context<AppEnv>): boolean {
  return c.req.method === 'GET' && (OWN_READS.test(c.req.path) || OPEN_READS.test(c.req.path))
}

/** Writes an answer down after it was given, unless the same was written a moment ago. */
function keep(c: Context<AppEnv>, answer: Answer): void {
  if (answer.body.length > KEPT_BYTES_MAX) return
  if (!recentlyKept.admit(`${answer.user} ${answer.path}`)) return
  const written = lastGoodOf(c.env).put(answer)
  c.executionCtx.waitUntil(
    written.catch((error) => log.warn('answer not kept', { reason: reasonOf(error) })),
  )
}

/** The last good answer, or an order the Mailbox accepted; null when neither is known. */
async function withoutHome(c: Context<AppEnv>, { path, userId }: Asked): Promise<Response | null> {
  if (!isKept(c)) return null
  const kept = await lastGoodOf(c.env).find({ user: userId ?? '', path })
  if (kept) {
    const age = String(Math.floor(kept.ageMs / 1_000))
    return apiAnswer(c, kept.body, { headers: { ...STALE, age, 'content-type': kept.type } })
  }
  const known = await pendingOrder(c, userId)
  return known ? jsonAnswer(c, known, { headers: STALE }) : null
}

/** The order a path names, if the Mailbox accepted it and home may not know it yet. */
async function pendingOrder(c: Context<AppEnv>, userId: string | null): Promise<Order | null> {
  const orderId = c.req.method === 'GET' ? ONE_ORDER.exec(c.req.path)?.[1] : undefined
  if (orderId === undefined || userId === null) return null
  return mailboxOf(c.env, partitionOf(userId)).pendingOrder(userId, orderId.toLowerCase())
}

function refuse(): never {
  throw new DomainError('unavailable', {
    detail: 'Home cannot be reached. Orders are still taken.',
  })
}
