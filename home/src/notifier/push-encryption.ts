// A push's payload, encrypted for one device: RFC 8291, over the content coding of RFC 8188
// (`aes128gcm`). The service that carries it cannot read it.

import { createCipheriv, createECDH, type ECDH, hkdfSync } from 'node:crypto'

/** One record holds it all; services take 4,096 bytes at the least, and so at the most. */
export const RECORD_BYTES = 4_096
const TAG_BYTES = 16
/** Salt, record size, length of the key, the key. */
const HEADER_BYTES = 16 + 4 + 1 + 65
/** A payload at the most: the rest of a body of one record. */
export const PUSH_PAYLOAD_BYTES_MAX = RECORD_BYTES - HEADER_BYTES - TAG_BYTES - 1
/** The last record ends with it. */
const LAST = Buffer.of(2)

export type PushReceiver = {
  /** Its public key, and the secret it shares with us: base64url. */
  readonly p256dh: string
  readonly auth: string
}
/** New for each message. */
export type PushRandomness = { readonly salt: Buffer; readonly sender: ECDH }

/** A sender's key for one message. */
export function newSender(): ECDH {
  const sender = createECDH('prime256v1')
  sender.generateKeys()
  return sender
}

/** The body of a push. Throws where the receiver's key is no point of the curve. */
export function encryptPush(
  payload: string,
  { p256dh, auth }: PushReceiver,
  { salt, sender }: PushRandomness,
): Buffer {
  const receiverKey = Buffer.from(p256dh, 'base64url')
  const senderKey = sender.getPublicKey()
  const shared = sender.computeSecret(receiverKey)
  const info = Buffer.concat([Buffer.from('WebPush: info\0'), receiverKey, senderKey])
  const secret = derive(shared, { salt: Buffer.from(auth, 'base64url'), info, bytes: 32 })
  const key = derive(secret, {
    ...{ salt, info: Buffer.from('Content-Encoding: aes128gcm\0'), bytes: 16 },
  })
  const nonce = derive(secret, {
    ...{ salt, info: Buffer.from('Content-Encoding: nonce\0'), bytes: 12 },
  })
  const cipher = createCipheriv('aes-128-gcm', key, nonce)
  const parts = [cipher.update(payload, 'utf8'), cipher.update(LAST), cipher.final()]
  const size = Buffer.alloc(4)
  size.writeUInt32BE(RECORD_BYTES)
  const header = [salt, size, Buffer.of(senderKey.length), senderKey]
  return Buffer.concat([...header, ...parts, cipher.getAuthTag()])
}

function derive(
  from: Buffer,
  { salt, info, bytes }: { salt: Buffer; info: Buffer; bytes: number },
): Buffer {
  return Buffer.from(hkdfSync('sha256', from, salt, info, bytes))
}
