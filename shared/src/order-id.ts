// Pure: no I/O, no clock, no randomness.
// Order ids are derived, not stored: a retry carries the same id and hits the primary key, and the
// same client order id with other content cannot pass for the first order.

import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'
import { v5 as uuidv5 } from 'uuid'
import { formatDecimal } from './decimal.ts'
import type { OrderDraft } from './order.ts'

/** The hash (SHA-256, hex) of everything an order asks for, whatever way it was spelled. */
export function orderContentHash(draft: OrderDraft): string {
  const canonical = [
    draft.tickerId,
    draft.side,
    draft.type,
    formatDecimal(draft.quantity),
    draft.limitPrice === null ? '' : formatDecimal(draft.limitPrice),
    draft.timeInForce,
  ].join('|')
  return bytesToHex(sha256(utf8ToBytes(canonical)))
}

/** `uuidv5(user_id, client_order_id + sha256(content))`. */
export function orderIdOf(userId: string, draft: OrderDraft): string {
  return uuidv5(draft.clientOrderId + orderContentHash(draft), userId)
}
