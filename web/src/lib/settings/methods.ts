// How someone signed in, in words.

import * as m from '#lib/paraglide/messages.js'

export function methodText(method: string): string {
  if (method === 'password') return m.password()
  if (method === 'passkey') return m.passkey()
  const provider = /^oidc:(.+)$/.exec(method)?.[1]
  return provider ? m.method_oidc({ provider }) : method
}
