// The fields of a replacement: which an order has, what of them was changed, and what the rules say.

import type { Order } from '@motu/shared/contract/orders.ts'
import { decimal, formatDecimal } from '@motu/shared/decimal.ts'
import type { OrderType, Reason } from '@motu/shared/order.ts'
import { checkDraft } from '@motu/shared/order-check.ts'
import { draftOfRequest } from '@motu/shared/order-draft.ts'
import * as format from '#lib/format.ts'
import type { Replacement } from './reconcile.ts'
import { positive } from './ticket-form.ts'

export const REPLACED_FIELDS = [
  'stop_price',
  'trail_amount',
  'trail_percent',
  'limit_price',
  'quantity',
] as const
export type ReplacedField = (typeof REPLACED_FIELDS)[number]
export type ReplacementTexts = Readonly<Partial<Record<ReplacedField, string>>>

const TYPES_WITH: Readonly<Record<'stop_price' | 'limit_price', readonly OrderType[]>> = {
  stop_price: ['STOP', 'STOP_LIMIT'],
  limit_price: ['LIMIT', 'STOP_LIMIT'],
}

/** What can be changed of the order, as it stands, ready to be typed over. */
export function textsOf(order: Order): ReplacementTexts {
  const texts: Partial<Record<ReplacedField, string>> = {}
  for (const field of REPLACED_FIELDS) {
    const value = order[field]
    const isOwn =
      (field !== 'stop_price' && field !== 'limit_price') || TYPES_WITH[field].includes(order.type)
    if (value !== null && isOwn) texts[field] = format.quantity(decimal(value))
  }
  return texts
}

/** `missing`: no number, or a quantity that has filled already. */
export type ReplacementIssue = {
  readonly field: ReplacedField | null
  readonly block: 'missing' | 'filled' | 'nothing' | Reason
}
export type ReplacementResult =
  | { readonly kind: 'change'; readonly change: Replacement }
  | { readonly kind: 'issue'; readonly issue: ReplacementIssue }

/** What the texts change of the order; only what differs is asked for. */
export function changeOf(order: Order, texts: ReplacementTexts, nowMs: number): ReplacementResult {
  const issue = (field: ReplacedField | null, block: ReplacementIssue['block']) =>
    ({ kind: 'issue', issue: { field, block } }) as const
  const change: Partial<Record<ReplacedField, string>> = {}
  for (const field of REPLACED_FIELDS) {
    const text = texts[field]
    if (text === undefined) continue
    const value = positive(text)
    if (value === null) return issue(field, 'missing')
    if (value !== decimal(order[field] ?? '0')) change[field] = formatDecimal(value)
  }
  if (Object.keys(change).length === 0) return issue(null, 'nothing')
  const quantity = decimal(change.quantity ?? order.quantity)
  if (quantity <= decimal(order.filled_quantity)) return issue('quantity', 'filled')
  const refusal = checkDraft(draftOfRequest(requestOf(order, change), ''), nowMs)
  if (!refusal) return { kind: 'change', change }
  const field = REPLACED_FIELDS.find((one) => refusal.pointer === `#/${one}`) ?? null
  return issue(field, refusal.reason)
}

/** The order as it would be asked for now. */
function requestOf(order: Order, change: Replacement): Parameters<typeof draftOfRequest>[0] {
  const { ticker_id, side, type, time_in_force, quantity, limit_price } = order
  const { stop_price, trail_amount, trail_percent, expires_at } = order
  return {
    ...{ ticker_id, side, type, time_in_force, quantity, limit_price },
    ...(type !== 'TRAILING_STOP' && { stop_price }),
    ...{ trail_amount, trail_percent },
    ...(time_in_force === 'GTD' && { expire_at: expires_at }),
    ...change,
  }
}
