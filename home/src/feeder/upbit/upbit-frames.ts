// Pure: no I/O, no clock, no randomness.
// Reads the frames of Upbit's WebSocket: tickers, order books and trades of all coins, one after
// another. A quote is the last ticker with the last order book, so a frame becomes an observation
// once both are known. What cannot be read is refused, and what is not believed is set aside: the
// frame before it holds on.

import { EVENT_PRINTS_MAX, type OrderBook, type Trade } from '@motu/shared/market-data.ts'
import { isoTime, type Observation } from '../observation.ts'
import { SKEW_MS_MAX } from '../gate-bounds.ts'
import { TradeTape } from './trade-tape.ts'
import { readBook } from './upbit-book.ts'
import { observationOf } from './upbit-observation.ts'
import { instantMs, isRow, type Row, type Unreadable } from './upbit-row.ts'
import { readSnapshot, type VolumeMark } from './upbit-snapshot.ts'
import { readTrade } from './upbit-trade.ts'

export const STREAM_SOURCE = 'upbit-ws'

/** What one frame tells; nothing, where it only completes what a later one will tell. */
export type FrameReading = {
  observation?: Observation
  book?: OrderBook
  trades?: Trade[]
  refused?: { tickerId: string | null; reason: string }
}

/** A ticker and a book of one coin, as they were sent. */
type Halves = { ticker: Row | null; book: Row | null }

type Coin = {
  tickerId: string
  market: string
  sure: Halves
  /** The last ones that were not believed, since one was. */
  suspect: Halves
  mark: VolumeMark | undefined
  tape: TradeTape
  /** Since the last observation. */
  prints: NonNullable<Observation['prints']>
}

type Believes = (observation: Observation) => boolean
type QuoteFrame = { row: Row; kind: keyof Halves; receivedMs: number; believes: Believes }

export class UpbitFrames {
  readonly #coins: ReadonlyMap<string, Coin>

  /** `markets`: Upbit's own, by ticker id. A new connection needs a new reader. */
  constructor(markets: ReadonlyMap<string, string>) {
    const coinOf = (tickerId: string, market: string): Coin => ({
      ...{ tickerId, market, mark: undefined, tape: new TradeTape(), prints: [] },
      ...{ sure: { ticker: null, book: null }, suspect: { ticker: null, book: null } },
    })
    this.#coins = new Map([...markets].map(([id, market]) => [market, coinOf(id, market)]))
  }

  /** `believes` says at once whether an observation passes the quality gate. */
  read(frame: unknown, receivedMs: number, believes: Believes): FrameReading {
    if (!isRow(frame)) return refusal(null, 'no frame')
    // An answer to a ping.
    if (frame.status === 'UP') return {}
    const coin = typeof frame.code === 'string' ? this.#coins.get(frame.code) : undefined
    if (!coin) return refusal(null, 'error' in frame ? errorIn(frame) : 'a coin nobody asked for')
    const row = { ...frame, market: coin.market }
    if (frame.type === 'trade') return this.#readTrade(coin, row, receivedMs)
    if (frame.type !== 'ticker' && frame.type !== 'orderbook') {
      return refusal(coin.tickerId, 'a kind nobody asked for')
    }
    const kind = frame.type === 'ticker' ? 'ticker' : 'book'
    return this.#readQuote(coin, { row, kind, receivedMs, believes })
  }

