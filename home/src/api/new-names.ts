// Pure: no I/O, no clock, no randomness.
// What a user is called who first signs in elsewhere: the names he has there, made to fit here.

import { registerSchema } from '@motu/shared/contract/auth.ts'

const { username: usernameSchema, nickname: nicknameSchema } = registerSchema.shape
const USERNAME_LENGTH_MAX = 32
const NICKNAME_LENGTH_MAX = 24
/** Where nothing of a name is left: names beyond ASCII have no user name of their own. */
const NAMELESS = 'trader'

/**
 * The user name to try: the first name that fits, then names with digits behind it, since somebody
 * may have taken it. `digits` is empty at first.
 */
export function usernameFor(names: readonly string[], digits: string): string {
  const tail = digits === '' ? '' : `-${digits}`
  const bases = [...names.map(asUsername), NAMELESS].map(
    (base) => trimEnds(base.slice(0, USERNAME_LENGTH_MAX - tail.length)) + tail,
  )
  return bases.find((name) => usernameSchema.safeParse(name).success) ?? NAMELESS + tail
}

/** The first of the names that may be shown, cut to what fits. */
export function nicknameFor(names: readonly string[], username: string): string {
  const nicknames = names.map((name) => cut(name.replace(/[\p{C}<>@]/gu, '').trim()))
  const fitting = nicknames.find((name) => nicknameSchema.safeParse(name).success)
  return fitting ?? cut(username)
}

/** What stands before the @ of an address is a name; what stands behind it is nobody's business. */
function asUsername(name: string): string {
  const [local = ''] = name.split('@')
  const plain = local.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase()
  return trimEnds(plain.replace(/[^a-z0-9_.-]+/g, '-'))
}

const trimEnds = (name: string): string => name.replace(/^[^a-z0-9]+|[^a-z0-9]+$/g, '')

/** Never through the middle of a letter: half a surrogate pair is no text. */
function cut(name: string): string {
  let kept = ''
  for (const letter of name) {
    if (kept.length + letter.length > NICKNAME_LENGTH_MAX) break
    kept += letter
  }
  return kept.trim()
}
