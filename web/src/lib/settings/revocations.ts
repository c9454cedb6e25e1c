// Why an API key ended, in words.

import * as m from '#lib/paraglide/messages.js'

const REASONS: Readonly<Record<string, () => string>> = {
  revoked: m.key_revoked_by_owner,
  rotated: m.key_rotated,
  expired: m.key_reached_end,
  disabled: m.key_disabled,
  'many-networks': m.key_many_networks,
  burst: m.key_burst,
  'outside-networks': m.key_outside_networks,
}

/** A rule this page does not know is named. */
export function revocationText(reason: string): string {
  return REASONS[reason]?.() ?? m.key_rule({ rule: reason })
}
