// What a request carries through the API.

import type { Principal } from '@motu/shared/contract/access.ts'
import { CLIENT_ADDRESS_HEADER } from '@motu/shared/internal.ts'
import type { Context } from 'hono'

export type ApiEnv = {
  Variables: {
    /** Found again in the logs and in a problem's `instance`. */
    requestId: string
    /** Whom the request speaks for: set on every route that is not for anyone. */
    principal: Principal
  }
}

const USER_AGENT_LENGTH_MAX = 256

/** Where a request comes from, as the edge says: what is written down of it. */
export type Caller = { address: string; userAgent: string | null; requestId: string }

export function callerOf(c: Context<ApiEnv>): Caller {
  return {
    address: c.req.header(CLIENT_ADDRESS_HEADER) || 'unknown',
    userAgent: c.req.header('user-agent')?.slice(0, USER_AGENT_LENGTH_MAX) ?? null,
    requestId: c.get('requestId'),
  }
}
