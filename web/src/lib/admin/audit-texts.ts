// The entries of the audit log in words.

import * as m from '#lib/paraglide/messages.js'

/** What home writes. One it learned since is shown by its name. */
export const AUDIT_ACTIONS = {
  sign_in: m.audit_sign_in,
  sign_in_refused: m.audit_sign_in_refused,
  sign_out: m.audit_sign_out,
  registered: m.audit_registered,
  session_revoked: m.audit_session_revoked,
  refresh_reused: m.audit_refresh_reused,
  password_changed: m.audit_password_changed,
  profile_changed: m.audit_profile_changed,
  passkey_added: m.audit_passkey_added,
  passkey_removed: m.audit_passkey_removed,
  passkey_refused: m.audit_passkey_refused,
  identity_linked: m.audit_identity_linked,
  identity_unlinked: m.audit_identity_unlinked,
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
} as const satisfies Record<string, () => string>
type AuditAction = keyof typeof AUDIT_ACTIONS

/** Those an admin should look at. */
const WORRYING: ReadonlySet<string> = new Set<AuditAction>([
  'sign_in_refused',
  'refresh_reused',
  'passkey_refused',
  'api_key_auto_revoked',
  'refused',
])

export const isWorrying = (action: string): boolean => WORRYING.has(action)

export function actionText(action: string): string {
  return Object.hasOwn(AUDIT_ACTIONS, action) ? AUDIT_ACTIONS[action as AuditAction]() : action
}
