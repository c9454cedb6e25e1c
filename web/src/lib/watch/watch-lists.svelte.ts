// The watch lists of the page: a user's own as home keeps them, or those of a visitor, which this
// browser keeps until he signs in; then they are merged into his own.
//
// An edit shows at once. Writes go out one after another, each with the list as it then is, so that
// ten quick moves are few requests. One that is refused is told, and the lists are fetched anew.

import type { WatchList } from '@motu/shared/contract/watch-lists.ts'
import type { TickerId } from '@motu/shared/ticker.ts'
import type { Api } from '#lib/api.ts'
import type { Answer, Failure } from '#lib/http.ts'
import {
  mergeLists,
  WATCH_LISTS_MAX,
  withMoved,
  withName,
  withoutTicker,
  withTicker,
} from './watch-list-edits.ts'

const STORAGE_KEY = 'motu.watch-lists'
const PATH = '/api/v1/watch-lists'

export type WatchListsOptions = {
  api: Pick<Api, 'signed'>
  storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>
  newId: () => string
  /** What the first list is called, in the language of the page. */
  defaultName: () => string
  onFailed: (failure: Failure) => void
}

/** What a removal took away, so that it can be put back. */
export type Removed = readonly WatchList[]

export class WatchLists {
  lists = $state.raw<readonly WatchList[]>([])
  /** The one that is looked at, and that a star adds to. */
  activeId = $state<string | null>(null)
  hasLoaded = $state(false)
  failure = $state.raw<Failure | null>(null)
  readonly #options: WatchListsOptions
  #isSignedIn = false
  #generation = 0
  /** Lists that differ from what home was last told. */
  #unsaved: readonly string[] = []
  #isSaving = false

  readonly active: WatchList | null = $derived(
    this.lists.find(({ watch_list_id }) => watch_list_id === this.activeId) ??
      this.lists[0] ??
      null,
  )

  constructor(options: WatchListsOptions) {
    this.#options = options
  }

  isWatched(tickerId: TickerId): boolean {
    return this.lists.some(({ tickers }) => tickers.includes(tickerId))
  }

  /** Someone signed in, or no one: forgets the lists of before and begins with his. */
  async begin(isSignedIn: boolean): Promise<void> {
    this.#generation += 1
    this.#unsaved = []
    this.#isSignedIn = isSignedIn
    this.failure = null
    this.activeId = null
    this.lists = isSignedIn ? [] : this.#stored()
    this.hasLoaded = !isSignedIn
    if (isSignedIn) await this.load()
  }

