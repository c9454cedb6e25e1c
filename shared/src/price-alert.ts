// Pure: no I/O, no clock, no randomness.
// When a price alert is met.

import type { AlertCondition } from './contract/price-alerts.ts'
import type { Decimal } from './decimal.ts'

/** Whether a price has reached an alert's line, or lies beyond it. */
export function isAlertMet(condition: AlertCondition, line: Decimal, price: Decimal): boolean {
  return condition === 'ABOVE' ? price >= line : price <= line
}
