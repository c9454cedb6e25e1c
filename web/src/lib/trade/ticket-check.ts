// Pure: no I/O, no clock, no randomness.
// What keeps a ticket from being sent: a field that is missing, a rule, or what the user has. The rules
// are those of the server, asked before it is.

import type { Available } from '@motu/shared/admit.ts'
import type { OrderDraft, Reason } from '@motu/shared/order.ts'
import { checkDraft } from '@motu/shared/order-check.ts'
import { admissionOf, takesAt, type TicketDay } from './cost.ts'
import type { TicketField } from './ticket-form.ts'

/** `missing`: the field has no number yet. `market_unknown`: no quote has come. */
export type TicketBlock = 'missing' | 'market_unknown' | Reason
/** Why, and at which field; null where it is about none. */
export type TicketIssue = { readonly block: TicketBlock; readonly field: TicketField | null }

/** The first thing that home would refuse, by what the page knows; null when there is none. */
export function findIssue(
  draft: OrderDraft,
  { day, available, nowMs }: { day: TicketDay | null; available: Available | null; nowMs: number },
): TicketIssue | null {
  const refusal = checkDraft(draft, nowMs)
  if (refusal) return { block: refusal.reason, field: fieldOf(refusal.pointer) }
  if (draft.expireAt !== undefined && draft.expireAt <= nowMs) {
    return { block: 'expired', field: 'expire' }
  }
  if (!day) return { block: 'market_unknown', field: null }
  if (available) {
    const admission = admissionOf(draft, day, available)
    if (admission.kind === 'reject') {
      return { block: admission.reason, field: fieldOfReason(admission.reason, draft) }
    }
  }
  const isTaker = draft.postOnly === true && takesAt(draft, day.market) !== null
  return isTaker ? { block: 'post_only_would_take', field: 'limit' } : null
}

const FIELDS: readonly (readonly [prefix: string, field: TicketField])[] = [
  ['#/take_profit', 'target'],
  ['#/stop_loss', 'loss'],
  ['#/quantity', 'quantity'],
  ['#/notional', 'amount'],
  ['#/limit_price', 'limit'],
  ['#/stop_price', 'stop'],
  ['#/trail', 'trail'],
  ['#/expire_at', 'expire'],
  ['#/time_in_force', 'time'],
  ['#/sessions', 'sessions'],
  ['#/post_only', 'flags'],
  ['#/reduce_only', 'flags'],
]

/** The field of the ticket that a pointer into the request means; null for the order as a whole. */
export function fieldOf(pointer: string | null): TicketField | null {
  return FIELDS.find(([prefix]) => pointer?.startsWith(prefix))?.[1] ?? null
}

function fieldOfReason(reason: Reason, draft: OrderDraft): TicketField | null {
  if (reason === 'price_limit') return draft.limitPrice === null ? 'stop' : 'limit'
  if (reason === 'reduce_only') return 'flags'
  return draft.notional === undefined ? 'quantity' : 'amount'
}
