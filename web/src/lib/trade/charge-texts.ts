// What a charge is called. A kind of charge without a name does not compile.

import type { ChargeKind } from '@motu/shared/venues/charges.ts'
import * as m from '#lib/paraglide/messages.js'

/** The name of each kind, in the viewer's language. */
export const CHARGE_TEXTS = {
  commission: m.charge_commission,
  transaction_tax: m.charge_transaction_tax,
  sec_fee: m.charge_sec_fee,
  taf: m.charge_taf,
} satisfies Record<ChargeKind, () => string>
