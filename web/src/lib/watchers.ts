// Who watches which channel of the page's socket, and what the socket has to be told so that it
// brings just that. Changes of one moment are told together: a page that replaces another one that
// watched the same leaves no gap, and asks for the channel's first frame anew.

import type { PriceAlert } from '@motu/shared/contract/price-alerts.ts'
import type { BookView, TapeView } from '@motu/shared/contract/stream.ts'
import type { Quote } from '@motu/shared/market-data.ts'

/** The channels that come and go: `book:KRX-STOCK-005930` and its like; `alerts` are one's own. */
export type Channel = `book:${string}` | `trades:${string}` | `quotes:${string}` | 'alerts'
/** What a channel brings. */
export type DataOf<C extends Channel> = C extends `book:${string}`
  ? BookView
  : C extends `trades:${string}`
    ? TapeView
    : C extends `quotes:${string}`
      ? Quote
      : PriceAlert

type Handler = (data: never) => void

export class Watchers {
  readonly #handlers = new Map<string, Set<Handler>>()
  /** What the socket that is open now was told to bring. */
  readonly #told = new Set<string>()
  /** Channels that somebody left since the socket was told last, even if someone else came. */
  readonly #left = new Set<string>()

  /** The answer ends the watch, once. */
  add<C extends Channel>(channel: C, handler: (data: DataOf<C>) => void): () => void {
    const handlers = this.#handlers.get(channel) ?? new Set()
    this.#handlers.set(channel, handlers)
    // The same function may watch twice: each watch is its own.
    const own = (data: DataOf<C>) => handler(data)
    handlers.add(own)
    return () => {
      if (!handlers.delete(own) || handlers.size > 0) return
      this.#handlers.delete(channel)
      this.#left.add(channel)
    }
  }

  hand(channel: string, data: unknown): void {
    for (const handler of this.#handlers.get(channel) ?? []) handler(data as never)
  }

  /** A new socket has been told nothing. */
  forgetSocket(): void {
    this.#told.clear()
    this.#left.clear()
  }

  /** What to tell the socket now; from then on it counts as told. `alerts` needs a signed-in socket. */
  takeChanges({ isSignedIn }: { isSignedIn: boolean }): { end: string[]; begin: string[] } {
    const end = [...this.#left].filter((channel) => this.#told.delete(channel))
    this.#left.clear()
    const begin = [...this.#handlers.keys()].filter(
      (channel) => !this.#told.has(channel) && (isSignedIn || channel !== 'alerts'),
    )
    for (const channel of begin) this.#told.add(channel)
    return { end, begin }
  }
}
