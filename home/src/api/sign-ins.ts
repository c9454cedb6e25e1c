// Sign-ins: opened for who has shown who he is, however he did; renewed by their refresh token; ended
// everywhere at once. What a route answers with is made here, so that every way in answers alike.

import { ACCESS_TOKEN_SECONDS } from '@motu/shared/access-token.ts'
import type { Tokens as TokensAnswer } from '@motu/shared/contract/auth.ts'
import { DomainError } from '@motu/shared/problem.ts'
import type { Context } from 'hono'
import type { Config } from '../config.ts'
import type { Sql, Transaction } from '../db/connect.ts'
import { actorOf, audit } from './audit.ts'
import { type ApiEnv, callerOf } from './env.ts'
import { insertNotice } from './queries/notices.ts'
import { revocationOf } from './queries/revocations.ts'
import {
  endSignedOut,
  endSignIns,
  type EndReason,
  findSignIn,
  insertSignIn,
  isFamilyAlive,
  type Renewal,
  renewSignIn,
  type SignIn,
  type Which,
} from './queries/sessions.ts'
import {
  clearRefreshCookie,
  isCookieMode,
  readRefreshCookie,
  setRefreshCookie,
} from './refresh-cookie.ts'
import type { Revocations } from './revocations.ts'
import type { Tokens } from './tokens.ts'

type SignInsParts = {
  config: Config
  sql: Sql
  now: () => number
  tokens: Tokens
  revocations: Revocations
}
type Opening = {
  userId: string
  /** `password`, `passkey`, or `oidc:` and the provider. */
  method: string
  /** For a sign-in by password: the hash that was checked. */
  passwordHash?: string
  /** For a browser that navigates, and could send no header to ask for it. */
  asCookie?: boolean
}
type Ending = { userId: string; which: Which; reason: EndReason }

const REFUSED: Renewal = { kind: 'refused' }
const ENDED = { detail: 'This sign-in has ended. Sign in again.' }

export class SignIns {
  readonly #parts: SignInsParts

  constructor(parts: SignInsParts) {
    this.#parts = parts
  }

  /** Opens a sign-in; null for a user who is disabled, or whose password is another by now. */
  async open(c: Context<ApiEnv>, opening: Opening): Promise<TokensAnswer | null> {
    const { sql, now, config } = this.#parts
    const { userId, method, asCookie, passwordHash } = opening
    const inCookie = asCookie ?? isCookieMode(c, config)
    const { address, userAgent } = callerOf(c)
    const signIn = await sql.begin(async (tx) => {
      const wanted = { userId, method, address, userAgent }
      const checked = passwordHash === undefined ? {} : { passwordHash }
      const made = await insertSignIn(tx, { ...wanted, ...checked }, now())
      if (!made) return null
      const actor = { ...actorOf(c), actorId: userId, actorVia: `session:${made.sid}` }
      const target = `user:${userId}`
      await audit(tx, { action: 'sign_in', ...actor, target, detail: { method } }, now())
      return made
    })
    return signIn && this.#answer(c, signIn, inCookie)
  }

  /** Exchanges the refresh token a request brings for new tokens. */
  async renew(c: Context<ApiEnv>, given: string | undefined): Promise<TokensAnswer> {
    const { sql, now, config, revocations } = this.#parts
    const inCookie = isCookieMode(c, config)
    const refreshToken = given ?? (inCookie ? readRefreshCookie(c) : null)
    if (!refreshToken) throw new DomainError('unauthenticated', ENDED)
    const isAlive = await isFamilyAlive(sql, refreshToken, now())
    const renewal = isAlive ? await this.#exchange(c, refreshToken) : REFUSED
    if (renewal.kind === 'renewed') return this.#answer(c, renewal.signIn, inCookie)
    if (renewal.kind === 'reused') {
      await revocations.announce([revocationOf('session', renewal.sid, now())])
    }
    if (inCookie) clearRefreshCookie(c)
    throw new DomainError('unauthenticated', ENDED)
  }

