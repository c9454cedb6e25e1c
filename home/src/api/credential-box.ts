// Exchange credentials, closed and opened: AES-256-GCM, bound to their user and exchange, so that a
// row moved to another user does not open there.

import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { type ExchangeSecrets, putCredentialsSchema } from '@motu/shared/contract/credentials.ts'
import type { KeyRing } from './credential-keys.ts'

const ALGORITHM = 'aes-256-gcm'
/** What GCM is made for; random ones do not repeat before some 2^32 of a key. */
const NONCE_BYTES = 12
const TAG_BYTES = 16

/** Whose the credentials are. */
export type BoxLabel = { userId: string; exchange: string }
/** The tag is the end of the ciphertext. */
export type ClosedBox = { keyId: string; nonce: Buffer; ciphertext: Buffer }

const labelText = ({ userId, exchange }: BoxLabel): Buffer => Buffer.from(`${userId}/${exchange}`)

export function closeBox(ring: KeyRing, label: BoxLabel, secrets: ExchangeSecrets): ClosedBox {
  const nonce = randomBytes(NONCE_BYTES)
  const cipher = createCipheriv(ALGORITHM, ring.keys[ring.current]!, nonce)
  cipher.setAAD(labelText(label))
  const body = Buffer.concat([cipher.update(JSON.stringify(secrets), 'utf8'), cipher.final()])
  return { keyId: ring.current, nonce, ciphertext: Buffer.concat([body, cipher.getAuthTag()]) }
}

/** Throws when the box was closed for another label, or changed, or its key is not in the ring. */
export function openBox(ring: KeyRing, label: BoxLabel, box: ClosedBox): ExchangeSecrets {
  const key = ring.keys[box.keyId]
  if (!key) throw new Error(`credential key ${box.keyId} is not in the ring`)
  const decipher = createDecipheriv(ALGORITHM, key, box.nonce, { authTagLength: TAG_BYTES })
  decipher.setAAD(labelText(label))
  decipher.setAuthTag(box.ciphertext.subarray(-TAG_BYTES))
  const body = decipher.update(box.ciphertext.subarray(0, -TAG_BYTES))
  const text = Buffer.concat([body, decipher.final()]).toString('utf8')
  return putCredentialsSchema.parse(JSON.parse(text))
}
