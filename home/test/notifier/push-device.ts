// A device that takes pushes: its keys, and how it reads what was encrypted for it (RFC 8291).

import { createDecipheriv, createECDH, type ECDH, hkdfSync, randomBytes } from 'node:crypto'

export type DeviceKeys = { readonly key: ECDH; readonly auth: Buffer }

/** A new device's keys. */
export function newDevice(): DeviceKeys {
  const key = createECDH('prime256v1')
  key.generateKeys()
  return { key, auth: randomBytes(16) }
}

/** What its browser hands over when it subscribes. */
export function keysOf({ key, auth }: DeviceKeys): { p256dh: string; auth: string } {
  return { p256dh: key.getPublicKey('base64url'), auth: auth.toString('base64url') }
}

/** Throws on what was not encrypted for it. */
export function decryptPush(body: Buffer, { key, auth }: DeviceKeys): string {
  const salt = body.subarray(0, 16)
  const senderKey = body.subarray(21, 21 + body[20]!)
  const ciphertext = body.subarray(21 + body[20]!)
  const derive = (from: Buffer, by: Buffer, info: Buffer | string, bytes: number): Buffer =>
    Buffer.from(hkdfSync('sha256', from, by, info, bytes))
  const info = Buffer.concat([Buffer.from('WebPush: info\0'), key.getPublicKey(), senderKey])
  const secret = derive(key.computeSecret(senderKey), auth, info, 32)
  const decipher = createDecipheriv(
    'aes-128-gcm',
    derive(secret, salt, 'Content-Encoding: aes128gcm\0', 16),
    derive(secret, salt, 'Content-Encoding: nonce\0', 12),
  )
  decipher.setAuthTag(ciphertext.subarray(-16))
  const text = Buffer.concat([decipher.update(ciphertext.subarray(0, -16)), decipher.final()])
  if (text.at(-1) !== 2) throw new Error('not the last record')
  return text.subarray(0, -1).toString()
}
