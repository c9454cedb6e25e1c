// Pure: no I/O, no clock, no randomness.
// One charge as a receipt shows it: decimals as text.

import type { z } from 'zod'
import type { chargeSchema } from './contract/receipt.ts'
import { formatDecimal } from './decimal.ts'
import type { Charge } from './venues/charges.ts'

export type ChargeView = z.infer<typeof chargeSchema>

export function viewCharge(charge: Charge): ChargeView {
  const { kind, rule, unit, cap } = charge
  return {
    ...{ kind, rule, unit },
    base: formatDecimal(charge.base),
    rate: formatDecimal(charge.rate),
    cap: cap === null ? null : formatDecimal(cap),
    amount_krw: formatDecimal(charge.amountKrw),
  }
}
