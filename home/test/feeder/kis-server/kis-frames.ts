// Frames as KIS writes them, from what a test wants to happen. Positions are written down here anew
// from KIS's field lists: nothing is shared with the adapter's readers.

export type KrxTrade = {
  code: string
  /** `090001`, in Seoul. */
  time: string
  date: string
  price: number
  /** Against the base price, signed. */
  change: number
  quantity: number
  cumulative: number
  side?: '1' | '3' | '5'
  ask?: number
  bid?: number
  /** First digit: 1 before the opening, 2 in session, 3 after it. */
  session?: string
  halted?: 'Y' | 'N'
  /** The 47th field; absent: 46. */
  marketClass?: string
}

export function krxTrade(trade: KrxTrade): string[] {
  const fields = Array.from({ length: trade.marketClass === undefined ? 46 : 47 }, () => '0')
  const ask = trade.ask ?? trade.price + 100
  const bid = trade.bid ?? trade.price
  const set: Record<number, string | number> = {
    0: trade.code,
    1: trade.time,
    2: trade.price,
    3: trade.change > 0 ? 2 : trade.change < 0 ? 5 : 3,
    4: trade.change,
    5: '-1.11',
    6: '53800.12',
    10: ask,
    11: bid,
    12: trade.quantity,
    13: trade.cumulative,
    21: trade.side ?? '1',
    33: trade.date,
    34: trade.session ?? '20',
    35: trade.halted ?? 'N',
    36: 1200,
    37: 3400,
    43: '0',
    44: '',
  }
  for (const [index, value] of Object.entries(set)) fields[Number(index)] = String(value)
  if (trade.marketClass !== undefined) fields[46] = trade.marketClass
  return fields
}

export type KrxBook = {
  code: string
  time: string
  /** 0 in session, A to D: an auction. */
  hourClass?: string
  /** Best first. */
  bids: readonly (readonly [price: number, size: number])[]
  asks: readonly (readonly [price: number, size: number])[]
  /** 59 in the sample, 62 on the wire. */
  width?: 59 | 62
}

export function krxBook(book: KrxBook): string[] {
  const fields = Array.from({ length: book.width ?? 62 }, () => '0')
  fields[0] = book.code
  fields[1] = book.time
  fields[2] = book.hourClass ?? '0'
  const put = (levels: KrxBook['bids'], prices: number, sizes: number): void => {
    for (const [index, [price, size]] of levels.entries()) {
      fields[prices + index] = String(price)
      fields[sizes + index] = String(size)
    }
  }
  put(book.asks, 3, 23)
  put(book.bids, 13, 33)
  return fields
}

export function krxOperation(operation: {
  code: string
  halted?: 'Y' | 'N'
  /** 110, 112, 121, 129, 174, 175. */
  operation?: string
  vi?: 'Y' | 'N'
}): string[] {
  const { code, halted = 'N', operation: what = '', vi = 'N' } = operation
  return [code, halted, '', what, '', '', '', '55', vi, 'N', '']
}

export type UsTrade = {
  symbol: string
  exchange?: string
  /** `20261120` and `103000`, in New York, then in Seoul. */
  localDate: string
  localTime: string
  koreanDate: string
  koreanTime: string
  price: string
  diff: string
  sign: '2' | '3' | '5'
  bid: string
  ask: string
  quantity: number
  cumulative: number
}

/** 26 fields, the first of which KIS's own list forgets. */
export function usTrade(trade: UsTrade): string[] {
  const { symbol, exchange = 'NAS', localDate, localTime, koreanDate, koreanTime } = trade
  return [
    ...[`D${exchange}${symbol}`, symbol, '4', localDate, localDate, localTime],
    ...[koreanDate, koreanTime, '230.0000', '236.0000', '229.5000', trade.price, trade.sign],
    ...[trade.diff, '-0.35', trade.bid, trade.ask, '300', '200', `${trade.quantity}`],
    ...[`${trade.cumulative}`, '2345678901', '40', '60', '120.00', '1'],
  ]
}

export function usBook(book: {
  symbol: string
  exchange?: string
  koreanDate: string
  koreanTime: string
  bid: string
  ask: string
  bidSize: number
  askSize: number
}): string[] {
  const { symbol, exchange = 'NAS', koreanDate, koreanTime, bid, ask, bidSize, askSize } = book
  return [
    ...[`D${exchange}${symbol}`, symbol, '4', '20261119', '150000', koreanDate, koreanTime],
    ...['1000', '1200', '0', '0', bid, ask, `${bidSize}`, `${askSize}`, '0', '0'],
  ]
}

/** One text of the wire. */
export function dataFrame(trId: string, ...records: readonly (readonly string[])[]): string {
  const body = records.map((fields) => fields.join('^')).join('^')
  return `0|${trId}|${String(records.length).padStart(3, '0')}|${body}`
}
