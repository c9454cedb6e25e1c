// Access tokens at the edge: verified against home's public keys, never issued here. A verified
// token is remembered until it expires, because the signature is the dearest part of an order.

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
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** Fetches the public keys; null when neither home nor the edge's own disk has any. */
export type LoadKeys = () => Promise<JSONWebKeySet | null>
type KeySet = ReturnType<typeof createLocalJWKSet>

export class TokenVerifier {
  readonly #now: Clock
  readonly #verified = new Map<string, AccessClaims>()
  #keys: KeySet | null = null
  #keysLoadedAt = Number.NEGATIVE_INFINITY

  constructor(now: Clock) {
    this.#now = now
  }

  /** Who the token speaks for; null when it is not a valid access token of ours. */
  async verify(token: string, loadKeys: LoadKeys): Promise<AccessClaims | null> {
    if (token.length > TOKEN_LENGTH_MAX) return null
    const known = this.#verified.get(token)
    if (known) {
      if (!this.#isExpired(known)) return known
      this.#verified.delete(token)
      return null
    }
    const claims = await this.#verifySignature(token, loadKeys)
    if (claims) this.#remember(token, claims)
    return claims
  }

  async #verifySignature(token: string, loadKeys: LoadKeys): Promise<AccessClaims | null> {
    if (!this.#keys || this.#keysAge() > KEYS_AGE_MAX_MS) await this.#load(loadKeys)
    try {
      return await this.#claimsOf(token)
    } catch (error) {
      if (!(error instanceof errors.JOSEError)) throw error
      if (!(error instanceof errors.JWKSNoMatchingKey)) return null
    }
    if (this.#keysAge() < KEYS_REFETCH_INTERVAL_MS) return null
    await this.#load(loadKeys)
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
      clockTolerance: TOKEN_CLOCK_TOLERANCE_SECONDS,
      requiredClaims: ['sub', 'exp', 'sid', 'role'],
      currentDate: new Date(this.#now()),
    })
    const { sub, sid, role, exp } = payload
    if (typeof sub !== 'string' || typeof sid !== 'string' || typeof exp !== 'number') return null
    if (!UUID.test(sub)) return null
    if (role !== 'USER' && role !== 'ADMIN') return null
    return { sub, sid, role, exp }
  }

  /** A load that brings nothing keeps what we have: home is dark, the keys are as good as before. */
  async #load(loadKeys: LoadKeys): Promise<void> {
    const keys = await loadKeys()
    if (keys) this.#keys = createLocalJWKSet(keys)
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
