// Pure: no I/O, no clock, no randomness.
// What Upbit's KRW market asks of an order.

import { type Decimal, decimal } from '../../decimal.ts'
import { tickLadder } from '../tick-ladder.ts'

/** Upbit KRW market since 2025-07-31 (docs.upbit.com, KRW market info). */
export const UPBIT_KRW_TICKS = tickLadder(
  ['1000000', '1000'],
  ['500000', '500'],
  ['100000', '100'],
  ['50000', '50'],
  ['10000', '10'],
  ['5000', '5'],
  ['100', '1'],
  ['10', '0.1'],
  ['1', '0.01'],
  ['0.1', '0.001'],
  ['0.01', '0.0001'],
  ['0.001', '0.00001'],
  ['0.0001', '0.000001'],
  ['0.00001', '0.0000001'],
  ['0', '0.00000001'],
)

/** Upbit KRW market, maker and taker alike. */
export const UPBIT_COMMISSION_PERCENT: Decimal = decimal('0.05')

/** The smallest order Upbit takes in its KRW market. */
export const UPBIT_MIN_NOTIONAL_KRW: Decimal = decimal('5000')