  #readTrade(coin: Coin, row: Row, receivedMs: number): FrameReading {
    const { tickerId, market } = coin
    const receivedAt = isoTime(receivedMs)
    const trade = readTrade(row, { tickerId, market, receivedAt })
    if ('reason' in trade) return refusal(tickerId, trade.reason)
    const trades = coin.tape
      .take([trade], receivedMs)
      .map((one) => ({ ...one, source: STREAM_SOURCE }))
    for (const { price, quantity, side } of trades) coin.prints.push([price, quantity, side])
    if (coin.prints.length > EVENT_PRINTS_MAX) coin.prints.shift()
    return trades.length === 0 ? {} : { trades }
  }

  #readQuote(coin: Coin, { row, kind, receivedMs, believes }: QuoteFrame): FrameReading {
    const { tickerId, sure, suspect } = coin
    const at = instantMs(row.timestamp)
    if (Number.isNaN(at)) return refusal(tickerId, 'no timestamp')
    const other = kind === 'ticker' ? 'book' : 'ticker'
    if (!sure[other]) return this.#first(coin, { row, kind, receivedMs, believes })
    const before = sure[kind]
    const isBehind = before !== null && at < instantMs(before.timestamp)
    const isOdd = isBehind || at > receivedMs + SKEW_MS_MAX
    const context = { coin, receivedMs, ...(isBehind ? { venueMs: at } : {}) }
    const quote = quoteFrom({ ...sure, [kind]: row }, context)
    if ('reason' in quote) return refusal(tickerId, quote.reason)
    if (believes(quote.observation)) return keep(coin, { ...sure, [kind]: row }, quote)
    if (isOdd) return {}
    // The market may have moved far: then the other half that was not believed fits to this one.
    suspect[kind] = row
    const pair = { ...suspect }
    if (!pair[other]) return {}
    const moved = quoteFrom(pair, { coin, receivedMs })
    if ('reason' in moved || !believes(moved.observation)) return {}
    return keep(coin, pair, moved)
  }

  /** The first of the two that a quote is made of; judged when the other one comes. */
  #first(coin: Coin, { row, kind, receivedMs }: QuoteFrame): FrameReading {
    const { tickerId } = coin
    if (instantMs(row.timestamp) > receivedMs + SKEW_MS_MAX) {
      return refusal(tickerId, 'a time in the future')
    }
    const observedAt = isoTime(receivedMs)
    // Whether a ticker can be read does not depend on its book.
    const reading =
      kind === 'ticker'
        ? readSnapshot({ ticker: row, book: ANY_BOOK }, { tickerId, observedAt, last: undefined })
        : readBook(row, { tickerId, observedAt })
    if ('reason' in reading) return refusal(tickerId, reading.reason)
    coin.sure[kind] = row
    return {}
  }
}

type Quote = { observation: Observation; book: OrderBook; mark: VolumeMark }

/** What a ticker and a book show together. `venueMs`: instead of the later of their times. */
function quoteFrom(
  { ticker, book: bookRow }: Halves,
  { coin, receivedMs, venueMs }: { coin: Coin; receivedMs: number; venueMs?: number },
): Quote | Unreadable {
  const { tickerId, mark, prints } = coin
  const observedAt = isoTime(receivedMs)
  const reading = readSnapshot({ ticker, book: bookRow }, { tickerId, observedAt, last: mark })
  if ('reason' in reading) return reading
  const book = readBook(bookRow, { tickerId, observedAt })
  if ('reason' in book) return book
  const observation: Observation = {
    ...observationOf(reading.snapshot, book, prints),
    // A frame that comes too late shows its own time: the gate sees that it goes back.
    ...(venueMs === undefined ? {} : { venue_time: isoTime(venueMs) }),
    source: STREAM_SOURCE,
  }
  return { observation, book: { ...book, source: STREAM_SOURCE }, mark: reading.mark }
}

/** What was believed is what the next frame completes. */
function keep(coin: Coin, halves: Halves, { observation, book, mark }: Quote): FrameReading {
  const hasNewBook = coin.sure.book !== halves.book
  coin.sure = halves
  coin.suspect = { ticker: null, book: null }
  coin.mark = mark
  coin.prints = []
  return { observation, ...(hasNewBook ? { book } : {}) }
}

const ANY_BOOK: Row = {
  timestamp: '1000000000000',
  orderbook_units: [{ bid_price: '1', ask_price: '2', bid_size: '1', ask_size: '1' }],
}

const refusal = (tickerId: string | null, reason: string): FrameReading => ({
  refused: { tickerId, reason },
})

function errorIn(frame: Row): string {
  return `Upbit says ${JSON.stringify(frame.error)}`
}