  /** Fetches the user's lists, and brings in what this browser kept for a visitor. */
  async load(): Promise<void> {
    if (!(await this.#fetch())) return
    const { lists, changed } = mergeLists(this.lists, this.#stored())
    this.lists = lists
    for (const { watch_list_id } of changed) this.#mark(watch_list_id)
    if (await this.#save()) this.#options.storage.removeItem(STORAGE_KEY)
  }

  /** Adds a ticker to the active list, making the first one where there is none; false: no room. */
  add(tickerId: TickerId): boolean {
    const list = this.active ?? this.create(this.#options.defaultName())
    const edited = list && withTicker(list, tickerId)
    if (edited) this.#replace(edited)
    return edited !== null
  }

  /** Takes a ticker off every list; what was taken can be given to `restore`. */
  removeEverywhere(tickerId: TickerId): Removed {
    const before = this.lists.filter(({ tickers }) => tickers.includes(tickerId))
    for (const list of before) this.remove(list.watch_list_id, tickerId)
    return before
  }

  remove(listId: string, tickerId: TickerId): void {
    this.#edit(listId, (list) => withoutTicker(list, tickerId))
  }

  move(listId: string, tickerId: TickerId, index: number): void {
    this.#edit(listId, (list) => withMoved(list, tickerId, index))
  }

  rename(listId: string, name: string): void {
    this.#edit(listId, (list) => withName(list, name))
  }

  /** Makes an empty list and looks at it; null where there are as many as there may be. */
  create(name: string): WatchList | null {
    if (this.lists.length >= WATCH_LISTS_MAX) return null
    const list = { watch_list_id: this.#options.newId(), name, tickers: [] }
    this.#replace(list)
    this.activeId = list.watch_list_id
    return list
  }

  async delete(listId: string): Promise<Removed> {
    const gone = this.lists.filter(({ watch_list_id }) => watch_list_id === listId)
    this.lists = this.lists.filter(({ watch_list_id }) => watch_list_id !== listId)
    this.#unsaved = this.#unsaved.filter((id) => id !== listId)
    if (!this.#isSignedIn) this.#store()
    else {
      const answer = await this.#send('DELETE', `/${listId}`)
      const isGone =
        !answer.ok && answer.failure.kind === 'problem' && answer.failure.status === 404
      if (!answer.ok && !isGone) await this.#recover(answer.failure)
    }
    return gone
  }

  /** Puts lists back as they were before something was taken from them. */
  restore(removed: Removed): void {
    for (const list of removed) this.#replace(list)
  }

  #edit(listId: string, edit: (list: WatchList) => WatchList | null): void {
    const list = this.lists.find(({ watch_list_id }) => watch_list_id === listId)
    const edited = list && edit(list)
    if (edited) this.#replace(edited)
  }

  #replace(edited: WatchList): void {
    const at = this.lists.findIndex(({ watch_list_id }) => watch_list_id === edited.watch_list_id)
    this.lists = at < 0 ? [...this.lists, edited] : this.lists.with(at, edited)
    this.#mark(edited.watch_list_id)
    if (this.#isSignedIn) void this.#save()
    else this.#store()
  }

  /** Writes what differs, one list after another; true when all of it arrived. */
  async #save(): Promise<boolean> {
    if (this.#isSaving) return false
    this.#isSaving = true
    const generation = this.#generation
    let failure: Failure | null = null
    while (this.#unsaved.length > 0 && failure === null) {
      const [listId, ...rest] = this.#unsaved
      this.#unsaved = rest
      const list = this.lists.find(({ watch_list_id }) => watch_list_id === listId)
      if (!list) continue
      const { name, tickers } = list
      const answer = await this.#send('PUT', `/${listId}`, { name, tickers })
      if (generation !== this.#generation) break
      if (!answer.ok) failure = answer.failure
    }
    this.#isSaving = false
    if (failure) await this.#recover(failure)
    return failure === null
  }

  #mark(listId: string): void {
    if (!this.#unsaved.includes(listId)) this.#unsaved = [...this.#unsaved, listId]
  }

  async #recover(failure: Failure): Promise<void> {
    this.#options.onFailed(failure)
    this.#unsaved = []
    await this.#fetch()
  }

  /** Whether what is shown is what home has. */
  async #fetch(): Promise<boolean> {
    if (!this.#isSignedIn) return false
    const generation = this.#generation
    const answer = await this.#send<{ watch_lists: WatchList[] }>('GET', '')
    // An edit made meanwhile is newer than the answer.
    if (generation !== this.#generation || this.#unsaved.length > 0) return false
    this.failure = answer.ok ? null : answer.failure
    if (!answer.ok) return false
    this.lists = answer.data.watch_lists
    this.hasLoaded = true
    return true
  }

  #stored(): WatchList[] {
    try {
      const stored = JSON.parse(this.#options.storage.getItem(STORAGE_KEY) ?? '[]') as unknown
      return Array.isArray(stored) ? stored.filter(isWatchList) : []
    } catch {
      return []
    }
  }

  #store(): void {
    this.#unsaved = []
    this.#options.storage.setItem(STORAGE_KEY, JSON.stringify(this.lists))
  }

  #send<T>(method: 'GET' | 'PUT' | 'DELETE', path: string, body?: unknown): Promise<Answer<T>> {
    return this.#options.api.signed({ method, path: PATH + path, body })
  }
}

/** What is in the storage may be of another version, or of nobody's making. */
function isWatchList(value: unknown): value is WatchList {
  const { watch_list_id, name, tickers } = (value ?? {}) as Partial<WatchList>
  return (
    typeof watch_list_id === 'string' &&
    typeof name === 'string' &&
    Array.isArray(tickers) &&
    tickers.every((ticker) => typeof ticker === 'string')
  )
}
