// Pure: no I/O, no clock, no randomness.
// Records of KRX's feeds: trades (H0STCNT0), the book (H0STASP0), market operation (H0STMKO0) and the
// expected price of an auction (H0STANC0). Positions are those of KIS's field lists; fields that are
// appended later are ignored.

import { changeOf, priceOf, sizeOf, type Unreadable } from '../kis-text.ts'
import { kstInstant, kstNearest } from '../kis-time.ts'
import { flagOf, phaseOfHourClass, phaseOfOperation, phaseOfSession } from './krx-phase.ts'
import type { BookFrame, Level, OperationFrame, PhaseMark, TradeFrame } from './market-frame.ts'

/** 46 fields; a 47th, the market class, since 2026-09-14. */
const TRADE_FIELDS_MIN = 46
/** 59 in KIS's sample, 62 on the wire. */
const BOOK_FIELDS_MIN = 59
const OPERATION_FIELDS_MIN = 10
/** Time, class and price is what is read. */
const EXPECTED_FIELDS_MIN = 20
const LEVELS = 10

const CODE = /^[0-9A-Z]{6,9}$/
const SIDES: Readonly<Record<string, 'BUY' | 'SELL'>> = { 1: 'BUY', 5: 'SELL' }

type Fields = readonly string[]

export function readKrxTrade(fields: Fields): TradeFrame | Unreadable {
  if (fields.length < TRADE_FIELDS_MIN) return { reason: 'a trade with too few fields' }
  const [symbol, time, date] = [fields[0]!, fields[1]!, fields[33]!]
  if (!CODE.test(symbol)) return { reason: 'no code' }
  const price = priceOf(fields[2])
  const quantity = priceOf(fields[12])
  const cumulative = sizeOf(fields[13])
  const change = changeOf(fields[3], fields[4])
  if (price === null || quantity === null) return { reason: 'no usable price or quantity' }
  if (cumulative === null || cumulative < quantity) return { reason: 'no usable volume' }
  if (change === null || change >= price) return { reason: 'no usable change' }
  const venueMs = kstInstant(date, time)
  if (venueMs === null) return { reason: 'no time' }
  return {
    kind: 'trade',
    ...{ symbol, price, quantity, cumulative, venueMs },
    id: `${date}-${time}-${fields[13]!}`,
    side: SIDES[fields[21]!] ?? null,
    tradedOn: date,
    basePrice: price - change,
    bid: levelOf(fields[11], fields[37]),
    ask: levelOf(fields[10], fields[36]),
    mark: {
      ...phaseOfSession(fields[34]!, fields[46] ?? ''),
      ...optional('halted', flagOf(fields[35]!)),
    },
  }
}

export function readKrxBook(fields: Fields, receivedAtMs: number): BookFrame | Unreadable {
  if (fields.length < BOOK_FIELDS_MIN) return { reason: 'a book with too few fields' }
  const symbol = fields[0]!
  if (!CODE.test(symbol)) return { reason: 'no code' }
  const venueMs = kstNearest(fields[1]!, receivedAtMs)
  if (venueMs === null) return { reason: 'no time' }
  const asks = levelsOf(fields.slice(3, 13), fields.slice(23, 33))
  const bids = levelsOf(fields.slice(13, 23), fields.slice(33, 43))
  if (asks === null || bids === null) return { reason: 'no usable level' }
  return { kind: 'book', symbol, bids, asks, venueMs, mark: phaseOfHourClass(fields[2]!) }
}

export function readKrxOperation(fields: Fields): OperationFrame | Unreadable {
  if (fields.length < OPERATION_FIELDS_MIN) return { reason: 'an operation with too few fields' }
  const symbol = fields[0]!.trim()
  if (!CODE.test(symbol)) return { reason: 'no code' }
  const mark: PhaseMark = {
    ...phaseOfOperation(fields[3]!.trim()),
    ...optional('halted', flagOf(fields[1]!.trim())),
    ...optional('vi', flagOf(fields[8]!.trim())),
  }
  // 58: trading of this issue is stopped.
  if (fields[7]!.trim() === '58') mark.halted = true
  return { kind: 'operation', symbol, mark }
}

/** That an expected price is told at all means that an auction is going on. */
export function readKrxExpected(fields: Fields): OperationFrame | Unreadable {
  if (fields.length < EXPECTED_FIELDS_MIN) return { reason: 'an expectation with too few fields' }
  const symbol = fields[0]!
  if (!CODE.test(symbol) || sizeOf(fields[2]) === null) return { reason: 'no expected price' }
  return { kind: 'operation', symbol, mark: { phase: 'auction' } }
}

/** Null when the side is empty. */
export function levelOf(price: unknown, size: unknown): Level | null {
  const [at, left] = [priceOf(price), sizeOf(size)]
  return at === null || left === null || left === 0n ? null : [at, left]
}

/** Levels of zero are how an empty place is written; null when one cannot be read. */
export function levelsOf(prices: readonly unknown[], sizes: readonly unknown[]): Level[] | null {
  const levels: Level[] = []
  for (const [index, text] of prices.slice(0, LEVELS).entries()) {
    const [price, size] = [sizeOf(text), sizeOf(sizes[index])]
    if (price === null || size === null) return null
    if (price > 0n && size > 0n) levels.push([price, size])
  }
  return levels
}

function optional(name: 'halted' | 'vi', value: boolean | undefined): PhaseMark {
  return value === undefined ? {} : { [name]: value }
}
