// The refresh token of a browser: in a cookie that no script can read. A request counts as the
// browser's own when it carries a header that no other site can make it send; where the browser says
// which page asks, it must be ours.

import {
  COOKIE_MODE,
  REFRESH_COOKIE,
  REFRESH_COOKIE_PATH,
  REFRESH_TOKEN_SECONDS,
  SESSION_MODE_HEADER,
} from '@motu/shared/access-token.ts'
import { PUBLIC_ORIGIN_HEADER } from '@motu/shared/internal.ts'
import { DomainError } from '@motu/shared/problem.ts'
import type { Context } from 'hono'
import { deleteCookie, getCookie, setCookie } from 'hono/cookie'
import type { Config } from '../config.ts'
import type { ApiEnv } from './env.ts'
import { publicOriginOf } from './public-origin.ts'

const ATTRIBUTES = {
  httpOnly: true,
  secure: true,
  sameSite: 'Strict',
  path: REFRESH_COOKIE_PATH,
} as const

/** Whether the refresh token travels in the cookie; refuses a page that is not ours. */
export function isCookieMode(c: Context<ApiEnv>, config: Config): boolean {
  if (c.req.header(SESSION_MODE_HEADER) !== COOKIE_MODE) return false
  const origin = c.req.header('origin')
  const called = c.req.header(PUBLIC_ORIGIN_HEADER)
  const ours = [publicOriginOf(c, config), called, ...config.allowedOrigins]
  if (origin !== undefined && !ours.includes(origin)) {
    throw new DomainError('forbidden', { detail: 'This page may not use the sign-in of another.' })
  }
  return true
}

export function readRefreshCookie(c: Context<ApiEnv>): string | null {
  return getCookie(c, REFRESH_COOKIE) ?? null
}

export function setRefreshCookie(c: Context<ApiEnv>, refreshToken: string): void {
  setCookie(c, REFRESH_COOKIE, refreshToken, { ...ATTRIBUTES, maxAge: REFRESH_TOKEN_SECONDS })
}

export function clearRefreshCookie(c: Context<ApiEnv>): void {
  deleteCookie(c, REFRESH_COOKIE, ATTRIBUTES)
}
