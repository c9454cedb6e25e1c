// Access tokens at the edge: verified against home's public keys, never issued here. A verified
// token is remembered until it expires, because the signature is the dearest part of an order.
// Sign-ins that ended early are denied, whatever their tokens say.

import { createLocalJWKSet, errors, type JSONWebKeySet, jwtVerify } from 'jose'
import {
  type AccessClaims,
  TOKEN_ALGORITHM,
  TOKEN_AUDIENCE,
  TOKEN_CLOCK_TOLERANCE_SECONDS,
  TOKEN_ISSUER,
  TOKEN_TYPE,
} from '@motu/shared/access-token.ts'
import { DomainError } from '@motu/shared/problem.ts'
import type { Revocation } from '@motu/shared/upstream.ts'
import type { Clock } from './clock.ts'
import type { Denials } from './denials.ts'
import { isStrictToken } from './strict-token.ts'

/** Verified tokens kept per isolate: about 1 KB each. */
const VERIFIED_TOKENS_MAX = 10_000
/** An unknown key id asks home again, at most this often: strangers must not make us call home. */
const KEYS_REFETCH_INTERVAL_MS = 3_000
/** Keys that home withdrew are forgotten after this long. */
const KEYS_AGE_MAX_MS = 5 * 60_000
/** Home's clock may be ahead of ours: a new token must not have to wait for its time to come. */
const ISSUED_AHEAD_SECONDS_MAX = 60
/** jose refuses what has ended; nothing ended before this. */
const BEFORE_ANY_END = new Date(0)
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** Whom to trust, and whom no longer, as the edge's own disk knows it. */
export type Trust = { keys: JSONWebKeySet; denied: readonly Revocation[] }
/** Fetches it; null when neither home nor the edge's own disk has any keys. */
export type LoadTrust = () => Promise<Trust | null>
/** `iat` and `exp` in seconds since 1970. */
export type TokenClaims = AccessClaims & { iat: number }
/** A token that home signed; `expired` ones may still count while home is dark. */
export type Verdict = { claims: TokenClaims; isExpired: boolean }
type KeySet = ReturnType<typeof createLocalJWKSet>

export class TokenVerifier {
  readonly #now: Clock
  readonly #denials: Denials
  readonly #verified = new Map<string, TokenClaims>()
  #keys: KeySet | null = null
  #keysLoadedAt = Number.NEGATIVE_INFINITY

  constructor(now: Clock, denials: Denials) {
    this.#now = now
    this.#denials = denials
  }

  /** Who the token speaks for; null when it is not an access token of ours, or was denied. */
  async verify(token: string, loadTrust: LoadTrust): Promise<Verdict | null> {
    if (!this.#verified.has(token)) {
      if (!isStrictToken(token)) return null
      const claims = await this.#verifySignature(token, loadTrust)
      if (claims) this.#remember(token, claims)
    }
    return this.recall(token)
  }

  /** Whether a token was verified before: looking at it again costs nothing. */
  isKnown(token: string): boolean {
    return this.#verified.has(token)
  }

  /** Who a token speaks for that was verified before; null for any other. */
  recall(token: string): Verdict | null {
    const claims = this.#verified.get(token)
    if (!claims || this.#isDenied(claims)) return null
    return { claims, isExpired: this.#isExpired(claims) }
  }

  async #verifySignature(token: string, loadTrust: LoadTrust): Promise<TokenClaims | null> {
    if (!this.#keys || this.#keysAge() > KEYS_AGE_MAX_MS) await this.#load(loadTrust)
    try {
      return await this.#claimsOf(token)
    } catch (error) {
      if (!(error instanceof errors.JOSEError)) throw error
      if (!(error instanceof errors.JWKSNoMatchingKey)) return null
    }
    if (this.#keysAge() < KEYS_REFETCH_INTERVAL_MS) return null
    await this.#load(loadTrust)
    try {
      return await this.#claimsOf(token)
    } catch (error) {
      if (error instanceof errors.JOSEError) return null
      throw error
    }
  }

  async #claimsOf(token: string): Promise<TokenClaims | null> {
    if (!this.#keys) {
      throw new DomainError('unavailable', { detail: 'Sign-ins cannot be checked right now.' })
    }
    const { payload } = await jwtVerify(token, this.#keys, {
      algorithms: [TOKEN_ALGORITHM],
      issuer: TOKEN_ISSUER,
      audience: TOKEN_AUDIENCE,
      typ: TOKEN_TYPE,
      requiredClaims: ['sub', 'exp', 'iat', 'sid', 'role'],
      // Its end is judged by `verify`, at every use and not only at the first.
      currentDate: BEFORE_ANY_END,
    })
    const { aud, sub, sid, role, iat, exp } = payload
    if (typeof sub !== 'string' || typeof sid !== 'string' || !UUID.test(sub)) return null
    if (role !== 'USER' && role !== 'ADMIN') return null
    if (!Number.isSafeInteger(exp) || !Number.isSafeInteger(iat)) return null
    // A token for us and for somebody else is a token somebody else could show us.
    if (aud !== TOKEN_AUDIENCE || this.#isFuture(iat!)) return null
    return { sub, sid, role, iat: iat!, exp: exp! }
  }

  /** A load that brings nothing keeps what we have: home is dark, the keys are as good as before. */
  async #load(loadTrust: LoadTrust): Promise<void> {
    const trust = await loadTrust()
    if (trust) {
      this.#keys = createLocalJWKSet(trust.keys)
      this.#denials.add(trust.denied, this.#now())
    }
    if (this.#keys) this.#keysLoadedAt = this.#now()
  }

  #keysAge(): number {
    return this.#now() - this.#keysLoadedAt
  }

  #isDenied({ sub, sid, iat }: TokenClaims): boolean {
    return this.#denials.isSessionDenied(sid) || this.#denials.isUserDenied(sub, iat)
  }

  #isFuture(iat: number): boolean {
    return this.#now() < (iat - ISSUED_AHEAD_SECONDS_MAX) * 1_000
  }

  #isExpired(claims: TokenClaims): boolean {
    return this.#now() >= (claims.exp + TOKEN_CLOCK_TOLERANCE_SECONDS) * 1_000
  }

  #remember(token: string, claims: TokenClaims): void {
    if (this.#verified.size >= VERIFIED_TOKENS_MAX) {
      const oldest = this.#verified.keys().next().value
      if (oldest !== undefined) this.#verified.delete(oldest)
    }
    this.#verified.set(token, claims)
  }
}
