// What the server will refuse of a registration, said before it is asked.

import { ACCOUNT_RULES } from '#lib/account-rules.ts'

export type RegistrationField = keyof typeof ACCOUNT_RULES
export type Registration = Record<RegistrationField, string>

/** A sentence for every field that would be refused. */
export function checkRegistration(fields: Registration): Partial<Registration> {
  const wrong: Partial<Registration> = {}
  for (const field of ['username', 'nickname', 'password'] as const) {
    const rule = ACCOUNT_RULES[field](fields[field])
    if (rule) wrong[field] = rule
  }
  return wrong
}
