// Pure: no I/O, no clock, no randomness.
// Prices an alert is often set to: some percent above or below the price of now, on a tick.

import type { AlertCondition } from '@motu/shared/contract/price-alerts.ts'
import { type Decimal, toStep } from '@motu/shared/decimal.ts'

/** Of what is traded, and of an exchange rate, which moves less. */
export const SUGGESTED_PERCENTS = [3, 5, 10] as const
export const RATE_PERCENTS = [1, 2, 3] as const

export type Suggestion = {
  /** Positive above, negative below. */
  readonly percent: number
  readonly condition: AlertCondition
  readonly price: Decimal
}

export type Ladder = {
  readonly tickAt: (price: Decimal) => Decimal
  readonly percents: readonly number[]
}

/** The prices of the chips, the lowest first. Rounded away from now: none is met already. */
export function suggestionsOf(price: Decimal, { tickAt, percents: steps }: Ladder): Suggestion[] {
  const percents = [...steps.toReversed().map((one) => -one), ...steps]
  return percents.map((percent) => ({
    percent,
    condition: percent > 0 ? 'ABOVE' : 'BELOW',
    price: onTick((price * BigInt(100 + percent)) / 100n, tickAt, percent > 0 ? 'up' : 'down'),
  }))
}

function onTick(price: Decimal, tickAt: Ladder['tickAt'], rounding: 'up' | 'down'): Decimal {
  return toStep(price, tickAt(price), rounding)
}

/** What a line means: a price above now is waited for from below. */
export function conditionOf(line: Decimal, price: Decimal): AlertCondition {
  return line >= price ? 'ABOVE' : 'BELOW'
}

/** Whether the price has reached the line: such an alert would be refused. */
export function isMet(condition: AlertCondition, line: Decimal, price: Decimal): boolean {
  return condition === 'ABOVE' ? price >= line : price <= line
}
