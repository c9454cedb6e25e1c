// What the server will refuse of an account's fields, said before it is asked.

import * as m from '#lib/paraglide/messages.js'

/** The contract's limits, repeated with their types so that no schema library is loaded here. */
type Contract = typeof import('@motu/shared/contract/auth.ts')
const PASSWORD_LENGTH_MIN: Contract['PASSWORD_LENGTH_MIN'] = 8
const PASSWORD_LENGTH_MAX: Contract['PASSWORD_LENGTH_MAX'] = 128
const USERNAME = /^[a-z0-9](?:[a-z0-9_.-]{1,30})[a-z0-9]$/
const NICKNAME = /^[^\p{C}<>@]{1,24}$/u

/** What each field wants, when it does not have it; null when it is fine. */
export const ACCOUNT_RULES = {
  username: (text: string) => (USERNAME.test(text) ? null : m.username_rules()),
  nickname: (text: string) => (NICKNAME.test(text.trim()) ? null : m.nickname_rules()),
  password: ({ length }: string) =>
    length >= PASSWORD_LENGTH_MIN && length <= PASSWORD_LENGTH_MAX ? null : m.password_rules(),
} as const
