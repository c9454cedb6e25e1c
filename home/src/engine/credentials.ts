// Pure: no I/O, no clock, no randomness.
// Whether an order's sign-in or API key could have given it at the moment the edge accepted it. The
// edge lets an ended access token pass while home is dark; here is where that is looked at again.

import { OUTAGE_GRACE_MS, TOKEN_CLOCK_TOLERANCE_SECONDS } from '@motu/shared/access-token.ts'
import type { OrderMessage } from '@motu/shared/order-message.ts'

/** When a credential ended (revoked, expired, its user disabled), in ms; null while it lives. */
export type CredentialEnds = ReadonlyMap<string, number | null>

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** The sign-in of a message; null without one, or when it cannot be one of ours. */
export const sessionOf = ({ sid }: OrderMessage): string | null =>
  sid !== null && UUID.test(sid) ? sid : null

/** Names a credential together with its user: another's sign-in is as good as none. */
export const credentialKey = (userId: string, id: string): string => `${userId} ${id}`

/** The instant a command was accepted, in ms. */
export const acceptedAtOf = (message: OrderMessage): number =>
  Date.parse(message.kind === 'place' ? message.accepted_at : message.cancel_requested_at)

/**
 * True when the credential had ended before, is unknown, or its token was past every grace. A
 * message without a credential comes from our own tools.
 */
export function isRevoked(message: OrderMessage, ends: CredentialEnds): boolean {
  const { sid, key_id: keyId, user_id: userId, exp } = message
  if (sid === null && !keyId) return false
  const acceptedAt = acceptedAtOf(message)
  const lastMs = (exp + TOKEN_CLOCK_TOLERANCE_SECONDS) * 1_000 + OUTAGE_GRACE_MS
  if (sid !== null && acceptedAt > lastMs) return true
  const endedAt = ends.get(credentialKey(userId, sid ?? keyId!))
  return endedAt === undefined || (endedAt !== null && endedAt <= acceptedAt)
}
