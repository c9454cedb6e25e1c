// Pure: no I/O, no clock, no randomness.
// Which reader reads which feed.

import type { Unreadable } from '../kis-text.ts'
import { readKrxBook, readKrxExpected, readKrxOperation, readKrxTrade } from './krx-frames.ts'
import type { MarketFrame } from './market-frame.ts'
import { readUsBook, readUsTrade } from './us-frames.ts'

export type FeedMarket = 'KRX' | 'US'
type Reader = (fields: readonly string[], receivedAtMs: number) => MarketFrame | Unreadable

export const TRADE_FEED: Readonly<Record<FeedMarket, string>> = { KRX: 'H0STCNT0', US: 'HDFSCNT0' }
export const BOOK_FEED: Readonly<Record<FeedMarket, string>> = { KRX: 'H0STASP0', US: 'HDFSASP0' }
export const OPERATION_FEED = 'H0STMKO0'

const READERS: Readonly<Record<string, readonly [FeedMarket, Reader]>> = {
  H0STCNT0: ['KRX', readKrxTrade],
  H0STASP0: ['KRX', readKrxBook],
  H0STMKO0: ['KRX', readKrxOperation],
  H0STANC0: ['KRX', readKrxExpected],
  HDFSCNT0: ['US', readUsTrade],
  HDFSASP0: ['US', readUsBook],
}

export type RecordRead = { market: FeedMarket; frame: MarketFrame } | Unreadable

export function readRecord(
  trId: string,
  fields: readonly string[],
  receivedAtMs: number,
): RecordRead {
  const reader = READERS[trId]
  if (!reader) return { reason: 'a feed that was not asked for' }
  const frame = reader[1](fields, receivedAtMs)
  return 'reason' in frame ? frame : { market: reader[0], frame }
}
