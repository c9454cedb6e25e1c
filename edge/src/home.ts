// Everything the edge does not answer itself goes to home, as it is and signed. What home answered
// well is kept, and served again, marked, while home is dark.

import type { Context } from 'hono'
import type { Order } from '@motu/shared/contract/orders.ts'
import { partitionOf } from '@motu/shared/partition.ts'
import { DomainError } from '@motu/shared/problem.ts'
import type { AccessClaims } from '@motu/shared/access-token.ts'
import { apiAnswer, jsonAnswer, requestIdOf } from './answer.ts'
import { systemClock } from './clock.ts'
import { type AppEnv, lastGoodOf, mailboxOf } from './env.ts'
import { endSignIn, guard } from './guard.ts'
import { PUBLIC_ORIGIN_HEADER } from '@motu/shared/internal.ts'
import { callHome } from './home-call.ts'
import type { Answer } from './last-good.ts'
import { readBody } from './json-body.ts'
import { log, reasonOf } from './log.ts'
import { RecentKeys } from './recent-keys.ts'

const REQUEST_BYTES_MAX = 64 * 1024
const KEPT_BYTES_MAX = 512 * 1024
/** An answer is written down at most this often, so that reading never waits for writing. */
const KEEP_INTERVAL_MS = 1_000
const FORWARDED_REQUEST_HEADERS = ['authorization', 'content-type', 'accept', 'accept-language']
const FORWARDED_ANSWER_HEADERS = [
  'content-type',
  'cache-control',
  'location',
  'retry-after',
  'www-authenticate',
]

/** Reads that are one's own: a valid token is needed before anything kept is shown. */
const OWN_READS = /^\/api\/v1\/(?:orders(?:\/[^/]+(?:\/fills)?)?|portfolio|users\/me)$/
/** Reads open to anyone. */
const OPEN_READS = /^\/api\/v1\/market\/(?:quotes|candles|instruments)(?:\/|$)/
const ONE_ORDER = /^\/api\/v1\/orders\/([0-9a-f-]{36})$/i
const LOGOUT_PATH = '/api/v1/logout'

/** Marks an answer that is not of now. */
const STALE = { 'motu-stale': 'true' }

const recentlyKept = new RecentKeys({ intervalMs: KEEP_INTERVAL_MS, now: systemClock })

/** Answers a request with home's answer, the last good one, or 503. */
export async function forwardToHome(c: Context<AppEnv>): Promise<Response> {
  // `aliasOf` leaves the path encoded as it was sent: home verifies the signature over it.
  const path = c.req.path + new URL(c.req.url).search
  const claims = await ownerOf(c)
  if (c.req.path === LOGOUT_PATH && claims) await endSignIn(claims, c.env)
  const answer = await callHome(c.env, {
    method: c.req.method,
    path,
    body: await readBody(c.req.raw, REQUEST_BYTES_MAX),
    headers: forwardedHeaders(c),
  })
  if (answer && answer.status < 502) {
    const known = answer.status === 404 ? await pendingOrder(c, claims) : null
    return known ? jsonAnswer(c, known) : passOn(c, { answer, path, claims })
  }
  return (await withoutHome(c, { path, claims })) ?? refuse()
}

/** Whose the request is; null when it is for anyone. What is one's own needs a valid token here. */
async function ownerOf(c: Context<AppEnv>): Promise<AccessClaims | null> {
  const isOwn = OWN_READS.test(c.req.path) || c.req.path === LOGOUT_PATH
  if (!isOwn) return null
  return guard(c)
}

type Asked = { path: string; claims: AccessClaims | null }

async function passOn(
  c: Context<AppEnv>,
  { answer, path, claims }: Asked & { answer: Response },
): Promise<Response> {
  const headers: Record<string, string> = {}
  for (const name of FORWARDED_ANSWER_HEADERS) {
    const value = answer.headers.get(name)
    if (value !== null) headers[name] = value
  }
  const { status } = answer
  if (status !== 200 || !isKept(c)) return apiAnswer(c, answer.body, { status, headers })
  const body = await answer.text()
  keep(c, { user: claims?.sub ?? '', path, body, type: headers['content-type'] ?? '' })
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
async function withoutHome(c: Context<AppEnv>, { path, claims }: Asked): Promise<Response | null> {
  if (!isKept(c)) return null
  const kept = await lastGoodOf(c.env).find({ user: claims?.sub ?? '', path })
  if (kept) {
    const age = String(Math.floor(kept.ageMs / 1_000))
    return apiAnswer(c, kept.body, { headers: { ...STALE, age, 'content-type': kept.type } })
  }
  const known = await pendingOrder(c, claims)
  return known ? jsonAnswer(c, known, { headers: STALE }) : null
}

/** The order a path names, if the Mailbox accepted it and home may not know it yet. */
async function pendingOrder(
  c: Context<AppEnv>,
  claims: AccessClaims | null,
): Promise<Order | null> {
  const orderId = c.req.method === 'GET' ? ONE_ORDER.exec(c.req.path)?.[1] : undefined
  if (orderId === undefined || !claims) return null
  return mailboxOf(c.env, partitionOf(claims.sub)).pendingOrder(claims.sub, orderId.toLowerCase())
}

function refuse(): never {
  throw new DomainError('unavailable', {
    detail: 'Home cannot be reached. Orders are still taken.',
  })
}

function forwardedHeaders(c: Context<AppEnv>): Record<string, string> {
  const headers: Record<string, string> = {
    'motu-client-address': clientAddress(c),
    [PUBLIC_ORIGIN_HEADER]: new URL(c.req.url).origin,
    'motu-request-id': requestIdOf(c),
  }
  for (const name of FORWARDED_REQUEST_HEADERS) {
    const value = c.req.header(name)
    if (value !== undefined) headers[name] = value
  }
  return headers
}

/**
 * Who is calling, as the nearest proxy saw it: Cloudflare's header, or the last entry that Traefik
 * appended. Without a proxy in front a client may claim anything here, and only fools himself.
 */
function clientAddress(c: Context<AppEnv>): string {
  const chain = c.req.header('x-forwarded-for')
  return c.req.header('cf-connecting-ip') ?? chain?.split(',').at(-1)?.trim() ?? 'unknown'
}
