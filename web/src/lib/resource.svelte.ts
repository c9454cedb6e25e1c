// Something of the server's that a part of a page shows: what came last, or why nothing did.

import type { Answer, Failure } from './http.ts'

export class Resource<T> {
  data = $state.raw<T | null>(null)
  failure = $state.raw<Failure | null>(null)
  /** When home last confirmed what is here, in ms, while it is dark; null for a fresh answer. */
  staleSince = $state.raw<number | null>(null)
  readonly #fetch: () => Promise<Answer<T>>
  #generation = 0
  /** The generation that is under way. */
  #loading: number | null = null

  constructor(fetch: () => Promise<Answer<T>>) {
    this.#fetch = fetch
  }

  /** Fetches it anew; of several calls the last one's answer counts. What is shown stays until then. */
  async load(): Promise<void> {
    const generation = ++this.#generation
    this.#loading = generation
    const answer = await this.#fetch()
    if (generation !== this.#generation) return
    this.#loading = null
    this.failure = answer.ok ? null : answer.failure
    if (!answer.ok) return
    this.data = answer.data
    this.staleSince = answer.staleSince
  }

  /** Fetches it unless it is here, or on its way. */
  async ensure(): Promise<void> {
    if ((this.data === null || this.failure) && this.#loading !== this.#generation) {
      await this.load()
    }
  }

  /** Forgets it; an answer under way is not taken any more. */
  clear(): void {
    this.#generation += 1
    this.data = null
    this.failure = null
    this.staleSince = null
  }
}
