// Pure: no I/O, no clock, no randomness.
// Accounts at chat services that speak for a user, and the one-use codes that link them.

/** Where the bot is. */
export const CHAT_SERVICES = ['discord', 'telegram'] as const
export type ChatService = (typeof CHAT_SERVICES)[number]

/** A link is a credential as an API key is, and stands where its id would; no key's id begins so. */
export const LINK_ID_PREFIX = 'link:'

export const LINK_CODE_LIFETIME_MS = 10 * 60_000
/** Letters and digits nobody takes for one another: 8 of 30 are 39 bits, for ten minutes. */
export const LINK_CODE_ALPHABET = 'ABCDEFGHJKMNPQRSTVWXYZ23456789'
export const LINK_CODE_LENGTH = 8

/** A code as it is shown: `ABCD-EFGH`. */
export function formatLinkCode(code: string): string {
  return `${code.slice(0, LINK_CODE_LENGTH / 2)}-${code.slice(LINK_CODE_LENGTH / 2)}`
}

/** A code as somebody typed it; null when it cannot be one. */
export function parseLinkCode(typed: string): string | null {
  const code = typed.toUpperCase().replace(/[\s-]/g, '')
  const isCode =
    code.length === LINK_CODE_LENGTH && [...code].every((sign) => LINK_CODE_ALPHABET.includes(sign))
  return isCode ? code : null
}
