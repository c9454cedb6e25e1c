// What the server will refuse of a registration, said before it is asked.

import * as m from '#lib/paraglide/messages.js'

/** The contract's limits, repeated with their types so that no schema library is loaded here. */
type Contract = typeof import('@motu/shared/contract/auth.ts')
const PASSWORD_LENGTH_MIN: Contract['PASSWORD_LENGTH_MIN'] = 8
const PASSWORD_LENGTH_MAX: Contract['PASSWORD_LENGTH_MAX'] = 128
const USERNAME = /^[a-z0-9](?:[a-z0-9_.-]{1,30})[a-z0-9]$/
const NICKNAME = /^[^\p{C}<>@]{1,24}$/u

export type RegistrationField = 'username' | 'nickname' | 'password'
export type Registration = Record<RegistrationField, string>

/** A sentence for every field that would be refused. */
export function checkRegistration(fields: Registration): Partial<Registration> {
  const { length } = fields.password
  return {
    ...(USERNAME.test(fields.username) ? {} : { username: m.username_rules() }),
    ...(NICKNAME.test(fields.nickname.trim()) ? {} : { nickname: m.nickname_rules() }),
    ...(length >= PASSWORD_LENGTH_MIN && length <= PASSWORD_LENGTH_MAX
      ? {}
      : { password: m.password_rules() }),
  }
}
