// Gives the feeder what the tapes hold. What it does not take is given back to them, and comes first
// the next time: while the bus is away nothing is lost before the tapes' bounds are.

import type { TickerId } from '@motu/shared/ticker.ts'
import type { LiveSink } from '../live-source.ts'
import type { KisCounters } from './kis-counters.ts'
import type { KisTimes } from './kis-times.ts'
import type { Seating } from './session/seating.ts'
import type { Tapes } from './tapes.ts'
import type { TickerTape } from './ticker-tape.ts'

export type HandoverOptions = {
  tapes: Tapes
  seating: Pick<Seating, 'heardAtMs'>
  isOpen: (tickerId: TickerId, nowMs: number) => boolean
  times: KisTimes
  counters: KisCounters
  now: () => number
  sink: LiveSink
}

export class Handover {
  readonly #options: HandoverOptions

  constructor(options: HandoverOptions) {
    this.#options = options
  }

  /** One after another; rejects when the feeder did not take all of it. */
  async handOver(): Promise<void> {
    const { tapes, sink, counters } = this.#options
    const all = [...tapes.byTicker.values()]
    for (const tape of all) this.#confirm(tape)
    try {
      await this.#observations(all)
      await this.#trades(all)
      // Of books only the newest matters: one that was not taken is followed by another.
      const books = all.flatMap((tape) => tape.takeBook() ?? [])
      if (books.length > 0) await sink.books(books)
    } finally {
      for (const tape of all) counters.good_dropped += tape.takeDropped()
    }
  }

  /**
   * A ticker about which a living line is silent has not changed, as far as the line tells: what is
   * known was observed again when the line last spoke. Believed for a while only; then the ticker is
   * asked for.
   */
  #confirm(tape: TickerTape): void {
    const { seating, isOpen, times, now } = this.#options
    const nowMs = now()
    const heardAtMs = seating.heardAtMs(tape.tickerId)
    const isFresh = nowMs - tape.toldAtMs <= times.confirmMs
    const isNews = heardAtMs - tape.observedAtMs >= times.quietMs / 2
    if (isFresh && isNews && isOpen(tape.tickerId, nowMs)) tape.confirm(heardAtMs)
  }

  async #observations(all: readonly TickerTape[]): Promise<void> {
    const taken = all.map((tape) => ({ tape, observations: tape.takeObservations() }))
    const observations = taken.flatMap((one) => one.observations)
    if (observations.length === 0) return
    try {
      await this.#options.sink.observations(observations)
    } catch (error) {
      for (const { tape, observations: back } of taken) tape.giveBack({ observations: back })
      throw error
    }
  }

  async #trades(all: readonly TickerTape[]): Promise<void> {
    const taken = all.map((tape) => ({ tape, trades: tape.takeTrades() }))
    const trades = taken.flatMap((one) => one.trades)
    if (trades.length === 0) return
    try {
      await this.#options.sink.trades(trades)
    } catch (error) {
      for (const { tape, trades: back } of taken) tape.giveBack({ trades: back })
      throw error
    }
  }
}
