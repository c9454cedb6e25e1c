// Pure: no I/O, no clock, no randomness.
// The newest prints of every ticker, and those of them a client has not heard yet. The prints of a
// ticker are counted: a client is the number of the last one it has heard.

import { PRINTS_PER_FRAME_MAX, type TapeView } from '@motu/shared/contract/stream.ts'
import type { MarketEvent } from '@motu/shared/market-data.ts'
import type { MarketFrame } from './market-frame.ts'

const PREFIX = 'trades:'
/** Prints remembered of a ticker: as many as a frame may bring, for whoever comes or is behind. */
const PRINTS_PER_TICKER_MAX = PRINTS_PER_FRAME_MAX

type Tape = { prints: TapeView['prints']; count: number; simulated: boolean }

export class TapeBoard {
  readonly #tapes = new Map<string, Tape>()
  readonly #encoded = new Map<string, MarketFrame>()

  /** Adds the prints of an event; they carry the event's instant, for they have none of their own. */
  put({ ticker_id, prints = [], venue_time, simulated }: MarketEvent): void {
    if (prints.length === 0) return
    const known = this.#tapes.get(ticker_id)
    const atMs = Date.parse(venue_time)
    // What is simulated is not shown beside what is not.
    const before = known && known.simulated === simulated ? known.prints : []
    const all = [...before, ...prints.map((print): Tape['prints'][number] => [atMs, ...print])]
    this.#tapes.set(ticker_id, {
      prints: all.slice(-PRINTS_PER_TICKER_MAX),
      count: (known?.count ?? 0) + prints.length,
      simulated,
    })
    this.#encoded.clear()
  }

  isNews(channel: string, version: number): boolean {
    const tape = this.#tapeOf(channel)
    return tape !== undefined && tape.count > version
  }

  frameSince(channel: string, version: number): MarketFrame | null {
    const tape = this.#tapeOf(channel)
    if (!tape || tape.count <= version) return null
    // Whoever has heard none of the remembered ones gets the same.
    const start = Math.max(0, version - (tape.count - tape.prints.length))
    const key = `${channel}@${start}`
    const known = this.#encoded.get(key)
    if (known) return known
    const data: TapeView = {
      ticker_id: channel.slice(PREFIX.length),
      prints: tape.prints.slice(start),
      simulated: tape.simulated,
    }
    const text = JSON.stringify({ channel, seq: tape.count, data })
    const frame = { text, version: tape.count }
    this.#encoded.set(key, frame)
    return frame
  }

  #tapeOf(channel: string): Tape | undefined {
    return this.#tapes.get(channel.slice(PREFIX.length))
  }
}
