// Who may call: everything but the health check is signed by the edge; a user's own routes also ask
// for his token, which is verified here again.

import { SIGNATURE_AGE_MAX_MS, SIGNATURE_HEADER, verifyCall } from '@motu/shared/internal.ts'
import { DomainError } from '@motu/shared/problem.ts'
import type { MiddlewareHandler } from 'hono'
import type { ApiEnv } from './env.ts'
import type { Tokens } from './tokens.ts'

/** Signatures remembered while they are good for; beyond this calls that write wait. */
const NONCES_MAX = 100_000

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

/** Asks for a valid access token; its claims are what the request may act for. */
export function signedIn(tokens: Tokens): MiddlewareHandler<ApiEnv> {
  return async function signedIn(c, next) {
    const token = /^Bearer ([\w.-]+)$/i.exec(c.req.header('authorization') ?? '')?.[1]
    const claims = token ? await tokens.verify(token).catch(() => null) : null
    if (!claims) throw new DomainError('unauthenticated')
    c.set('claims', claims)
    await next()
  }
}
