// The key that opens a WebSocket session. It has no known end: it serves until KIS refuses it.

import { textOf } from '../kis-text.ts'
import { exchange } from './http.ts'
import { KisError } from './kis-error.ts'
import type { KisContext } from './tokens.ts'

export class Approval {
  readonly #context: KisContext
  #key: string | null = null

  constructor(context: KisContext) {
    this.#context = context
  }

  /** Rejects with a `KisError` when KIS gives none. */
  async get(signal: AbortSignal): Promise<string> {
    if (this.#key !== null) return this.#key
    const { account, times, counters } = this.#context
    counters.approvals += 1
    const { body } = await exchange({
      url: `${account.restUrl}/oauth2/Approval`,
      method: 'POST',
      headers: {},
      // Not `appsecret`, as everywhere else.
      body: {
        grant_type: 'client_credentials',
        appkey: account.appKey,
        secretkey: account.appSecret,
      },
      timeoutMs: times.callTimeoutMs,
      signal,
    })
    const key = textOf(body.approval_key)
    if (key === '') throw new KisError('NETWORK', 'an answer without an approval key')
    this.#key = key
    return key
  }

  forget(): void {
    this.#key = null
  }
}
