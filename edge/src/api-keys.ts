// API keys at the edge: what is no key of ours fails its own checksum, before anyone is asked. Home
// vouches for the others, for a minute at a time; while it is dark, its last word counts for twelve
// hours. The cache knows a key by its text, so that a known one costs a look and no hash.

import { parseApiKey, secretHash } from '@motu/shared/api-key.ts'
import type { VerifiedKey } from '@motu/shared/api-key-calls.ts'
import type { Principal } from '@motu/shared/contract/access.ts'
import { DomainError } from '@motu/shared/problem.ts'
import type { Clock } from './clock.ts'
import type { Denials } from './denials.ts'
import { GRACE_MS_MAX, type KeptKey, type KeyAsked } from './kept-doors.ts'

const KNOWN_KEYS_MAX = 10_000
const UNKNOWN_KEYS_MAX = 10_000
/** How long home's word is enough. */
const KNOWN_MS = 60_000
const UNKNOWN_MS = 10_000
/** While home is dark it is not asked again for each request. */
const DARK_RETRY_MS = 2_000

/** Who says what a key stands for: home, and for when it is dark, the edge's disk. */
export type KeySource = {
  /** `dark` when home cannot be asked. */
  ask: (asked: KeyAsked) => Promise<VerifiedKey | 'unknown' | 'dark'>
  keep: (asked: KeyAsked, key: KeptKey) => Promise<void>
  recall: (asked: KeyAsked) => Promise<KeptKey | null>
  forget: (asked: KeyAsked) => Promise<void>
}

/** A key that may be used now. */
export type KeyEntry = {
  principal: Principal
  keyId: string
  networks: readonly string[]
  quotaPerMinute: number
  expiresAtMs: number
  verifiedAtMs: number
}

type Known = { entry: KeyEntry; isGoodUntilMs: number }

export class ApiKeys {
  readonly #now: Clock
  readonly #denials: Denials
  /** By the text of the key. */
  readonly #known = new Map<string, Known>()
  /** By the hash of what home said no to, until when that holds. */
  readonly #unknown = new Map<string, number>()

  constructor(now: Clock, denials: Denials) {
    this.#now = now
    this.#denials = denials
  }

  /** The key, if home was asked about it lately; undefined when it has to be asked. */
  recall(text: string): KeyEntry | null | undefined {
    const known = this.#known.get(text)
    if (!known) return undefined
    if (this.#isOutdated(known.entry)) {
      this.#known.delete(text)
      return undefined
    }
    if (!this.#mayBeUsed(known.entry)) return null
    return this.#now() < known.isGoodUntilMs ? known.entry : undefined
  }

  /**
   * What a text opens; null for nothing. `beforeAsking` is called before home is, for a text that may
   * be a key: it refuses by throwing.
   */
  async verify(
    text: string,
    source: KeySource,
    beforeAsking: () => void,
  ): Promise<KeyEntry | null> {
    const recalled = this.recall(text)
    if (recalled !== undefined) return recalled
    const parts = parseApiKey(text)
    if (!parts || this.#denials.isKeyDenied(parts.keyId)) return null
    const asked = { keyId: parts.keyId, hash: secretHash(text) }
    if (this.#now() < (this.#unknown.get(asked.hash) ?? 0)) return null
    if (!this.#known.has(text)) beforeAsking()
    const entry = await this.#ask(text, asked, source)
    return entry && !this.#isOutdated(entry) && this.#mayBeUsed(entry) ? entry : null
  }

  async #ask(text: string, asked: KeyAsked, source: KeySource): Promise<KeyEntry | null> {
    const askedAtMs = this.#now()
    const answer = await source.ask(asked)
    if (answer === 'dark') return this.#inTheDark(text, asked, source)
    if (answer === 'unknown') {
      this.#known.delete(text)
      if (this.#unknown.size >= UNKNOWN_KEYS_MAX) this.#unknown.clear()
      this.#unknown.set(asked.hash, this.#now() + UNKNOWN_MS)
      await source.forget(asked)
      return null
    }
    const entry = entryOf(asked.keyId, { verified: answer, verifiedAtMs: askedAtMs })
    if (this.#isOutdated(entry) || !this.#mayBeUsed(entry)) return null
    this.#remember(text, { entry, isGoodUntilMs: askedAtMs + KNOWN_MS })
    await source.keep(asked, { verified: answer, verifiedAtMs: askedAtMs })
    return entry
  }

  /** Outage grace: what home said last, if that is not too long ago. */
  async #inTheDark(text: string, asked: KeyAsked, source: KeySource): Promise<KeyEntry | null> {
    const kept = await source.recall(asked)
    const entry = this.#known.get(text)?.entry ?? (kept && entryOf(asked.keyId, kept))
    if (!entry || this.#now() - entry.verifiedAtMs > GRACE_MS_MAX) {
      throw new DomainError('unavailable', { detail: 'API keys cannot be checked right now.' })
    }
    this.#remember(text, { entry, isGoodUntilMs: this.#now() + DARK_RETRY_MS })
    return entry
  }

  #mayBeUsed({ keyId, expiresAtMs }: KeyEntry): boolean {
    return this.#now() < expiresAtMs && !this.#denials.isKeyDenied(keyId)
  }

  /** All its user had was ended since home vouched for it: he may have been let in again. */
  #isOutdated({ principal, verifiedAtMs }: KeyEntry): boolean {
    return this.#denials.isOutdated(principal.userId, verifiedAtMs)
  }

  #remember(text: string, known: Known): void {
    if (this.#known.size >= KNOWN_KEYS_MAX) {
      const oldest = this.#known.keys().next().value
      if (oldest !== undefined) this.#known.delete(oldest)
    }
    this.#known.set(text, known)
  }
}

function entryOf(keyId: string, { verified, verifiedAtMs }: KeptKey): KeyEntry {
  const { user_id: userId, role, scopes } = verified
  return {
    principal: { userId, role, via: { kind: 'key', keyId, scopes } },
    keyId,
    networks: verified.allowed_networks,
    quotaPerMinute: verified.quota_per_minute,
    expiresAtMs: verified.expires_at === null ? Infinity : Date.parse(verified.expires_at),
    verifiedAtMs,
  }
}
