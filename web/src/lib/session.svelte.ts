// The auth session of this browser: who is signed in, and the token that proves it.
//
//   out ── enter ──────────────────────────────────► in ── signOut, or a refusal (401) ──► out
//   restoring ── renewed, or told by another tab ──► in
//   restoring ── home cannot answer ──► waiting ── home is back ──► in
//
// restoring  A page that was loaded anew knows who was here, but has no token yet.
// waiting    The same while home is dark: the name is shown, and orders wait for a token.
// in         While home is dark nothing can be renewed: the old access token stays, because the
//            edge still takes orders with it. Only a refusal ends the session, never silence.
//
// The access token lives in memory and is told to the other tabs; the refresh token is a cookie no
// script can read. It is good once, so tabs take turns, and whoever comes second takes over what
// the first one got.

import type { Tokens, User } from '@motu/shared/contract/auth.ts'
import { type Failure, type Http, mayRetry } from './http.ts'
import { SessionNotes, type SessionStorage, type SessionUser } from './session-notes.ts'
import type { Access, Tabs, TabWord } from './tabs.ts'

const REFRESH_PATH = '/api/v1/login/refresh'
/** An access token is renewed this long before it ends. */
const RENEWAL_MARGIN_MS = 60_000
/** How long another tab may take to tell its token: it is asked before home is. */
const ANSWER_MS_MAX = 80
/** After a renewal that brought no answer, before the next one. */
const RENEWAL_PAUSE_MS = 2_500
/**
 * A page that goes away in the middle of a renewal leaves its request behind, which still changes
 * the cookie: the next page gives it this long, so as not to show the old one a second time.
 */
const ABANDONED_RENEWAL_MS = 2_500

export type SessionState = 'out' | 'restoring' | 'waiting' | 'in'

export type SessionOptions = {
  http: Http
  storage: SessionStorage
  tabs: Tabs
  now: () => number
  wait: (delayMs: number) => Promise<void>
}

export class Session {
  #user = $state.raw<SessionUser | null>(null)
  state = $state<SessionState>('out')
  /** True after a session ended by itself, until the next sign-in: the page says why. */
  hasExpired = $state(false)
  #access: Access | null = null
  #renewal: Promise<boolean> | null = null
  #renewAfter = 0
  /** An answer to an earlier user's request must not bring him back. */
  #generation = 0
  #onTold: () => void = () => {}
  readonly #options: SessionOptions
  readonly #notes: SessionNotes

