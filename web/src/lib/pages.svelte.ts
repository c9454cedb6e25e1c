// A list that comes in pages: the first one is a resource like any other, further ones are added.

import type { Answer } from './http.ts'
import { Resource } from './resource.svelte.ts'

export type Page<T> = { items: T[]; next: string | null }

export class Pages<T> extends Resource<T[]> {
  next = $state<string | null>(null)
  isAdding = $state(false)
  readonly #fetchPage: (cursor: string | null) => Promise<Answer<Page<T>>>

  constructor(fetchPage: (cursor: string | null) => Promise<Answer<Page<T>>>) {
    super(async () => {
      const answer = await fetchPage(null)
      if (!answer.ok) return answer
      this.next = answer.data.next
      return { ...answer, data: answer.data.items }
    })
    this.#fetchPage = fetchPage
  }

  /** Adds the next page, unless the list was fetched anew in between. */
  async more(): Promise<Answer<unknown> | null> {
    const { data, next } = this
    if (!data || !next || this.isAdding) return null
    this.isAdding = true
    const answer = await this.#fetchPage(next)
    this.isAdding = false
    if (answer.ok && this.data === data) {
      this.data = [...data, ...answer.data.items]
      this.next = answer.data.next
    }
    return answer
  }
}
