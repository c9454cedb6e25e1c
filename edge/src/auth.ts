// Access tokens at the edge: verified against home's public keys, never issued here. A verified
// token is remembered until it expires, because the signature is the dearest part of an order.
// Sign-ins that ended early (signed out here) are denied, whatever their tokens say.

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
import type { Clock } from './clock.ts'

/** Verified tokens kept per isolate: about 1 KB each. */
const VERIFIED_TOKENS_MAX = 10_000
/** Longer ones are not ours, and are not worth a look. */
const TOKEN_LENGTH_MAX = 4_096
/** An unknown key id asks home again, at most this often: strangers must not make us call home. */
const KEYS_REFETCH_INTERVAL_MS = 3_000
/** Keys that home withdrew are forgotten after this long. */
const KEYS_AGE_MAX_MS = 5 * 60_000
/** jose refuses what has ended; nothing ended before this. */
const BEFORE_ANY_END = new Date(0)
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** Whom to trust, and whom no longer: ids of sign-ins that were ended at this edge. */
export type Trust = { keys: JSONWebKeySet; denied: readonly string[] }
/** Fetches it; null when neither home nor the edge's own disk has any keys. */
export type LoadTrust = () => Promise<Trust | null>
/** A token that home signed; `expired` ones may still count while home is dark. */
export type Verdict = { claims: AccessClaims; isExpired: boolean }
type KeySet = ReturnType<typeof createLocalJWKSet>

export class TokenVerifier {
  readonly #now: Clock
  readonly #verified = new Map<string, AccessClaims>()
  #denied = new Set<string>()
  #keys: KeySet | null = null
  #keysLoadedAt = Number.NEGATIVE_INFINITY

  constructor(now: Clock) {
    this.#now = now
  }

  /** Who the token speaks for; null when it is not an access token of ours, or was denied. */
  async verify(token: string, loadTrust: LoadTrust): Promise<Verdict | null> {
    if (token.length > TOKEN_LENGTH_MAX) return null
    let claims = this.#verified.get(token) ?? null
    if (!claims) {
      claims = await this.#verifySignature(token, loadTrust)
      if (claims) this.#remember(token, claims)
    }
    if (!claims || this.#denied.has(claims.sid)) return null
    return { claims, isExpired: this.#isExpired(claims) }
  }

  /** Ends a sign-in here and now. */
  deny(sid: string): void {
    this.#denied.add(sid)
  }

  async #verifySignature(token: string, loadTrust: LoadTrust): Promise<AccessClaims | null> {
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

  async #claimsOf(token: string): Promise<AccessClaims | null> {
    if (!this.#keys) {
      throw new DomainError('unavailable', { detail: 'Sign-ins cannot be checked right now.' })
    }
    const { payload } = await jwtVerify(token, this.#keys, {
      algorithms: [TOKEN_ALGORITHM],
      issuer: TOKEN_ISSUER,
      audience: TOKEN_AUDIENCE,
      typ: TOKEN_TYPE,
      requiredClaims: ['sub', 'exp', 'sid', 'role'],
      // Its end is judged by `verify`, at every use and not only at the first.
      currentDate: BEFORE_ANY_END,
    })
    const { sub, sid, role, exp } = payload
    if (typeof sub !== 'string' || typeof sid !== 'string' || typeof exp !== 'number') return null
    if (!UUID.test(sub)) return null
    if (role !== 'USER' && role !== 'ADMIN') return null
    return { sub, sid, role, exp }
  }

  /** A load that brings nothing keeps what we have: home is dark, the keys are as good as before. */
  async #load(loadTrust: LoadTrust): Promise<void> {
    const trust = await loadTrust()
    if (trust) {
      this.#keys = createLocalJWKSet(trust.keys)
      this.#denied = new Set(trust.denied)
    }
    if (this.#keys) this.#keysLoadedAt = this.#now()
  }

  #keysAge(): number {
    return this.#now() - this.#keysLoadedAt
  }

  #isExpired(claims: AccessClaims): boolean {
    return this.#now() >= (claims.exp + TOKEN_CLOCK_TOLERANCE_SECONDS) * 1_000
  }

  #remember(token: string, claims: AccessClaims): void {
    if (this.#verified.size >= VERIFIED_TOKENS_MAX) {
      const oldest = this.#verified.keys().next().value
      if (oldest !== undefined) this.#verified.delete(oldest)
    }
    this.#verified.set(token, claims)
  }
}
