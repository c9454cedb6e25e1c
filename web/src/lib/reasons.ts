// Why an order ended or was refused, in a sentence. A reason without one does not compile.

import type { Reason } from '@motu/shared/order.ts'
import * as m from '#lib/paraglide/messages.js'

const REASON_TEXTS = {
  insufficient_funds: m.reason_insufficient_funds,
  insufficient_quantity: m.reason_insufficient_quantity,
  price_limit: m.reason_price_limit,
  tick_size: m.reason_tick_size,
  lot_size: m.reason_lot_size,
  min_notional: m.reason_min_notional,
  too_large: m.reason_too_large,
  time_in_force: m.reason_time_in_force,
  market_closed: m.reason_market_closed,
  session: m.reason_session,
  halted: m.reason_halted,
  delisted: m.reason_delisted,
  stale_market_data: m.reason_stale_market_data,
  post_only_would_take: m.reason_post_only_would_take,
  reduce_only: m.reason_reduce_only,
  ioc_unfilled: m.reason_ioc_unfilled,
  fok_unfilled: m.reason_fok_unfilled,
  no_liquidity: m.reason_no_liquidity,
  expired: m.reason_expired,
  oco_sibling: m.reason_oco_sibling,
  entry_ended: m.reason_entry_ended,
  liquidation: m.reason_liquidation,
  unknown_instrument: m.reason_unknown_instrument,
  unknown_user: m.reason_unknown_user,
  duplicate_mismatch: m.reason_duplicate_mismatch,
  replaced: m.reason_replaced,
  replace_too_late: m.reason_replace_too_late,
  corporate_action: m.reason_corporate_action,
  revoked: m.reason_revoked,
  cancelled_by_user: m.reason_cancelled_by_user,
  unprocessable: m.reason_unprocessable,
} satisfies Record<Reason, () => string>

export function reasonText(reason: Reason): string {
  return REASON_TEXTS[reason]()
}