  /** The sign-in that a request's refresh token belongs to; null when it brings none that is ours. */
  async findByToken(
    c: Context<ApiEnv>,
    given: string | undefined,
  ): Promise<{ sid: string; userId: string } | null> {
    const { sql, config } = this.#parts
    const inCookie = isCookieMode(c, config)
    const refreshToken = given ?? (inCookie ? readRefreshCookie(c) : null)
    if (inCookie) clearRefreshCookie(c)
    return refreshToken ? findSignIn(sql, refreshToken) : null
  }

  /** Ends sign-ins and tells everyone; each that was open is in the audit log. */
  async end(c: Context<ApiEnv>, ending: Ending): Promise<void> {
    const { sql, now } = this.#parts
    const nowMs = now()
    const sids = await sql.begin((tx) => this.endWithin(tx, c, ending))
    await this.announceEnded(sids, nowMs)
  }

  /** Ends sign-ins as part of a transaction; when it is committed, `announceEnded` is due. */
  async endWithin(tx: Transaction, c: Context<ApiEnv>, ending: Ending): Promise<string[]> {
    const { now } = this.#parts
    const { userId, reason } = ending
    const sids = await endSignIns(tx, ending, now())
    const action = reason === 'signed_out' ? 'sign_out' : 'session_revoked'
    for (const sid of sids) {
      const actor = actorOf(c)
      const entry = { action, ...actor, actorId: actor.actorId ?? userId } as const
      await audit(tx, { ...entry, target: `session:${sid}`, detail: { reason } }, now())
    }
    return sids
  }

  /** Ends what was signed out of at the edge while home could not be told. */
  async endSignedOut(sids: readonly string[]): Promise<void> {
    const { sql, now } = this.#parts
    const nowMs = now()
    const ended = await sql.begin(async (tx) => {
      const rows = await endSignedOut(tx, sids, nowMs)
      for (const { sid, userId } of rows) {
        const entry = { action: 'sign_out', actorId: userId, actorVia: `session:${sid}` } as const
        const detail = { reason: 'signed_out', told_later: true }
        await audit(tx, { ...entry, target: `session:${sid}`, detail }, nowMs)
      }
      return rows.map(({ sid }) => sid)
    })
    await this.announceEnded(ended, nowMs)
  }

  announceEnded(sids: readonly string[], atMs: number): Promise<void> {
    return this.#parts.revocations.announce(sids.map((sid) => revocationOf('session', sid, atMs)))
  }

  async #answer(c: Context<ApiEnv>, signIn: SignIn, inCookie: boolean): Promise<TokensAnswer> {
    const accessToken = await this.#parts.tokens.issue(signIn)
    if (inCookie) setRefreshCookie(c, signIn.refreshToken)
    c.header('cache-control', 'no-store')
    return {
      access_token: accessToken,
      ...(inCookie ? {} : { refresh_token: signIn.refreshToken }),
      token_type: 'bearer',
      expires_in: ACCESS_TOKEN_SECONDS,
    }
  }

  #exchange(c: Context<ApiEnv>, refreshToken: string): Promise<Renewal> {
    const { sql, now } = this.#parts
    return sql.begin(async (tx) => {
      const renewal = await renewSignIn(tx, refreshToken, now())
      if (renewal.kind === 'reused') await this.#tellReuse(c, tx, renewal)
      return renewal
    })
  }

  /** Somebody had a token he should not have had: its owner, or we, must know. */
  async #tellReuse(
    c: Context<ApiEnv>,
    tx: Transaction,
    { sid, userId }: { sid: string; userId: string },
  ): Promise<void> {
    const { now } = this.#parts
    const { address, requestId } = callerOf(c)
    const target = `session:${sid}`
    await audit(
      tx,
      { action: 'refresh_reused', actorId: userId, target, address, requestId },
      now(),
    )
    const detail = { session_id: sid, address }
    await insertNotice(tx, { userId, kind: 'refresh_reused', detail }, now())
  }
}
