// Pure: no I/O, no clock, no randomness.
// What a fill in Upbit's KRW market costs.

import { decimal } from '../../decimal.ts'
import type { ChargeTable } from '../charges.ts'

export const UPBIT_CHARGES: readonly ChargeTable[] = [
  {
    kind: 'commission',
    venue: 'CRYPTO',
    kinds: ['COIN'],
    boards: null,
    sides: ['BUY', 'SELL'],
    unit: 'percent_of_notional',
    datedBy: 'trade',
    rows: [
      {
        id: 'upbit-commission',
        from: null,
        source: 'Upbit, KRW market, maker and taker alike; how long it has held is not checked',
        rate: decimal('0.05'),
        cap: null,
      },
    ],
  },
]
