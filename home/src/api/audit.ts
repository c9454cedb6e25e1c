// The audit log: who did what at the doors, and who was refused. Written in the transaction of what it
// tells of where there is one, so that neither is without the other. Nothing secret goes in.

import type { Context } from 'hono'
import type { Principal } from '@motu/shared/contract/access.ts'
import type { Sql, Transaction } from '../db/connect.ts'
import { type ApiEnv, callerOf } from './env.ts'
import { type AuditRow, insertAuditRow } from './queries/audit.ts'

export type AuditAction =
  | 'registered'
  /** Without the invitation code. */
  | 'registration_refused'
  | 'sign_in'
  | 'sign_in_refused'
  | 'sign_out'
  | 'session_revoked'
  | 'refresh_reused'
  | 'password_changed'
  | 'profile_changed'
  | 'passkey_added'
  | 'passkey_removed'
  | 'passkey_refused'
  | 'identity_linked'
  | 'identity_unlinked'
  | 'channel_linked'
  /** With a code that was none, or no longer. */
  | 'channel_link_refused'
  | 'channel_unlinked'
  | 'api_key_created'
  | 'api_key_rotated'
  | 'api_key_revoked'
  | 'api_key_auto_revoked'
  | 'credentials_stored'
  | 'credentials_removed'
  /** A 401, 403 or 429, summed over ten seconds. */
  | 'refused'
  | 'user_created'
  | 'user_disabled'
  | 'user_enabled'
  | 'role_changed'
  | 'balance_adjusted'
  | 'corporate_action_recorded'
  | 'calendar_changed'
  | 'calendar_restored'
  | 'message_template_changed'
  | 'delivery_retried'
  | 'place_switched_on'

export type AuditEntry = { action: AuditAction } & Partial<Omit<AuditRow, 'action'>>

/** Adds one entry. */
export async function audit(
  sql: Sql | Transaction,
  entry: AuditEntry,
  nowMs: number,
): Promise<void> {
  const { actorId, actorVia, target, address, requestId, detail } = entry
  await insertAuditRow(
    sql,
    {
      action: entry.action,
      actorId: actorId ?? null,
      actorVia: actorVia ?? null,
      target: target ?? null,
      address: address ?? null,
      requestId: requestId ?? null,
      detail: detail ?? {},
    },
    nowMs,
  )
}

/** How somebody was known: `session:ID` or `key:ID`. */
export function viaOf({ via }: Principal): string {
  return via.kind === 'session' ? `session:${via.sid}` : `key:${via.keyId}`
}

export type Actor = Pick<AuditRow, 'actorId' | 'actorVia' | 'address' | 'requestId'>

/** Who asks, as the audit log says it; on a route for anyone nobody is known yet. */
export function actorOf(c: Context<ApiEnv>): Actor {
  const principal = c.get('principal') as Principal | undefined
  const { address, requestId } = callerOf(c)
  return {
    actorId: principal?.userId ?? null,
    actorVia: principal ? viaOf(principal) : null,
    address,
    requestId,
  }
}
