// A sentence for every problem. A problem code without one does not compile.

import type { ProblemCode } from '@motu/shared/problem.ts'
import * as m from '#lib/paraglide/messages.js'

/** By code, in the viewer's language. */
export const PROBLEM_TEXTS = {
  'invalid-request': m.problem_invalid_request,
  unauthenticated: m.problem_unauthenticated,
  'invalid-credentials': m.problem_invalid_credentials,
  'sign-in-refused': m.problem_sign_in_refused,
  forbidden: m.problem_forbidden,
  'invitation-needed': m.problem_invitation_needed,
  'not-found': m.problem_not_found,
  'method-not-allowed': m.problem_invalid_request,
  'username-taken': m.problem_username_taken,
  'way-in-taken': m.problem_way_in_taken,
  'last-way-in': m.problem_last_way_in,
  'too-many-api-keys': m.problem_too_many_api_keys,
  'too-many-watch-lists': m.problem_too_many_watch_lists,
  'too-many-alerts': m.problem_too_many_alerts,
  'alert-already-met': m.problem_alert_already_met,
  'last-admin': m.problem_last_admin,
  'payload-too-large': m.problem_invalid_request,
  'unsupported-media-type': m.problem_invalid_request,
  'unknown-instrument': m.reason_unknown_instrument,
  'price-off-tick': m.reason_tick_size,
  'quantity-off-lot': m.reason_lot_size,
  'quantity-too-large': m.reason_too_large,
  'below-min-notional': m.reason_min_notional,
  'time-in-force-refused': m.reason_time_in_force,
  'session-refused': m.reason_session,
  'instrument-delisted': m.reason_delisted,
  'order-contradicts-itself': m.problem_order_contradicts_itself,
  'order-not-working': m.problem_order_not_working,
  'duplicate-mismatch': m.reason_duplicate_mismatch,
  'insufficient-funds': m.problem_insufficient_funds,
  'adjustment-mismatch': m.problem_adjustment_mismatch,
  'batch-refused': m.problem_invalid_request,
  'rate-limited': m.problem_rate_limited,
  internal: m.problem_internal,
  unavailable: m.problem_unavailable,
} satisfies Record<ProblemCode, () => string>

/** Whether this page knows the code; one of a newer server it may not. */
export function isProblemCode(code: string): code is ProblemCode {
  return Object.hasOwn(PROBLEM_TEXTS, code)
}
