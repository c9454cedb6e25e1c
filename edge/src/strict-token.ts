// Pure: no I/O, no clock, no randomness.
// The one form an access token of ours has. Everything else a JWT may be (other headers, other
// spellings of the same bytes, members twice) is refused before a key is looked at.

/** Longer ones are not ours, and are not worth a look. */
const TOKEN_LENGTH_MAX = 4_096
const THREE_PARTS = /^[\w-]+\.[\w-]+\.[\w-]+$/
const HEADER_MEMBERS = 'alg kid typ'
const KEY_ID_LENGTH_MAX = 128
const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

/** Whether a text is written as our tokens are. Its signature is another matter. */
export function isStrictToken(text: string): boolean {
  if (text.length > TOKEN_LENGTH_MAX || !THREE_PARTS.test(text)) return false
  const parts = text.split('.')
  if (!parts.every(isCanonicalBase64url)) return false
  const header = objectIn(parts[0]!)
  if (!header || Object.keys(header).sort().join(' ') !== HEADER_MEMBERS) return false
  if (typeof header.kid !== 'string' || header.kid.length > KEY_ID_LENGTH_MAX) return false
  return objectIn(parts[1]!) !== null
}

/** No padding, no bits left over: the same bytes have one text. */
function isCanonicalBase64url(part: string): boolean {
  const spare = part.length % 4
  if (spare === 1) return false
  const last = DIGITS.indexOf(part.at(-1)!)
  if (spare === 2) return last % 16 === 0
  return spare === 0 || last % 4 === 0
}

/** The object a part holds; null when it is none, or says something twice or in a second way. */
function objectIn(part: string): Record<string, unknown> | null {
  try {
    const bytes = Uint8Array.from(atob(part.replaceAll('-', '+').replaceAll('_', '/')), (byte) =>
      byte.charCodeAt(0),
    )
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
    const value: unknown = JSON.parse(text)
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return null
    return JSON.stringify(value) === text ? (value as Record<string, unknown>) : null
  } catch {
    // Not base64, not UTF-8, not JSON: not ours.
    return null
  }
}
