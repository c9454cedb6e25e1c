// Pure: no I/O, no clock, no randomness.
// The day's band of a KOSPI share by the newest rules: for those that quote, and know no day.

import type { Decimal } from '../../decimal.ts'
import { priceLimitsOf, type PriceLimits } from '../price-limits.ts'

const KOSPI_SHARE = {
  tickerId: 'KRX-STOCK-005930',
  venue: 'KRX',
  kind: 'STOCK',
  board: 'KOSPI',
} as const
/** The newest rows of ticks and limits have both begun by then. */
const NEWEST = '2026-01-01'

/** `priceLimitsOf` of `venues/price-limits.ts` for a KOSPI share today. */
export function krxPriceLimits(basePrice: Decimal): PriceLimits {
  return priceLimitsOf(KOSPI_SHARE, basePrice, NEWEST)!
}
