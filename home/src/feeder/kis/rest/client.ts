// Calls of one account: at its pace, with its token, tried again where that helps.

import { pause } from '../../schedule.ts'
import type { Row } from '../kis-text.ts'
import { CALLS_PER_SECOND } from './call-pace.ts'
import { exchange } from './http.ts'
import { KisError } from './kis-error.ts'
import { RateLimiter } from './rate-limiter.ts'
import { type KisContext, Tokens } from './tokens.ts'

/** Gaps of 50 ms let a second hold the eighteen calls it may. */
const SPACING_MS = 50
/** Tries of one call in all. */
const TRIES_MAX = 4
const PAGES_MAX = 20

export type KisCall = {
  /** Below the server's address. */
  path: string
  trId: string
  params: Readonly<Record<string, string>>
}

export type KisAnswer = {
  body: Row
  /** Just before KIS was asked: nothing in it is older. */
  askedAtMs: number
  /** More pages follow. */
  more: boolean
}

export class KisClient {
  readonly #context: KisContext
  readonly #tokens: Tokens
  readonly #limiter: RateLimiter
  /** Nothing is asked before: only a person can help. */
  #parkedUntil = 0

  constructor(context: KisContext) {
    const { account, times, now } = context
    this.#context = context
    this.#tokens = new Tokens(context)
    const calls = CALLS_PER_SECOND[account.kind]
    // Tests live in shorter seconds.
    const spacingMs = Math.min(SPACING_MS, times.rateWindowMs / calls)
    this.#limiter = new RateLimiter({ calls, windowMs: times.rateWindowMs, spacingMs }, now)
  }

  get name(): string {
    return this.#context.account.name
  }

  get isParked(): boolean {
    return this.#context.now() < this.#parkedUntil
  }

  /** Rejects with a `KisError`, whose reaction was already tried. */
  get(call: KisCall, signal: AbortSignal): Promise<KisAnswer> {
    return this.#get(call, { signal, continued: false })
  }

  /** All pages of a call, at the most twenty. */
  async pages(call: KisCall, signal: AbortSignal): Promise<KisAnswer[]> {
    const answers: KisAnswer[] = []
    for (let more = true; more && answers.length < PAGES_MAX;) {
      const answer = await this.#get(call, { signal, continued: answers.length > 0 })
      answers.push(answer)
      more = answer.more
    }
    return answers
  }

  async #get(
    call: KisCall,
    { signal, continued }: { signal: AbortSignal; continued: boolean },
  ): Promise<KisAnswer> {
    const { times, counters } = this.#context
    let hasNewToken = false
    for (let tries = 1; ; tries += 1) {
      if (this.isParked) throw new KisError('PARKED', 'the account waits for its admin')
      let token: string | null = null
      try {
        token = await this.#tokens.get(signal)
        await this.#limiter.turn(signal)
        return await this.#once(call, { signal, continued, token })
      } catch (error) {
        if (!(error instanceof KisError) || signal.aborted) throw error
        counters.rest_failures += 1
        if (error.reaction === 'ask_admin') this.#park(error)
        const isTokenBad = error.reaction === 'new_token' && token !== null
        if (isTokenBad && !hasNewToken) {
          hasNewToken = true
          this.#tokens.refuse(token!)
          continue
        }
        const mayHelp = error.reaction === 'retry' || error.reaction === 'wait'
        if (!mayHelp || tries >= TRIES_MAX) throw error
        const delayMs = times.retryDelayMs * 2 ** (tries - 1)
        if (error.reaction === 'wait') {
          counters.rate_limited += 1
          this.#limiter.slowDown(delayMs)
        } else await pause(delayMs, signal)
      }
    }
  }

  async #once(
    { path, trId, params }: KisCall,
    { signal, continued, token }: { signal: AbortSignal; continued: boolean; token: string },
  ): Promise<KisAnswer> {
    const { account, times, counters, now } = this.#context
    counters.rest_calls += 1
    const askedAtMs = now()
    const { body, headers } = await exchange({
      url: `${account.restUrl}${path}?${new URLSearchParams(params).toString()}`,
      method: 'GET',
      headers: {
        authorization: `Bearer ${token}`,
        appkey: account.appKey,
        appsecret: account.appSecret,
        tr_id: trId,
        custtype: 'P',
        tr_cont: continued ? 'N' : '',
      },
      timeoutMs: times.callTimeoutMs,
      signal,
    })
    const next = (headers.get('tr_cont') ?? '').trim()
    return { body, askedAtMs, more: next === 'M' || next === 'F' }
  }

  #park(error: KisError): void {
    const { account, times, now, log } = this.#context
    this.#parkedUntil = now() + times.adminMs
    log.error(
      { account: account.name, code: error.code },
      'kis: the account is refused: look at its keys and rights',
    )
  }
}
