// The token of one account: asked for rarely (KIS issues one a minute, and tells the customer of each),
// kept for all processes in Postgres, sealed.
//
//   fresh ──(near its end, or refused by KIS)──▶ wanted ──(row claimed)──▶ asked ──▶ fresh
//     while wanted: the old one serves as long as it lives; else callers wait for the row.

import type { Sql } from '../../../db/connect.ts'
import type { Log } from '../../../log.ts'
import { pause } from '../../schedule.ts'
import type { KisCounters } from '../kis-counters.ts'
import type { KisAccount } from '../kis-settings.ts'
import { textOf } from '../kis-text.ts'
import type { KisTimes } from '../kis-times.ts'
import { exchange } from './http.ts'
import { KisError } from './kis-error.ts'
import { appKeyHash, openToken, sealToken } from './sealed-token.ts'
import { claimRequest, loadToken, saveToken } from './token-store.ts'

/** Intervals that are waited for a token of somebody else, before giving up. */
const INTERVALS_MAX = 3
/** Looks at the row within an interval. */
const LOOKS = 30
const VALID_SECONDS_DEFAULT = 86_400

export type KisContext = {
  account: KisAccount
  sql: Sql
  times: KisTimes
  counters: KisCounters
  now: () => number
  log: Log
}

type Token = { text: string; expiresAtMs: number }

export class Tokens {
  readonly #context: KisContext
  readonly #hash: string
  #token: Token | null = null
  /** KIS refused this one: it is not to be taken from the row again. */
  #refused: string | null = null
  #getting: Promise<string> | null = null

  constructor(context: KisContext) {
    this.#context = context
    this.#hash = appKeyHash(context.account.appKey)
  }

  /** A token that lives. Rejects with a `KisError` when none can be had. */
  get(signal: AbortSignal): Promise<string> {
    if (this.#token && this.#isFresh(this.#token)) return Promise.resolve(this.#token.text)
    this.#getting ??= this.#obtain(signal).finally(() => (this.#getting = null))
    return this.#getting
  }

  /** KIS did not know this token: the next `get` brings another. */
  refuse(text: string): void {
    this.#refused = text
    if (this.#token?.text === text) this.#token = null
  }

  async #obtain(signal: AbortSignal): Promise<string> {
    const { sql, times } = this.#context
    const stepMs = Math.ceil(times.tokenIntervalMs / LOOKS)
    for (let look = 0; look <= INTERVALS_MAX * LOOKS; look += 1) {
      if (signal.aborted) throw new KisError('ABORTED', 'the feeder stops')
      const stored = await this.#load()
      if (stored && this.#isFresh(stored)) return this.#keep(stored)
      const old = [this.#token, stored].find((token) => token && this.#lives(token)) ?? null
      const claim = { appKeyHash: this.#hash, intervalMs: times.tokenIntervalMs }
      if (await claimRequest(sql, claim)) {
        const asked = await this.#ask(signal, old)
        if (asked) return asked
      }
      if (old) return this.#keep(old)
      await pause(stepMs, signal)
    }
    throw new KisError('EGW00133', 'nobody got a token')
  }

  /** Null: to be waited for. What else KIS refuses is thrown, unless the old one still serves. */
  async #ask(signal: AbortSignal, old: Token | null): Promise<string | null> {
    const { account, times, now, counters, log, sql } = this.#context
    counters.tokens += 1
    try {
      const askedAt = now()
      const { body } = await exchange({
        url: `${account.restUrl}/oauth2/tokenP`,
        method: 'POST',
        headers: {},
        body: {
          grant_type: 'client_credentials',
          appkey: account.appKey,
          appsecret: account.appSecret,
        },
        timeoutMs: times.callTimeoutMs,
        signal,
      })
      const text = textOf(body.access_token)
      if (text === '') throw new KisError('NETWORK', 'an answer without a token')
      const token = { text, expiresAtMs: askedAt + validSeconds(body.expires_in) * 1_000 }
      // Within six hours KIS gives the same one again, be it refused or not.
      if (text === this.#refused) this.#refused = null
      // Kept first: if Postgres is away, it is not asked for again at once.
      this.#keep(token)
      const sealedToken = sealToken(account, text)
      await saveToken(sql, this.#hash, { sealedToken, expiresAtMs: token.expiresAtMs })
      return text
    } catch (error) {
      if (!(error instanceof KisError)) throw error
      log.warn({ account: account.name, code: error.code }, 'kis: no new token')
      if (error.reaction === 'wait' || error.reaction === 'retry' || old) return null
      throw error
    }
  }

  async #load(): Promise<Token | null> {
    const stored = await loadToken(this.#context.sql, this.#hash)
    if (!stored) return null
    const text = openToken(this.#context.account, stored.sealedToken)
    if (text === null || text === this.#refused) return null
    return { text, expiresAtMs: stored.expiresAtMs }
  }

  #keep(token: Token): string {
    this.#token = token
    return token.text
  }

  #lives({ text, expiresAtMs }: Token): boolean {
    return text !== this.#refused && expiresAtMs > this.#context.now()
  }

  #isFresh(token: Token): boolean {
    const { now, times } = this.#context
    return this.#lives(token) && token.expiresAtMs - now() > times.tokenRenewAheadMs
  }
}

/** Seconds, as a number or as text. */
function validSeconds(value: unknown): number {
  const seconds = typeof value === 'number' ? value : Number.parseInt(textOf(value), 10)
  return Number.isSafeInteger(seconds) && seconds > 0 ? seconds : VALID_SECONDS_DEFAULT
}
