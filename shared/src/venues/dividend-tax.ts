// Pure: no I/O, no clock, no randomness.
// What is withheld from a cash dividend before a Korean resident gets it.

import { type Decimal, decimal } from '../decimal.ts'
import type { Venue } from '../instrument.ts'
import { type Dated, inForce, type IsoDate } from './dated.ts'

/** In percent of the gross dividend. */
export type DividendTaxRow = Dated & { readonly percent: Decimal }

/** Coins pay none. */
export const DIVIDEND_TAXES: Readonly<Record<Venue, readonly DividendTaxRow[]>> = {
  KRX: [
    {
      id: 'krx-dividend-tax-2005',
      from: '2005-01-01',
      percent: decimal('15.4'),
      source:
        'Income Tax Act art. 129 (14 %) and Local Tax Act, local income tax of a tenth of it (1.4 %)',
    },
  ],
  US: [
    {
      id: 'us-dividend-tax-1980',
      from: '1980-01-01',
      percent: decimal('15'),
      source:
        'Income tax convention of Korea and the US, art. 12 (15 %); more than the Korean 14 %, so that Korea takes nothing on top',
    },
  ],
  CRYPTO: [],
}

/** The percentage withheld on an ex-date; zero where no rule is known. */
export function dividendTaxPercentOf(venue: Venue, date: IsoDate): Decimal {
  return inForce(DIVIDEND_TAXES[venue], date)?.percent ?? 0n
}
