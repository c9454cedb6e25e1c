// The market's way from home to the clients: what is heard goes on the board, and from there to each
// client at its pace. The first change after a pause goes out at once, the following ones together.

import { MARKET_FRAME_INTERVAL_MS } from '@motu/shared/contract/stream.ts'
import type { MarketEvent } from '@motu/shared/market-data.ts'
import type { ClientSocket } from '../client-socket.ts'
import type { Clock } from '../clock.ts'
import { MarketBoard } from './market-board.ts'

export class MarketFlow {
  readonly #clients: () => Iterable<ClientSocket>
  readonly #now: Clock
  readonly #board = new MarketBoard()
  #timer: ReturnType<typeof setTimeout> | null = null
  #flushedAt = Number.NEGATIVE_INFINITY

  constructor(clients: () => Iterable<ClientSocket>, now: Clock) {
    this.#clients = clients
    this.#now = now
  }

  hear(events: readonly MarketEvent[]): void {
    for (const event of events) this.#board.put(event)
    this.#schedule()
  }

  /** What is known, for a client that has just subscribed. */
  flushTo(client: ClientSocket): void {
    if (this.#sendTo(client)) this.#schedule()
  }

  #schedule(): void {
    const waitMs = this.#flushedAt + MARKET_FRAME_INTERVAL_MS - this.#now()
    this.#timer ??= setTimeout(() => this.#flush(), Math.max(0, waitMs))
  }

  #flush(): void {
    this.#timer = null
    this.#flushedAt = this.#now()
    let isMore = false
    for (const client of this.#clients()) isMore = this.#sendTo(client) || isMore
    if (isMore) this.#schedule()
  }

  #sendTo(client: ClientSocket): boolean {
    const pace = { now: this.#now(), intervalMs: MARKET_FRAME_INTERVAL_MS }
    return client.sendMarket(this.#board, pace)
  }
}
