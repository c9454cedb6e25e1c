// What this browser remembers of a sign-in, for all its tabs: who it is, and how far renewing and
// ending it has come. Nothing here opens anything: tokens are never stored.

import type { User } from '@motu/shared/contract/auth.ts'

/** Where versions before this one kept both tokens. */
const STORAGE_KEY_OLD = 'motu.session'
const STORAGE_KEYS = {
  user: 'motu.user',
  expiresAt: 'motu.session.expires',
  renewingSince: 'motu.session.renewing',
  isReturning: 'motu.session.returning',
  isLeaving: 'motu.session.leaving',
} as const

export type SessionUser = Pick<User, 'username' | 'nickname' | 'role'> & { user_id: string | null }
export type SessionStorage = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>

export class SessionNotes {
  readonly #storage: SessionStorage

  constructor(storage: SessionStorage) {
    this.#storage = storage
    storage.removeItem(STORAGE_KEY_OLD)
  }

  /** Who is signed in, as last heard from home. */
  get user(): SessionUser | null {
    try {
      const user = JSON.parse(this.#storage.getItem(STORAGE_KEYS.user) ?? 'null') as SessionUser
      return typeof user?.username === 'string' ? user : null
    } catch {
      return null
    }
  }

  set user(user: SessionUser | null) {
    this.#write('user', user && JSON.stringify(user))
  }

  /** When the newest access token of any tab ends, in ms: tells whether another tab has renewed. */
  get expiresAt(): number {
    return this.#number('expiresAt') ?? 0
  }

  set expiresAt(at: number | null) {
    this.#write('expiresAt', at === null ? null : `${at}`)
  }

  /** Set while a renewal is under way: a page that went away in the middle of one leaves it. */
  get renewingSince(): number | null {
    return this.#number('renewingSince')
  }

  set renewingSince(at: number | null) {
    this.#write('renewingSince', at === null ? null : `${at}`)
  }

  /** The browser was sent to a provider, and may come back signed in. */
  get isReturning(): boolean {
    return this.#storage.getItem(STORAGE_KEYS.isReturning) !== null
  }

  set isReturning(is: boolean) {
    this.#write('isReturning', is ? '1' : null)
  }

  /** Someone signed out here, and the server has not heard of it yet. */
  get isLeaving(): boolean {
    return this.#storage.getItem(STORAGE_KEYS.isLeaving) !== null
  }

  set isLeaving(is: boolean) {
    this.#write('isLeaving', is ? '1' : null)
  }

  #number(name: keyof typeof STORAGE_KEYS): number | null {
    const value = Number.parseInt(this.#storage.getItem(STORAGE_KEYS[name]) ?? '', 10)
    return Number.isNaN(value) ? null : value
  }

  #write(name: keyof typeof STORAGE_KEYS, text: string | null): void {
    if (text === null) this.#storage.removeItem(STORAGE_KEYS[name])
    else this.#storage.setItem(STORAGE_KEYS[name], text)
  }
}
