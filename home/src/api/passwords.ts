// Passwords: argon2id behind a semaphore, so that a flood of sign-ins cannot take the machine: strangers
// never have more than one core of it. Who comes from where he has been before waits for none of them.

import { type Algorithm, hash, verify } from '@node-rs/argon2'
import { DomainError } from '@motu/shared/problem.ts'

// The enum's value: a `const enum` of another package cannot be imported unbuilt.
const ARGON2ID = 2 as Algorithm
/** OWASP's first choice: 19 MiB, two passes, one lane; about 15 ms of a core. */
const OPTIONS = { algorithm: ARGON2ID, memoryCost: 19_456, timeCost: 2, parallelism: 1 }
/** Of everyone's, and of strangers' among them. */
const HASHES_AT_ONCE_MAX = 2
const STRANGERS_AT_ONCE_MAX = 1
/** Of each kind: with so many before him nobody waits longer than the edge does. */
const WAITING_MAX = 50

/** Whose password it is: of somebody at a known address, or of a stranger. */
export type PasswordSource = 'known' | 'stranger'

export class Passwords {
  readonly #running: Record<PasswordSource, number> = { known: 0, stranger: 0 }
  readonly #waiting: Record<PasswordSource, (() => void)[]> = { known: [], stranger: [] }
  /** Verified for users that do not exist, so that they take as long as those that do. */
  readonly #decoy: Promise<string>

  constructor() {
    this.#decoy = hash('a password that nobody has', OPTIONS)
  }

  hash(password: string, from: PasswordSource = 'stranger'): Promise<string> {
    return this.#within(from, () => hash(password, OPTIONS))
  }

  /** Whether the password is right; `passwordHash` null for a user that does not exist. */
  async verify(
    passwordHash: string | null,
    password: string,
    from: PasswordSource = 'stranger',
  ): Promise<boolean> {
    const decoy = await this.#decoy
    const isRight = await this.#within(from, () => verify(passwordHash ?? decoy, password))
    return isRight && passwordHash !== null
  }

  async #within<T>(from: PasswordSource, work: () => Promise<T>): Promise<T> {
    const waiting = this.#waiting[from]
    if (waiting.length >= WAITING_MAX) {
      throw new DomainError('unavailable', { detail: 'Too many sign-ins at once. Try again soon.' })
    }
    if (this.#hasRoomFor(from)) this.#running[from] += 1
    else await new Promise<void>((resolve) => waiting.push(resolve))
    try {
      return await work()
    } finally {
      this.#running[from] -= 1
      this.#letIn('known')
      this.#letIn('stranger')
    }
  }

  /** Counted as it is let in: nobody slips in between. */
  #letIn(from: PasswordSource): void {
    if (!this.#hasRoomFor(from)) return
    const next = this.#waiting[from].shift()
    if (!next) return
    this.#running[from] += 1
    next()
  }

  #hasRoomFor(from: PasswordSource): boolean {
    const { known, stranger } = this.#running
    if (known + stranger >= HASHES_AT_ONCE_MAX) return false
    return from === 'known' || stranger < STRANGERS_AT_ONCE_MAX
  }
}
