// Who is no longer let in, though what he shows is signed and unexpired: ended sign-ins, revoked API
// keys, disabled users. Bounded by time: each is forgotten when nothing it opened can matter any more.

import type { Revocation } from '@motu/shared/upstream.ts'

type UserDenial = { atMs: number; heardMs: number; untilMs: number }

export class Denials {
  /** By id, until when. */
  readonly #sessions = new Map<string, number>()
  readonly #keys = new Map<string, number>()
  readonly #users = new Map<string, UserDenial>()

  get size(): number {
    return this.#sessions.size + this.#keys.size + this.#users.size
  }

  add(revocations: readonly Revocation[], nowMs: number): void {
    this.#forgetPast(nowMs)
    for (const { kind, id, at, until } of revocations) {
      const untilMs = Date.parse(until)
      if (untilMs < nowMs) continue
      if (kind === 'session') this.#sessions.set(id, untilMs)
      else if (kind === 'key') this.#keys.set(id, untilMs)
      else this.#addUser(id, { atMs: Date.parse(at), heardMs: nowMs, untilMs })
    }
  }

  isSessionDenied(sid: string): boolean {
    return this.#sessions.has(sid)
  }

  isKeyDenied(keyId: string): boolean {
    return this.#keys.has(keyId)
  }

  /** Whether a token of this user, issued then (seconds), was ended with all that he had. */
  isUserDenied(userId: string, issuedAt: number): boolean {
    const denial = this.#users.get(userId)
    return denial !== undefined && issuedAt * 1_000 <= denial.atMs
  }

  /** Whether all a user had was ended after home was asked about him, so that it must be asked anew. */
  isOutdated(userId: string, askedMs: number): boolean {
    const denial = this.#users.get(userId)
    return denial !== undefined && askedMs <= denial.heardMs
  }

  /** Home repeats what still matters: hearing it twice is no second revocation. */
  #addUser(id: string, denial: UserDenial): void {
    const known = this.#users.get(id)
    if (!known || known.atMs < denial.atMs) this.#users.set(id, denial)
  }

  #forgetPast(nowMs: number): void {
    for (const ended of [this.#sessions, this.#keys]) {
      for (const [id, untilMs] of ended) if (untilMs < nowMs) ended.delete(id)
    }
    for (const [id, { untilMs }] of this.#users) if (untilMs < nowMs) this.#users.delete(id)
  }
}
