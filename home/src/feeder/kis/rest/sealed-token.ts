// A token as it lies in the database: AES-256-GCM under a key derived from the app secret (HKDF,
// RFC 5869). Whoever can open it could have asked for it himself.

import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from 'node:crypto'

const ALGORITHM = 'aes-256-gcm'
const KEY_BYTES = 32
const NONCE_BYTES = 12
const TAG_BYTES = 16
const VERSION = 'v1.'

/** What names an app key where the key itself must not stand. */
export function appKeyHash(appKey: string): string {
  return createHash('sha256').update(appKey).digest('hex')
}

type Keys = { appKey: string; appSecret: string }

export function sealToken(keys: Keys, token: string): string {
  const nonce = randomBytes(NONCE_BYTES)
  const cipher = createCipheriv(ALGORITHM, keyOf(keys), nonce)
  cipher.setAAD(labelOf(keys))
  const body = Buffer.concat([cipher.update(token, 'utf8'), cipher.final()])
  return VERSION + Buffer.concat([nonce, body, cipher.getAuthTag()]).toString('base64url')
}

/** Null when it was sealed under another secret, or changed: then there is no token. */
export function openToken(keys: Keys, sealed: string): string | null {
  if (!sealed.startsWith(VERSION)) return null
  const bytes = Buffer.from(sealed.slice(VERSION.length), 'base64url')
  if (bytes.length < NONCE_BYTES + TAG_BYTES) return null
  const nonce = bytes.subarray(0, NONCE_BYTES)
  const decipher = createDecipheriv(ALGORITHM, keyOf(keys), nonce, { authTagLength: TAG_BYTES })
  decipher.setAAD(labelOf(keys))
  decipher.setAuthTag(bytes.subarray(-TAG_BYTES))
  try {
    const body = decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES))
    return Buffer.concat([body, decipher.final()]).toString('utf8')
  } catch {
    return null
  }
}

const labelOf = ({ appKey }: Keys): Buffer => Buffer.from(appKeyHash(appKey))

function keyOf({ appKey, appSecret }: Keys): Buffer {
  const salt = Buffer.from(appKeyHash(appKey), 'hex')
  return Buffer.from(hkdfSync('sha256', appSecret, salt, 'motu kis token', KEY_BYTES))
}
