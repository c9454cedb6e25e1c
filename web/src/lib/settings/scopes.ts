// What an API key may do, in words.

import type { Scope } from '@motu/shared/contract/access.ts'
import * as m from '#lib/paraglide/messages.js'

const TEXTS: Record<Scope, () => string> = {
  read: m.scope_read,
  trade: m.scope_trade,
  admin: m.scope_admin,
}

export function scopeText(scope: Scope): string {
  return TEXTS[scope]()
}
