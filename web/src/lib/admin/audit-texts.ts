// The entries of the audit log in words.

import type { NewOverride } from '@motu/shared/contract/market-calendar.ts'
import { parseDecimal } from '@motu/shared/decimal.ts'
import { signedWon } from '#lib/format.ts'
import * as m from '#lib/paraglide/messages.js'

/** What home writes. One it learned since is shown by its name. */
export const AUDIT_ACTIONS = {
  sign_in: m.audit_sign_in,
  sign_in_refused: m.audit_sign_in_refused,
  sign_out: m.audit_sign_out,
  registered: m.audit_registered,
  registration_refused: m.audit_registration_refused,
  session_revoked: m.audit_session_revoked,
  refresh_reused: m.audit_refresh_reused,
  password_changed: m.audit_password_changed,
  profile_changed: m.audit_profile_changed,
  passkey_added: m.audit_passkey_added,
  passkey_removed: m.audit_passkey_removed,
  passkey_refused: m.audit_passkey_refused,
  identity_linked: m.audit_identity_linked,
  identity_unlinked: m.audit_identity_unlinked,
  channel_linked: m.audit_channel_linked,
  channel_link_refused: m.audit_channel_link_refused,
  channel_unlinked: m.audit_channel_unlinked,
  api_key_created: m.audit_api_key_created,
  api_key_rotated: m.audit_api_key_rotated,
  api_key_revoked: m.audit_api_key_revoked,
  api_key_auto_revoked: m.audit_api_key_auto_revoked,
  credentials_stored: m.audit_credentials_stored,
  credentials_removed: m.audit_credentials_removed,
  refused: m.audit_refused,
  user_created: m.audit_user_created,
  user_disabled: m.audit_user_disabled,
  user_enabled: m.audit_user_enabled,
  role_changed: m.audit_role_changed,
  balance_adjusted: m.audit_balance_adjusted,
  calendar_changed: m.audit_calendar_changed,
  calendar_restored: m.audit_calendar_restored,
  corporate_action_recorded: m.audit_corporate_action_recorded,
  message_template_changed: m.audit_message_template_changed,
  delivery_retried: m.audit_delivery_retried,
  place_switched_on: m.audit_place_switched_on,
} as const satisfies Record<string, () => string>
type AuditAction = keyof typeof AUDIT_ACTIONS

/** Those an admin should look at. */
const WORRYING: ReadonlySet<string> = new Set<AuditAction>([
  'sign_in_refused',
  'registration_refused',
  'refresh_reused',
  'passkey_refused',
  'channel_link_refused',
  'api_key_auto_revoked',
  'refused',
])

export const isWorrying = (action: string): boolean => WORRYING.has(action)

export function actionText(action: string): string {
  return Object.hasOwn(AUDIT_ACTIONS, action) ? AUDIT_ACTIONS[action as AuditAction]() : action
}

/** What home writes down of an act, in words; one it learned since is shown by its name. */
const DETAIL_NAMES: Readonly<Record<string, () => string>> = {
  method: m.audit_detail_method,
  reason: m.audit_detail_reason,
  role: m.audit_detail_role,
  provider: m.audit_detail_provider,
  amount_krw: m.audit_detail_amount,
  name: m.audit_detail_name,
  nickname: m.audit_detail_nickname,
  scopes: m.audit_detail_scopes,
  networks: m.audit_detail_networks,
  grace_seconds: m.audit_detail_grace,
  route: m.audit_detail_route,
  code: m.audit_detail_code,
  count: m.audit_detail_count,
  actor_via: m.audit_detail_via,
  target: m.audit_detail_target,
  request_id: m.audit_detail_request,
  sessions: m.audit_detail_sessions,
  note: m.audit_detail_note,
  key: m.audit_detail_key,
  version: m.audit_detail_version,
  is_default: m.audit_detail_is_default,
}

export function detailName(name: string): string {
  return DETAIL_NAMES[name]?.() ?? name
}

export function detailText(name: string, value: unknown): string {
  if (name === 'sessions') return sessionsText(value as OverrideSessions)
  if (typeof value !== 'string')
    return Array.isArray(value) ? value.join(', ') : `${JSON.stringify(value)}`
  const amount = name === 'amount_krw' ? parseDecimal(value) : null
  return amount === null ? value : signedWon(amount)
}

type OverrideSessions = NewOverride['sessions']

/** `regular 10:00–13:00`; nothing trades where it is null. */
function sessionsText(sessions: OverrideSessions): string {
  if (sessions === null) return m.market_closed()
  return sessions.map(({ name, opens, closes }) => `${name} ${opens}–${closes}`).join(', ')
}
