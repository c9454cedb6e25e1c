// API keys as text: made, read back, and refused when anything of them is wrong.

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { keyPrefix, KEY_ID_PATTERN, makeApiKey, parseApiKey, secretHash } from './api-key.ts'

const randomBytes = (length: number) => crypto.getRandomValues(new Uint8Array(length))

describe('a new key', () => {
  it('reads back as its id and secret', () => {
    const { keyId, text } = makeApiKey(randomBytes)
    expect(text).toMatch(/^motu_[0-9A-Za-z]{12}_[0-9A-Za-z]{38}$/)
    expect(keyId).toMatch(KEY_ID_PATTERN)
    expect(parseApiKey(text)).toEqual({ keyId, secret: text.slice(18, 50) })
    expect(text.startsWith(`${keyPrefix(keyId)}_`)).toBe(true)
  })

  it('carries the CRC-32 of everything before it, in base 62', () => {
    const { text } = makeApiKey(() => new Uint8Array(32))
    expect(text.slice(0, -6)).toBe(`motu_${'0'.repeat(12)}_${'0'.repeat(32)}`)
    const digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
    const checksum = [...text.slice(-6)].reduce((sum, digit) => sum * 62 + digits.indexOf(digit), 0)
    // As zlib counts it.
    expect(checksum).toBe(985_685_895)
  })

  it('leaves out the bytes that would make some digits likelier than others', () => {
    let calls = 0
    const source = (length: number) => new Uint8Array(length).fill(calls++ % 2 === 0 ? 248 : 247)
    expect(makeApiKey(source).text).toMatch(/^motu_z{12}_z{32}/)
  })
})

describe('a text that is no key', () => {
  const { text } = makeApiKey(randomBytes)
  it.each([
    ['nothing', ''],
    ['another prefix', text.replace('motu_', 'moto_')],
    ['another case', text.toUpperCase()],
    ['a letter more', `${text}0`],
    ['a letter less', text.slice(0, -1)],
    ['a line end', `${text}\n`],
    ['blanks around', ` ${text} `],
    ['no separator', text.replace(/_(?=.{38}$)/, '')],
    ['letters of other scripts', text.replace(/.$/, 'é')],
  ])('is refused: %s', (_what, wrong) => {
    expect(parseApiKey(wrong)).toBeNull()
  })

  it('is refused when any one letter of a good one is another', () => {
    for (let index = 5; index < text.length; index += 1) {
      const other = text[index] === 'a' ? 'b' : 'a'
      expect(parseApiKey(text.slice(0, index) + other + text.slice(index + 1))).toBeNull()
    }
  })

  it('is refused whatever it is, without throwing', () => {
    fc.assert(fc.property(fc.string({ maxLength: 80 }), (any) => parseApiKey(any) === null))
  })
})

it('keeps the SHA-256 of the whole text', () => {
  expect(secretHash('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad')
})