  constructor(options: SessionOptions) {
    this.#options = options
    this.#notes = new SessionNotes(options.storage)
    this.#become(this.#notes.user)
    options.tabs.listen((word) => this.#hear(word))
  }

  get user(): SessionUser | null {
    return this.#user
  }

  get isSignedIn(): boolean {
    return this.#user !== null
  }

  get isAdmin(): boolean {
    return this.#user?.role === 'ADMIN'
  }

  /** After a page was loaded: finds out whether its user is still signed in. */
  async restore(): Promise<void> {
    await this.finishSignOut()
    if (!this.#user && !this.#notes.isReturning) return
    if (!this.#isFresh(this.#access)) await this.renew()
    await this.reloadUser()
  }

  signIn(body: { username: string; password: string }): Promise<Failure | null> {
    const { username } = body
    const user: SessionUser = { user_id: null, username, nickname: username, role: 'USER' }
    return this.enter('/api/v1/login/access-token', body, user)
  }

  async register(body: {
    username: string
    password: string
    nickname: string
    invite_code?: string
  }): Promise<Failure | null> {
    const path = '/api/v1/auth/register'
    const answer = await this.#options.http.send<User>({ method: 'POST', path, body })
    if (!answer.ok) return answer.failure
    return this.signIn({ username: body.username, password: body.password })
  }

  /** Signs in at an address that answers with tokens; `user` is who it will be, when that is known. */
  enter(path: string, body: unknown, user: SessionUser | null = null): Promise<Failure | null> {
    const { http, tabs } = this.#options
    return tabs.inTurn(async () => {
      const answer = await http.send<Tokens>({ method: 'POST', path, body, isAboutCookie: true })
      if (!answer.ok) return answer.failure
      this.#generation += 1
      this.#notes.isLeaving = false
      const access = this.#accessOf(answer.data)
      const known = (await this.#whoIs(access.token)) ?? user
      if (!known) return { kind: 'network' }
      this.#keep(access, known)
      return null
    })
  }

  /** The browser leaves for a provider; when it comes back, someone may be signed in. */
  expectReturn(): void {
    this.#notes.isReturning = true
  }

  /** Ends the session in all tabs at once; the server hears of it as soon as it can. */
  async signOut(): Promise<void> {
    const token = this.#access?.token ?? null
    this.#notes.isLeaving = true
    this.#end()
    this.#options.tabs.say({ kind: 'signed-out' })
    await this.finishSignOut(token)
  }

  /** Tells the server of a sign-out it has not heard of yet: home may have been dark. */
  async finishSignOut(token: string | null = null): Promise<void> {
    if (!this.#notes.isLeaving) return
    const { http, tabs } = this.#options
    await tabs.inTurn(async () => {
      if (!this.#notes.isLeaving) return
      const send = (token: string | null) =>
        http.send({ method: 'POST', path: '/api/v1/logout', body: {}, token, isAboutCookie: true })
      let answer = await send(token)
      // The access token has ended: the cookie still says whose sign-in this was.
      if (token && !answer.ok && statusOf(answer.failure) === 401) answer = await send(null)
      if (answer.ok || !mayRetry(answer.failure)) this.#notes.isLeaving = false
    })
  }

  /** The access token to send, renewed when it is about to end; null when there is none. */
  async token(): Promise<string | null> {
    if (!this.#user) return null
    if (!this.#isFresh(this.#access)) await this.renew()
    return this.#access?.token ?? null
  }

  /** Gets a new access token; calls at the same time share one. True when there is one. */
  renew(): Promise<boolean> {
    if (this.#options.now() < this.#renewAfter) return Promise.resolve(false)
    const before = this.#access
    this.#renewal ??= this.#options.tabs
      .inTurn(() => this.#renewInTurn(before))
      .finally(() => {
        this.#renewal = null
      })
    return this.#renewal
  }

  /** Asks home who this is: the nickname or the role may have changed. */
  async reloadUser(): Promise<void> {
    const access = this.#access
    const user = access && (await this.#whoIs(access.token))
    if (user && this.#access === access) this.#keep(access, user)
  }

  /** Another tab changed what is stored, and its word may have been missed: follow it. */
  adoptStored(): void {
    const stored = this.#notes.user
    if (stored?.username === this.#user?.username) return
    this.#end(stored)
    if (stored) void this.renew()
  }

  async #renewInTurn(before: Access | null): Promise<boolean> {
    const generation = this.#generation
    if (!this.#user && !this.#notes.isReturning) return false
    if (await this.#isToldNewer(before)) return true
    await this.#outwaitAbandoned()
    this.#notes.renewingSince = this.#options.now()
    const request = { method: 'POST', path: REFRESH_PATH, body: {}, isAboutCookie: true } as const
    const answer = await this.#options.http.send<Tokens>(request)
    // No answer says nothing of the cookie: the page may be going away while it is still exchanged.
    if (answer.ok || answer.failure.kind !== 'network') this.#notes.renewingSince = null
    if (generation !== this.#generation) return this.#access !== null
    if (!answer.ok) {
      this.#miss(answer.failure)
      return false
    }
    const access = this.#accessOf(answer.data)
    const user = this.#user ?? (await this.#whoIs(access.token))
    if (!user || generation !== this.#generation) return false
    this.#keep(access, user)
    return true
  }

  /** Asks the other tabs, when one of them may have a newer token; true when there now is one. */
  async #isToldNewer(before: Access | null): Promise<boolean> {
    const isTold = () => this.#access !== before && this.#isFresh(this.#access)
    if (isTold()) return true
    if (!this.#user || (before && this.#notes.expiresAt <= before.expiresAt)) return false
    const told = new Promise<void>((done) => (this.#onTold = done))
    this.#options.tabs.say({ kind: 'who' })
    await Promise.race([told, this.#options.wait(ANSWER_MS_MAX)])
    return isTold()
  }

  async #outwaitAbandoned(): Promise<void> {
    const since = this.#notes.renewingSince
    if (since === null) return
    const leftMs = since + ABANDONED_RENEWAL_MS - this.#options.now()
    if (leftMs > 0 && leftMs <= ABANDONED_RENEWAL_MS) await this.#options.wait(leftMs)
  }

  #miss(failure: Failure): void {
    if (statusOf(failure) !== 401) {
      this.#renewAfter = this.#options.now() + RENEWAL_PAUSE_MS
      if (this.state === 'restoring') this.state = 'waiting'
      return
    }
    this.hasExpired = this.#user !== null
    this.#notes.isReturning = false
    this.#end()
    this.#options.tabs.say({ kind: 'signed-out' })
  }

  #hear(word: TabWord): void {
    if (word.kind === 'who') {
      if (this.#access && this.#user) this.#tell(this.#access, this.#user)
    } else if (word.kind === 'signed-out') {
      if (!this.#notes.user) this.#end()
    } else if (word.user.username === this.#notes.user?.username) {
      // A tab that slept may still speak for who was here before: the stored name decides.
      const isOther = word.user.username !== this.#user?.username
      if (isOther) this.#generation += 1
      const isNewer = isOther || word.access.expiresAt > (this.#access?.expiresAt ?? 0)
      this.#become(word.user, isNewer ? word.access : this.#access)
      if (this.#isFresh(this.#access)) this.#onTold()
    }
  }

  async #whoIs(token: string): Promise<SessionUser | null> {
    const path = '/api/v1/users/me'
    const answer = await this.#options.http.send<User>({ method: 'GET', path, token })
    if (!answer.ok) return null
    const { user_id, username, nickname, role } = answer.data
    return { user_id, username, nickname, role }
  }

  #accessOf({ access_token, expires_in }: Tokens): Access {
    return { token: access_token, expiresAt: this.#options.now() + expires_in * 1_000 }
  }

  #isFresh(access: Access | null): boolean {
    return access !== null && access.expiresAt - this.#options.now() >= RENEWAL_MARGIN_MS
  }

  #keep(access: Access, user: SessionUser): void {
    this.#notes.user = user
    this.#notes.expiresAt = access.expiresAt
    this.#notes.isReturning = false
    this.#become(user, access)
    this.#tell(access, user)
  }

  #tell(access: Access, user: SessionUser): void {
    this.#options.tabs.say({ kind: 'signed-in', access, user: { ...user } })
  }

  #become(user: SessionUser | null, access: Access | null = null): void {
    this.#user = user
    this.#access = access
    this.state = !user ? 'out' : access ? 'in' : 'restoring'
    if (access) {
      this.hasExpired = false
      this.#renewAfter = 0
    }
  }

  #end(next: SessionUser | null = null): void {
    this.#generation += 1
    this.#renewAfter = 0
    if (!next) {
      this.#notes.user = null
      this.#notes.expiresAt = null
    }
    this.#become(next)
  }
}

function statusOf(failure: Failure): number | null {
  return failure.kind === 'problem' ? failure.status : null
}
