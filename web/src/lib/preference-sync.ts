// Keeps what the viewer chose at home, so that his phone looks like his desk. This browser is asked
// first and never waits; home's word counts when somebody signs in; a choice is sent when the viewer
// has stopped choosing, and again when home is back, even after the page was loaded anew.

import type { PreferencesView } from '@motu/shared/contract/preferences.ts'
import type { Api } from './api.ts'
import { mayRetry } from './http.ts'
import type { Preferences } from './preferences.svelte.ts'

const PATH = '/api/v1/users/me/preferences'
const SAVED_AFTER_MS = 800
/** Home is not asked again what is chosen elsewhere before this is over. */
const ASKED_AGAIN_AFTER_MS = 30_000
/** Whose choice home has not heard yet. */
const UNSAVED_KEY = 'motu.preferences.unsaved'

export type PreferenceSyncOptions = {
  api: Pick<Api, 'signed'>
  preferences: Pick<Preferences, 'chosen' | 'take' | 'listen'>
  storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>
  /** Calls back after a delay; the answer calls it off. */
  after: (delayMs: number, call: () => void) => () => void
  now: () => number
}

export class PreferenceSync {
  readonly #options: PreferenceSyncOptions
  #username: string | null = null
  #askedAt = 0
  #callOff: () => void = () => {}

  constructor(options: PreferenceSyncOptions) {
    this.#options = options
    options.preferences.listen(() => this.#saveSoon())
  }

  /** Somebody is signed in: what he chose elsewhere holds here, unless his choice here is newer. */
  async begin(username: string): Promise<void> {
    this.end()
    this.#username = username
    if (this.#isUnsaved) return this.#save()
    await this.#ask(username)
  }

  /** The page was away for a while: another device may have chosen since. */
  async refresh(): Promise<void> {
    const username = this.#username
    if (username === null || this.#isUnsaved) return
    if (this.#options.now() - this.#askedAt >= ASKED_AGAIN_AFTER_MS) await this.#ask(username)
  }

  async #ask(username: string): Promise<void> {
    const { api, preferences, now } = this.#options
    const before = preferences.chosen
    this.#askedAt = now()
    const answer = await api.signed<{ preferences: PreferencesView | null }>({
      method: 'GET',
      path: PATH,
    })
    const isOvertaken = this.#username !== username || preferences.chosen !== before
    if (answer.ok && answer.data.preferences && !isOvertaken) {
      preferences.take(answer.data.preferences)
    }
  }

  /** Nobody is signed in: this browser keeps what it has. */
  end(): void {
    this.#callOff()
    this.#username = null
  }

  /** Home is back: what it missed. */
  async retry(): Promise<void> {
    if (this.#isUnsaved) await this.#save()
  }

  get #isUnsaved(): boolean {
    const whose = this.#options.storage.getItem(UNSAVED_KEY)
    return whose !== null && whose === this.#username
  }

  #saveSoon(): void {
    if (this.#username === null) return
    this.#options.storage.setItem(UNSAVED_KEY, this.#username)
    this.#callOff()
    this.#callOff = this.#options.after(SAVED_AFTER_MS, () => void this.#save())
  }

  async #save(): Promise<void> {
    const { api, preferences, storage } = this.#options
    const username = this.#username
    const body = preferences.chosen
    const answer = await api.signed({ method: 'PUT', path: PATH, body })
    const isNewest = this.#username === username && preferences.chosen === body
    // Refused for good, it would be refused for ever: this browser keeps it alone.
    if (isNewest && (answer.ok || !mayRetry(answer.failure))) storage.removeItem(UNSAVED_KEY)
  }
}
