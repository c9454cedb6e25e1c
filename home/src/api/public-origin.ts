// The origin a browser called, as far as home can know: what is configured, or what the edge says.

import { isIP } from 'node:net'
import { PUBLIC_ORIGIN_HEADER } from '@motu/shared/internal.ts'
import type { Context } from 'hono'
import type { Config } from '../config.ts'
import { isLoopback } from '../oidc-settings.ts'
import type { ApiEnv } from './env.ts'

export function publicOriginOf(c: Context<ApiEnv>, config: Config): string {
  return config.publicOrigin ?? c.req.header(PUBLIC_ORIGIN_HEADER) ?? new URL(c.req.url).origin
}

/** Whether passkeys can be bound to an origin: it must be secure, and its host a name. */
export function canHavePasskeys(origin: string): boolean {
  const url = new URL(origin)
  const isName = isIP(url.hostname.replace(/^\[|\]$/g, '')) === 0
  return isName && (url.protocol === 'https:' || isLoopback(url))
}
