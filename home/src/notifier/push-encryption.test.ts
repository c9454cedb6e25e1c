// The example of RFC 8291, appendix A, to the byte; and that a device reads what was meant for it.

import { createECDH } from 'node:crypto'
import { expect, it } from 'vitest'
import { decryptPush } from '../../test/notifier/push-device.ts'
import { encryptPush, newSender, PUSH_PAYLOAD_BYTES_MAX, RECORD_BYTES } from './push-encryption.ts'

it('is what the RFC shows', () => {
  const sender = createECDH('prime256v1')
  sender.setPrivateKey(Buffer.from('yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw', 'base64url'))
  const receiver = {
    p256dh:
      'BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4',
    auth: 'BTBZMqHH6r4Tts7J_aSIgg',
  }
  const salt = Buffer.from('DGv6ra1nlYgDCS1FRnbzlw', 'base64url')
  const body = encryptPush('When I grow up, I want to be a watermelon', receiver, { salt, sender })
  expect(body.toString('base64url')).toBe(
    'DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27ml' +
      'mlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPT' +
      'pK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN',
  )
})

it('is read by its device alone, and fits one record', () => {
  const [device, other] = [createECDH('prime256v1'), createECDH('prime256v1')]
  for (const one of [device, other]) one.generateKeys()
  const auth = Buffer.alloc(16, 7)
  const receiver = {
    ...{ p256dh: device.getPublicKey('base64url'), auth: auth.toString('base64url') },
  }
  const payload = '가'.repeat(PUSH_PAYLOAD_BYTES_MAX / 3)
  const salt = Buffer.alloc(16, 9)
  const body = encryptPush(payload, receiver, { salt, sender: newSender() })
  expect(body.length).toBeLessThanOrEqual(RECORD_BYTES)
  expect(decryptPush(body, { key: device, auth })).toBe(payload)
  expect(() => decryptPush(body, { key: other, auth })).toThrow()
  expect(() => decryptPush(body, { key: device, auth: Buffer.alloc(16, 8) })).toThrow()
})
