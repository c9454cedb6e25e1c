// Who may call: everything but the health check is signed by the edge, and each route answers those
// it declares in the contract. The edge checked that too; nothing here relies on it.

import type { OpenAPIHono } from '@hono/zod-openapi'
import {
  ACCESS,
  type Access,
  API_KEY_HEADER,
  mayCall,
  type Principal,
} from '@motu/shared/contract/access.ts'
import { SIGNATURE_AGE_MAX_MS, SIGNATURE_HEADER, verifyCall } from '@motu/shared/internal.ts'
import { DomainError } from '@motu/shared/problem.ts'
import type { Context, MiddlewareHandler, Next } from 'hono'
import { type ApiEnv, callerOf } from './env.ts'
import type { Revocations } from './revocations.ts'
import type { Tokens } from './tokens.ts'

/** Signatures remembered while they are good for; beyond this calls that write wait. */
const NONCES_MAX = 100_000
const BEARER = /^Bearer +([\w.-]+) *$/i
/** What one who is known, but may not, is told. */
const WHY: Readonly<Record<Access, string>> = {
  anyone: '',
  read: 'This API key has no scope.',
  trade: 'This API key lacks the scope trade.',
  session: 'This needs a sign-in: no API key may do it.',
  admin: 'This is for admins, with a sign-in or an API key of the scope admin.',
}

/** Remembers the nonces of calls that write, so that a recorded call cannot be sent again. */
export class Nonces {
  readonly #seen = new Map<string, number>()

  /** True the first time. Forgetting one early would let its call in again: refuses when full. */
  take(nonce: string, nowMs: number): boolean {
    for (const [old, at] of this.#seen) {
      if (nowMs - at < 2 * SIGNATURE_AGE_MAX_MS) break
      this.#seen.delete(old)
    }
    if (this.#seen.size >= NONCES_MAX) throw new DomainError('unavailable')
    if (this.#seen.has(nonce)) return false
    this.#seen.set(nonce, nowMs)
    return true
  }
}

/** Lets only the edge in. */
export function signedByEdge(secret: string, now: () => number): MiddlewareHandler<ApiEnv> {
  const nonces = new Nonces()
  return async function signedByEdge(c, next) {
    const { method } = c.req
    const url = new URL(c.req.url)
    const isRead = method === 'GET' || method === 'HEAD'
    const call = { method, path: url.pathname + url.search, body: isRead ? '' : await c.req.text() }
    const header = c.req.header(SIGNATURE_HEADER)
    const valid = await verifyCall(secret, call, { header, nowMs: now() })
    if (!valid || (!isRead && !nonces.take(valid.nonce, now()))) {
      throw new DomainError('unauthenticated', { detail: 'This API answers signed calls only.' })
    }
    await next()
  }
}

type GuardParts = {
  tokens: Tokens
  revocations: Revocations
  /** Who an API key speaks for; null when it is no key of ours, has ended, or may not be used there. */
  keyOwner: (text: string, address: string) => Promise<Principal | null>
}

/** Knows who is calling, and keeps everyone out of what is not declared to be for him. */
export class Guard {
  readonly #parts: GuardParts

  constructor(parts: GuardParts) {
    this.#parts = parts
  }

  /** Makes every route that is added from now on answer only to those it declares. */
  protect(app: OpenAPIHono<ApiEnv>): void {
    const { openapi } = app
    const guarded: typeof openapi = (route, handler, hook) =>
      openapi({ ...route, middleware: this.#letIn(accessOf(route)) }, handler, hook)
    app.openapi = guarded
  }

  /** Who a request speaks for; null when it shows nothing that is good (any longer). */
  async principalOf(c: Context<ApiEnv>): Promise<Principal | null> {
    const authorization = c.req.header('authorization')
    const key = c.req.header(API_KEY_HEADER)
    if (authorization !== undefined && key !== undefined) {
      const detail = 'Send a bearer token or an API key, not both.'
      throw new DomainError('invalid-request', { detail })
    }
    if (key !== undefined) return this.#parts.keyOwner(key, callerOf(c).address)
    const token = BEARER.exec(authorization ?? '')?.[1]
    return token === undefined ? null : this.#ownerOf(token)
  }

  #letIn(who: Access): MiddlewareHandler<ApiEnv> {
    const guard = async (c: Context<ApiEnv>, next: Next): Promise<void> => {
      if (who !== 'anyone') {
        const principal = await this.principalOf(c)
        if (!principal) throw new DomainError('unauthenticated')
        if (!mayCall(who, principal)) throw new DomainError('forbidden', { detail: WHY[who] })
        c.set('principal', principal)
      }
      await next()
    }
    return guard
  }

  async #ownerOf(token: string): Promise<Principal | null> {
    const { tokens, revocations } = this.#parts
    const claims = await tokens.verify(token)
    if (!claims) return null
    const { sub, sid, role, exp } = claims
    if (await revocations.isRevoked({ kind: 'session', id: sid })) return null
    return { userId: sub, role, via: { kind: 'session', sid, exp } }
  }
}

function accessOf(route: { path: string; [extension: `x-${string}`]: unknown }): Access {
  const who = ACCESS.find((access) => access === route['x-motu-access'])
  if (who === undefined) throw new Error(`${route.path} does not declare who may call it`)
  return who
}
