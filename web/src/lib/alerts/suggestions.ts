// Pure: no I/O, no clock, no randomness.
// Prices an alert is often set to: some percent above or below the price of now, on a tick.

import type { AlertCondition } from '@motu/shared/contract/price-alerts.ts'
import { type Decimal, toStep } from '@motu/shared/decimal.ts'
import { type Instrument, tickOf } from '@motu/shared/instrument.ts'

export const SUGGESTED_PERCENTS = [3, 5, 10] as const

export type Suggestion = {
  /** Positive above, negative below. */
  readonly percent: number
  readonly condition: AlertCondition
  readonly price: Decimal
}

/** The prices of the chips, the lowest first. Rounded away from now: none is met already. */
export function suggestionsOf(instrument: Instrument, price: Decimal): Suggestion[] {
  const percents = [...SUGGESTED_PERCENTS.toReversed().map((one) => -one), ...SUGGESTED_PERCENTS]
  return percents.map((percent) => ({
    percent,
    condition: percent > 0 ? 'ABOVE' : 'BELOW',
    price: onTick(instrument, (price * BigInt(100 + percent)) / 100n, percent > 0 ? 'up' : 'down'),
  }))
}

/** A price on the ladder of its instrument. */
function onTick(instrument: Instrument, price: Decimal, rounding: 'up' | 'down'): Decimal {
  return toStep(price, tickOf(instrument, price), rounding)
}

/** What a line means: a price above now is waited for from below. */
export function conditionOf(line: Decimal, price: Decimal): AlertCondition {
  return line >= price ? 'ABOVE' : 'BELOW'
}

/** Whether the price has reached the line: such an alert would be refused. */
export function isMet(condition: AlertCondition, line: Decimal, price: Decimal): boolean {
  return condition === 'ABOVE' ? price >= line : price <= line
}
