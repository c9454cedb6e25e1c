// Pure: no I/O, no clock, no randomness.
// What the Hub knows of the market, per ticker: the latest quote, the latest book, the newest prints.

import type { BookView } from '@motu/shared/contract/stream.ts'
import { type MarketEvent, type Quote, quoteOf } from '@motu/shared/market-data.ts'
import { LatestBoard } from './latest-board.ts'
import type { ChannelBoard, MarketKind } from './market-frame.ts'
import { TapeBoard } from './tape-board.ts'

/** A source may tell the book now and then only: so long the last one stands, then the best prices do. */
const BOOK_STANDS_MS = 5_000
const ZERO = /^0(?:\.0+)?$/

type Told = Pick<MarketEvent, 'epoch' | 'seq'>

export class MarketBoard {
  readonly #quotes = new LatestBoard<Quote>('quotes')
  readonly #books = new LatestBoard<BookView>('book')
  readonly #tapes = new TapeBoard()
  readonly #told = new Map<string, Told>()

  put(event: MarketEvent): void {
    const { ticker_id, epoch, seq } = event
    const told = this.#told.get(ticker_id)
    // Home's greeting was read a moment before it came: it may be overtaken by what followed.
    if (told && told.epoch === epoch && seq < told.seq) return
    this.#told.set(ticker_id, { epoch, seq })
    this.#quotes.put(ticker_id, quoteOf(event))
    const book = this.#books.get(ticker_id)
    const next = bookAfter(book, event)
    if (next !== book) this.#books.put(ticker_id, next)
    this.#tapes.put(event)
  }

  of(kind: MarketKind): ChannelBoard {
    if (kind === 'quotes') return this.#quotes
    return kind === 'book' ? this.#books : this.#tapes
  }
}

/** The book an event leaves; the one before, itself, where it changes nothing. */
function bookAfter(before: BookView | undefined, event: MarketEvent): BookView {
  const { ticker_id, bids, asks, venue_time, received_at, simulated } = event
  const phase = event.phase ?? 'continuous'
  const ageMs = before ? Date.parse(received_at) - Date.parse(before.received_at) : 0
  if (before && !bids && !asks && ageMs <= BOOK_STANDS_MS && before.simulated === simulated) {
    return before.phase === phase ? before : { ...before, phase }
  }
  return {
    ticker_id,
    bids: bids ?? levelOf(event.bid, event.bid_size),
    asks: asks ?? levelOf(event.ask, event.ask_size),
    phase,
    venue_time,
    received_at,
    simulated,
  }
}

/** The best price alone; nothing where nobody stands. */
function levelOf(price: string, size: string): [string, string][] {
  return ZERO.test(size) ? [] : [[price, size]]
}
