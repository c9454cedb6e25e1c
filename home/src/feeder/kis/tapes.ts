// Pure: no I/O, no clock, no randomness.
// The tapes of all tickers, and what comes in for them.

import type { TickerId } from '@motu/shared/ticker.ts'
import { readRecord } from './frames/records.ts'
import type { KisCounters } from './kis-counters.ts'
import { type KisSymbol, symbolKey } from './kis-symbols.ts'
import { TickerTape } from './ticker-tape.ts'

export class Tapes {
  readonly byTicker: ReadonlyMap<TickerId, TickerTape>
  readonly #bySymbol: ReadonlyMap<string, TickerTape>
  readonly #counters: KisCounters

  constructor(symbols: ReadonlyMap<TickerId, KisSymbol>, counters: KisCounters) {
    this.#counters = counters
    this.byTicker = new Map(
      [...symbols.values()].map(({ market, tickerId }) => [
        tickerId,
        new TickerTape(tickerId, market === 'KRX' ? 'KRW' : 'USD'),
      ]),
    )
    this.#bySymbol = new Map(
      [...symbols.values()].map(({ market, symbol, tickerId }) => [
        symbolKey(market, symbol),
        this.byTicker.get(tickerId)!,
      ]),
    )
  }

  /** Takes the records of a data frame. What cannot be read is counted, and the others are taken. */
  take(trId: string, records: readonly (readonly string[])[], receivedAtMs: number): void {
    for (const fields of records) this.#takeOne(trId, fields, receivedAtMs)
  }

  #takeOne(trId: string, fields: readonly string[], receivedAtMs: number): void {
    const read = readRecord(trId, fields, receivedAtMs)
    if ('reason' in read) {
      this.#counters.bad_frames += 1
      return
    }
    const { market, frame } = read
    const tape = this.#bySymbol.get(symbolKey(market, frame.symbol))
    if (!tape) {
      this.#counters.unwanted += 1
      return
    }
    if (frame.kind === 'trade') {
      if (!tape.trade(frame, receivedAtMs)) {
        this.#counters.duplicates += 1
        return
      }
    } else if (frame.kind === 'book') tape.book(frame, receivedAtMs)
    else tape.operation(frame, receivedAtMs)
    this.#counters.records += 1
  }
}
