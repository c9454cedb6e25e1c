// What goes through the edge to home and back besides the body. Of cookies only ours, only where
// signing in and out happens; the one that renews a sign-in only with a header no other site can send.

import type { Context } from 'hono'
import { COOKIE_MODE, REFRESH_COOKIE, SESSION_MODE_HEADER } from '@motu/shared/access-token.ts'
import { API_KEY_HEADER } from '@motu/shared/contract/access.ts'
import { PUBLIC_ORIGIN_HEADER } from '@motu/shared/internal.ts'
import { DomainError } from '@motu/shared/problem.ts'
import { requestIdOf } from './answer.ts'
import { calledOrigin, clientAddress } from './client-address.ts'
import type { AppEnv } from './env.ts'
import { isOwnOrigin } from './own-origin.ts'

const FORWARDED_REQUEST_HEADERS = [
  'authorization',
  API_KEY_HEADER,
  'content-type',
  'accept',
  'accept-language',
  'user-agent',
  'origin',
  SESSION_MODE_HEADER,
]
const FORWARDED_ANSWER_HEADERS = [
  'allow',
  'cache-control',
  'content-type',
  'location',
  'referrer-policy',
  'retry-after',
  'www-authenticate',
]
/** Where cookies matter; everywhere else there are none. */
const COOKIE_PATHS = /^\/api\/v1\/(?:login|logout|auth)(?:\/|$)/
const OUR_COOKIES = /^__Secure-motu_\w+=/
const USER_AGENT_LENGTH_MAX = 400

/** The headers of a request as home gets them; refuses a cookie that another site makes use of. */
export function forwardedHeaders(c: Context<AppEnv>): Record<string, string> {
  const headers: Record<string, string> = {
    'motu-client-address': clientAddress(c),
    [PUBLIC_ORIGIN_HEADER]: calledOrigin(c),
    'motu-request-id': requestIdOf(c),
  }
  for (const name of FORWARDED_REQUEST_HEADERS) {
    const value = c.req.header(name)
    if (value !== undefined) headers[name] = value.slice(0, limitOf(name))
  }
  const cookie = COOKIE_PATHS.test(c.req.path) ? forwardedCookies(c) : ''
  if (cookie !== '') headers.cookie = cookie
  return headers
}

/** The headers of home's answer that a client gets. */
export function answerHeaders(answer: Response): Record<string, string> {
  const headers: Record<string, string> = {}
  for (const name of FORWARDED_ANSWER_HEADERS) {
    const value = answer.headers.get(name)
    if (value !== null) headers[name] = value
  }
  return headers
}

/** Hands home's cookies on, each in a header of its own. */
export function passCookies(c: Context<AppEnv>, from: Response, to: Response): Response {
  if (!COOKIE_PATHS.test(c.req.path)) return to
  for (const cookie of from.headers.getSetCookie()) to.headers.append('set-cookie', cookie)
  return to
}

/** What makes a browser forget its sign-in. */
export const CLEARED_COOKIE = `${REFRESH_COOKIE}=; HttpOnly; Secure; SameSite=Strict; Path=/api/v1; Max-Age=0`

function forwardedCookies(c: Context<AppEnv>): string {
  const isAsked = c.req.header(SESSION_MODE_HEADER) === COOKIE_MODE
  if (isAsked && !isOwnOrigin(c)) {
    throw new DomainError('forbidden', { detail: 'Not from this origin.' })
  }
  const cookies = (c.req.header('cookie') ?? '').split(';').map((cookie) => cookie.trim())
  return cookies
    .filter((cookie) => OUR_COOKIES.test(cookie))
    .filter((cookie) => isAsked || !cookie.startsWith(`${REFRESH_COOKIE}=`))
    .join('; ')
}

function limitOf(name: string): number | undefined {
  return name === 'user-agent' ? USER_AGENT_LENGTH_MAX : undefined
}
