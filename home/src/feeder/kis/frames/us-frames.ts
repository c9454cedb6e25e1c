// Pure: no I/O, no clock, no randomness.
// Records of the overseas feeds: trades (HDFSCNT0) and the one level of the book (HDFSASP0). KIS's
// field lists omit the first field of the wire, the long symbol (`DNASAAPL`): both are read.

import { changeOf, priceOf, sizeOf, textOf, type Unreadable } from '../kis-text.ts'
import { kstInstant } from '../kis-time.ts'
import { levelOf } from './krx-frames.ts'
import type { BookFrame, Level, TradeFrame } from './market-frame.ts'

/** Without the long symbol. */
const TRADE_FIELDS_MIN = 25
const BOOK_FIELDS_MIN = 14
const SYMBOL = /^[A-Z][A-Z0-9./]{0,15}$/

type Fields = readonly string[]

export function readUsTrade(wire: Fields): TradeFrame | Unreadable {
  const fields = withoutLongSymbol(wire)
  if (fields.length < TRADE_FIELDS_MIN) return { reason: 'a trade with too few fields' }
  const symbol = fields[0]!.trim()
  if (!SYMBOL.test(symbol)) return { reason: 'no symbol' }
  const price = priceOf(fields[10])
  const quantity = priceOf(fields[18])
  const cumulative = sizeOf(fields[19])
  const change = changeOf(fields[11], fields[12])
  if (price === null || quantity === null) return { reason: 'no usable price or quantity' }
  if (cumulative === null || cumulative < quantity) return { reason: 'no usable volume' }
  if (change === null || change >= price) return { reason: 'no usable change' }
  const venueMs = kstInstant(textOf(fields[5]), textOf(fields[6]))
  if (venueMs === null) return { reason: 'no time' }
  const [tradedOn, session] = [textOf(fields[2]), textOf(fields[24])]
  const bid = levelOf(fields[14], fields[16])
  const ask = levelOf(fields[15], fields[17])
  return {
    kind: 'trade',
    ...{ symbol, price, quantity, cumulative, venueMs, tradedOn, bid, ask },
    id: `${tradedOn}-${textOf(fields[4])}-${session}-${textOf(fields[19])}`,
    side: sideOf(price, { bid, ask }),
    basePrice: price - change,
    mark: {},
  }
}

export function readUsBook(wire: Fields): BookFrame | Unreadable {
  const fields = withoutLongSymbol(wire)
  if (fields.length < BOOK_FIELDS_MIN) return { reason: 'a book with too few fields' }
  const symbol = fields[0]!.trim()
  if (!SYMBOL.test(symbol)) return { reason: 'no symbol' }
  const venueMs = kstInstant(textOf(fields[4]), textOf(fields[5]))
  if (venueMs === null) return { reason: 'no time' }
  const [bid, ask] = [levelOf(fields[10], fields[12]), levelOf(fields[11], fields[13])]
  if (bid === null && ask === null) return { reason: 'no usable level' }
  return { kind: 'book', symbol, bids: listOf(bid), asks: listOf(ask), venueMs, mark: {} }
}

const listOf = (level: Level | null): Level[] => (level === null ? [] : [level])

/** `DNASAAPL` before `AAPL`: D or R, three letters of the market, the symbol again. */
function withoutLongSymbol(fields: Fields): Fields {
  const [long = '', symbol = ''] = fields
  const isLong = /^[DR][A-Z]{3}/.test(long) && long.slice(4).trim() === symbol.trim()
  return isLong ? fields.slice(1) : fields
}

/** The feed does not tell who came last: a trade at the ask was bought, one at the bid sold. */
function sideOf(
  price: bigint,
  { bid, ask }: { bid: Level | null; ask: Level | null },
): 'BUY' | 'SELL' | null {
  if (ask && price >= ask[0]) return 'BUY'
  return bid && price <= bid[0] ? 'SELL' : null
}
