// A volume or a turnover as a header has room for it: 1,284.5억, 3.2M. Takes decimal text of any
// length, which never becomes a float on the way.

import { numberFormat } from '#lib/intl.ts'
import { getLocale } from '#lib/paraglide/runtime.js'

/** Whole digits that are written out: nobody says 9.84천. */
const WRITTEN_DIGITS = 4

/** One decimal at the most, in the language of the page. */
export function largeNumber(decimalText: string): string {
  const isShort = decimalText.split('.')[0]!.length <= WRITTEN_DIGITS
  const format = numberFormat(getLocale(), {
    ...{ notation: isShort ? 'standard' : 'compact', maximumFractionDigits: 1 },
    useGrouping: true,
  })
  return format.format(decimalText as Intl.StringNumericLiteral)
}
