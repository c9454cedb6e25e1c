// Pure: no I/O, no clock, no randomness.
// The coins of Upbit's KRW market: `GET /v1/market/all`, and for their prices `GET /v1/ticker/all` or
// `GET /v1/ticker`. Source: docs.upbit.com.

import { type Decimal, parseDecimal } from '@motu/shared/decimal.ts'
import { parseTickerId } from '@motu/shared/ticker.ts'
import { z } from 'zod'
import { type Master, MasterBuilder, UnreadableMaster } from './master.ts'

const marketsSchema = z.array(
  z.object({
    market: z.string(),
    korean_name: z.string(),
    english_name: z.string(),
  }),
)
const tickersSchema = z.array(z.object({ market: z.string(), trade_price: z.number() }))

/** `CRYPTO-COIN-BTC` for `KRW-BTC`; null for markets in other money. */
function tickerIdOf(market: string): string | null {
  const symbol = /^KRW-(.+)$/.exec(market)?.[1]
  const tickerId = `CRYPTO-COIN-${symbol ?? ''}`
  return symbol !== undefined && parseTickerId(tickerId) ? tickerId : null
}

/**
 * Coins with a price, by `priceOf` (by ticker id; null where none is known): what is held for a market
 * order before the first quote goes by it. Warnings of the exchange do not stop its trading.
 */
export function parseUpbitMarkets(
  answer: unknown,
  priceOf: (tickerId: string) => Decimal | null,
): Master {
  const parsed = marketsSchema.safeParse(answer)
  if (!parsed.success) throw new UnreadableMaster('this is no answer of /v1/market/all')
  const builder = new MasterBuilder()
  for (const { market, korean_name: nameKo, english_name: nameEn } of parsed.data) {
    const tickerId = tickerIdOf(market)
    const referencePrice = tickerId === null ? null : priceOf(tickerId)
    if (tickerId === null) builder.skip('not in won')
    else if (referencePrice === null) builder.skip('no price known')
    else {
      builder.add({
        ...{ tickerId, venue: 'CRYPTO', kind: 'COIN', board: null, status: 'LISTED' },
        ...{ nameKo, nameEn, sector: null, currency: 'KRW', referencePrice },
      })
    }
  }
  return builder.build('crypto:upbit')
}

/** Last prices by ticker id. */
export function parseUpbitPrices(answer: unknown): Map<string, Decimal> {
  const parsed = tickersSchema.safeParse(answer)
  if (!parsed.success) throw new UnreadableMaster('this is no answer of /v1/ticker')
  const prices = new Map<string, Decimal>()
  for (const { market, trade_price: number } of parsed.data) {
    const tickerId = tickerIdOf(market)
    const price = parseDecimal(plainText(number))
    if (tickerId !== null && price !== null && price > 0n) prices.set(tickerId, price)
  }
  return prices
}

/** JavaScript writes small numbers with an exponent: 1e-7. */
function plainText(number: number): string {
  const text = String(number)
  return text.includes('e-') ? number.toFixed(8) : text
}
