// Asks for what no session tells: tickers without a place on one, and those nobody said a word about
// for a while. The one that was observed longest ago comes first, at the pace of each account.

import type { TickerId } from '@motu/shared/ticker.ts'
import type { Log } from '../../log.ts'
import { pause } from '../schedule.ts'
import type { KisSymbol } from './kis-symbols.ts'
import type { KisTimes } from './kis-times.ts'
import type { KisClient } from './rest/client.ts'
import { KisError } from './rest/kis-error.ts'
import { krxBook, krxPrice } from './rest/krx-calls.ts'
import { usBook, usExchangeOf, usPrice } from './rest/us-calls.ts'
import type { TickerTape } from './ticker-tape.ts'

export type PollerOptions = {
  tapes: ReadonlyMap<TickerId, TickerTape>
  /** Where a US symbol turns out to be listed is put in here. */
  symbols: Map<TickerId, KisSymbol>
  isOpen: (tickerId: TickerId, nowMs: number) => boolean
  times: KisTimes
  now: () => number
  log: Log
}

export class Poller {
  readonly #options: PollerOptions
  /** When each was last asked for, whatever came of it. */
  readonly #askedAt = new Map<TickerId, number>()
  readonly #detailedAt = new Map<TickerId, number>()
  readonly #lookedUp = new Set<TickerId>()
  readonly #busy = new Set<TickerId>()
  /** Why the last answer about it could not be used: said once. */
  readonly #failing = new Map<TickerId, string>()

  constructor(options: PollerOptions) {
    this.#options = options
  }

  /** Polls with one account until the signal aborts. */
  async run(client: KisClient, signal: AbortSignal): Promise<void> {
    const { times, now } = this.#options
    while (!signal.aborted) {
      const tickerId = client.isParked ? null : this.#next(now())
      if (tickerId === null) {
        await pause(times.idleMs, signal)
        continue
      }
      this.#busy.add(tickerId)
      this.#askedAt.set(tickerId, now())
      try {
        await this.#poll(client, tickerId, signal)
        if (this.#failing.delete(tickerId)) this.#say(tickerId, null)
      } catch (error) {
        if (signal.aborted) return
        this.#note(tickerId, error)
      } finally {
        this.#busy.delete(tickerId)
      }
    }
  }

  #next(nowMs: number): TickerId | null {
    const { tapes, isOpen, times } = this.#options
    let next: TickerTape | null = null
    for (const tape of tapes.values()) {
      const { tickerId, observedAtMs, toldAtMs } = tape
      if (this.#busy.has(tickerId)) continue
      const open = isOpen(tickerId, nowMs)
      const quietMs = open ? times.quietMs : times.closedMs
      const confirmMs = open ? times.confirmMs : times.closedMs
      const isDue = nowMs - observedAtMs >= quietMs || nowMs - toldAtMs >= confirmMs
      // One that fails must not keep the others waiting.
      if (!isDue || nowMs - (this.#askedAt.get(tickerId) ?? 0) < quietMs) continue
      if (!next || observedAtMs < next.observedAtMs) next = tape
    }
    return next?.tickerId ?? null
  }

  async #poll(client: KisClient, tickerId: TickerId, signal: AbortSignal): Promise<void> {
    const { symbols, tapes, times, now } = this.#options
    const symbol = symbols.get(tickerId)!
    const tape = tapes.get(tickerId)!
    const isDetailDue = now() - (this.#detailedAt.get(tickerId) ?? -Infinity) >= times.detailMs
    const asked = { client, symbol: symbol.symbol, signal }
    if (symbol.market === 'KRX') {
      if (isDetailDue) {
        const { snapshot, askedAtMs } = await krxPrice(asked)
        tape.polled(snapshot, askedAtMs)
        this.#detailedAt.set(tickerId, now())
      }
      const { snapshot, askedAtMs } = await krxBook(asked)
      tape.polled(snapshot, askedAtMs)
      return
    }
    await this.#pollUs({ ...asked, exchange: symbol.exchange }, { tape, isDetailDue })
  }

  async #pollUs(
    asked: Parameters<typeof usBook>[0],
    { tape, isDetailDue }: { tape: TickerTape; isDetailDue: boolean },
  ): Promise<void> {
    const { now } = this.#options
    try {
      if (isDetailDue) {
        const { snapshot, askedAtMs } = await usPrice(asked)
        tape.polled(snapshot, askedAtMs)
        this.#detailedAt.set(tape.tickerId, now())
      }
      const { snapshot, askedAtMs } = await usBook(asked)
      tape.polled(snapshot, askedAtMs)
    } catch (error) {
      if (!(error instanceof KisError)) throw error
      if (error.code === 'UNREADABLE') await this.#lookUp(asked, tape.tickerId)
      if (error.reaction !== 'give_up' || error.code === 'UNREADABLE') throw error
      // The mock service has no book of US stocks: a price without sizes is all it tells.
      const { snapshot, askedAtMs } = await usPrice(asked)
      tape.polled({ ...snapshot, book: { bids: [], asks: [] } }, askedAtMs)
    }
  }

  /** Once: which of the three exchanges knows it. */
  async #lookUp(asked: Parameters<typeof usExchangeOf>[0], tickerId: TickerId): Promise<void> {
    if (this.#lookedUp.has(tickerId)) return
    this.#lookedUp.add(tickerId)
    const exchange = await usExchangeOf(asked)
    if (!exchange) return
    this.#options.symbols.set(tickerId, { market: 'US', tickerId, symbol: asked.symbol, exchange })
    this.#askedAt.delete(tickerId)
  }

  #note(tickerId: TickerId, error: unknown): void {
    const reason = error instanceof KisError ? error.code : String(error)
    if (this.#failing.get(tickerId) === reason) return
    this.#failing.set(tickerId, reason)
    this.#say(tickerId, error)
  }

  #say(tickerId: TickerId, error: unknown): void {
    const { log } = this.#options
    if (error === null) log.info({ ticker_id: tickerId }, 'kis: answers again')
    else log.warn({ err: error, ticker_id: tickerId }, 'kis: nothing was read')
  }
}
