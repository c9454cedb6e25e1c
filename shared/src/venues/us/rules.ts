// Pure: no I/O, no clock, no randomness.
// What the US exchanges and a Korean broker ask of an order there.

import { type Decimal, decimal } from '../../decimal.ts'
import { tickLadder } from '../tick-ladder.ts'

/** Regulation NMS, Rule 612: a cent from one dollar up, a hundredth of a cent below. */
export const US_TICKS = tickLadder(['1', '0.01'], ['0', '0.0001'])

/** The event rate of Korean brokers for US stocks (Toss Securities), both sides. */
export const US_COMMISSION_PERCENT: Decimal = decimal('0.1')
