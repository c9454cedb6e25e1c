// A volume or a turnover as a header has room for it: 1,284.5억, 3.2M. Takes decimal text of any
// length, which never becomes a float on the way.

import { getLocale } from '#lib/paraglide/runtime.js'

/** Two decimals at the most, in the language of the page. */
export function largeNumber(decimalText: string): string {
  const format = new Intl.NumberFormat(getLocale(), {
    ...{ notation: 'compact', maximumFractionDigits: 2 },
  })
  return format.format(decimalText as Intl.StringNumericLiteral)
}
