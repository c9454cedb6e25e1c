// The auth session of this browser: who is signed in, and the tokens that prove it.
//
// Signed out ── signIn, register ──► signed in ── signOut, or home refuses the refresh token ──► out.
// While home is dark nothing can be renewed: the old access token stays, because the edge still
// takes orders with it. Only a refusal (401) ends the session, never silence.
//
// The tokens lie in localStorage so that a reload, in the dark too, keeps the sign-in. A cookie
// that scripts cannot read replaces the refresh token there once the edge hands one out.

import type { Tokens, User } from '@motu/shared/contract/auth.ts'
import type { Answer, Failure, Http } from './http.ts'

const STORAGE_KEY = 'motu.session'
const RENEWAL_LOCK = 'motu.session.renewal'
/** An access token is renewed this long before it ends. */
const RENEWAL_MARGIN_MS = 60_000

export type SessionUser = Pick<User, 'username' | 'nickname'> & { user_id: string | null }
type Stored = { accessToken: string; refreshToken: string; expiresAt: number; user: SessionUser }

export type SessionOptions = {
  http: Http
  storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>
  now: () => number
  /** One tab renews at a time; a refresh token used twice would count as stolen. */
  withLock?: (name: string, work: () => Promise<boolean>) => Promise<boolean>
}

export class Session {
  #stored = $state.raw<Stored | null>(null)
  #renewal: Promise<boolean> | null = null
  readonly #options: SessionOptions
  /** True after a session ended by itself, until the next sign-in: the page says why. */
  hasExpired = $state(false)

  constructor(options: SessionOptions) {
    this.#options = options
    this.#stored = this.#read()
  }

  get user(): SessionUser | null {
    return this.#stored?.user ?? null
  }

  get isSignedIn(): boolean {
    return this.#stored !== null
  }

  async signIn(body: { username: string; password: string }): Promise<Failure | null> {
    const { http } = this.#options
    const path = '/api/v1/login/access-token'
    const answer = await http.send<Tokens>({ method: 'POST', path, body })
    if (!answer.ok) return answer.failure
    const { username } = body
    this.#keep(answer.data, { user_id: null, username, nickname: username })
    await this.#loadUser()
    return null
  }

  async register(body: {
    username: string
    password: string
    nickname: string
  }): Promise<Failure | null> {
    const path = '/api/v1/auth/register'
    const answer = await this.#options.http.send<User>({ method: 'POST', path, body })
    if (!answer.ok) return answer.failure
    return this.signIn({ username: body.username, password: body.password })
  }

  /** Ends the session here at once; the server hears of it as soon as it can. */
  async signOut(): Promise<void> {
    const token = this.#stored?.accessToken ?? null
    this.#end()
    await this.#options.http.send({ method: 'POST', path: '/api/v1/logout', token })
  }

  /** The access token to send, renewed when it is about to end; null when signed out. */
  async token(): Promise<string | null> {
    const stored = this.#stored
    if (stored && stored.expiresAt - this.#options.now() < RENEWAL_MARGIN_MS) await this.renew()
    return this.#stored?.accessToken ?? null
  }

  /** Renews the tokens; calls at the same time share one request. True when there are new ones. */
  renew(): Promise<boolean> {
    const { withLock } = this.#options
    const renewal = () => this.#renewOnce()
    this.#renewal ??= (withLock ? withLock(RENEWAL_LOCK, renewal) : renewal()).finally(() => {
      this.#renewal = null
    })
    return this.#renewal
  }

  /** Another tab signed in or out, or renewed: take over what it stored. */
  adoptStored(): void {
    this.#stored = this.#read()
  }

  async #renewOnce(): Promise<boolean> {
    const mine = this.#stored
    if (!mine) return false
    const stored = this.#read()
    if (stored && stored.refreshToken !== mine.refreshToken) {
      this.#stored = stored
      return true
    }
    const answer: Answer<Tokens> = await this.#options.http.send({
      method: 'POST',
      path: '/api/v1/login/refresh',
      body: { refresh_token: mine.refreshToken },
    })
    if (answer.ok) {
      this.#keep(answer.data, mine.user)
      return true
    }
    if (answer.failure.kind === 'problem' && answer.failure.status === 401) {
      this.#end()
      this.hasExpired = true
    }
    return false
  }

  async #loadUser(): Promise<void> {
    const stored = this.#stored
    if (!stored) return
    const path = '/api/v1/users/me'
    const token = stored.accessToken
    const answer = await this.#options.http.send<User>({ method: 'GET', path, token })
    if (!answer.ok || this.#stored?.accessToken !== token) return
    const { user_id, username, nickname } = answer.data
    this.#write({ ...stored, user: { user_id, username, nickname } })
  }

  #keep(tokens: Tokens, user: SessionUser): void {
    this.hasExpired = false
    this.#write({
      accessToken: tokens.access_token,
      refreshToken: tokens.refresh_token,
      expiresAt: this.#options.now() + tokens.expires_in * 1_000,
      user,
    })
  }

  #end(): void {
    this.#stored = null
    this.#options.storage.removeItem(STORAGE_KEY)
  }

  #write(stored: Stored): void {
    this.#stored = stored
    this.#options.storage.setItem(STORAGE_KEY, JSON.stringify(stored))
  }

  #read(): Stored | null {
    try {
      const text = this.#options.storage.getItem(STORAGE_KEY)
      return text === null ? null : (JSON.parse(text) as Stored)
    } catch {
      return null
    }
  }
}
