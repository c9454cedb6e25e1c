// Which pages may use what a browser adds by itself: its cookies, and its leave to open sockets.

import type { Context } from 'hono'
import type { AppEnv } from './env.ts'

/** A browser always names its origin: ours, or one of the list. What names none is no browser. */
export function isOwnOrigin(c: Context<AppEnv>): boolean {
  const origin = c.req.header('origin')
  if (origin === undefined) return true
  if (c.env.ALLOWED_ORIGINS.split(',').includes(origin)) return true
  return URL.canParse(origin) && new URL(origin).host === c.req.header('host')
}
