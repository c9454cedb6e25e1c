// The parts of an allocation, in words.

import { parseTickerId } from '@motu/shared/ticker.ts'
import * as format from '#lib/format.ts'
import * as m from '#lib/paraglide/messages.js'

const TEXTS: Readonly<Record<string, () => string>> = {
  cash: m.cash,
  held: m.held,
  others: m.books_allocation_others,
  CRYPTO: m.venue_crypto,
  KRX: m.venue_krx,
  US: m.venue_us,
}

/** The name of a part: of a position, a market, or one of the fixed parts. */
export function partText(key: string): string {
  return parseTickerId(key) ? format.tickerName(key) : (TEXTS[key]?.() ?? key)
}
