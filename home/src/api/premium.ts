// Pure: no I/O, no clock, no randomness.
// What a coin of another exchange costs in won, and how far the venue's price stands above it. To be
// looked at: no order is priced by it.

import {
  type Decimal,
  decimal,
  divide,
  formatDecimal,
  multiply,
  SCALE,
} from '@motu/shared/decimal.ts'
import type { ReferenceQuote } from '@motu/shared/market-data.ts'

export type Premium = { price_krw: string | null; kimchi_premium_pct: string | null }

/** A USDT counts as a dollar. Null where the rate, or the venue's price, is not known. */
export function premiumOver(
  quote: Pick<ReferenceQuote, 'price'>,
  { usdKrw, venuePrice }: { usdKrw: Decimal | null; venuePrice: Decimal | null },
): Premium {
  if (usdKrw === null) return { price_krw: null, kimchi_premium_pct: null }
  const priceKrw = multiply(decimal(quote.price), usdKrw, 'half_even')
  return {
    price_krw: formatDecimal(priceKrw),
    kimchi_premium_pct: venuePrice === null || priceKrw <= 0n ? null : above(venuePrice, priceKrw),
  }
}

/** In percent with two decimals. */
function above(price: Decimal, other: Decimal): string {
  const hundredths = divide((price - other) * 10_000n, other, 'half_even')
  return formatDecimal((hundredths * SCALE) / 100n)
}
