// Pure: no I/O, no clock, no randomness.
// The text of an API key: `motu_<id>_<secret><checksum>`. The id is public and finds the row; the
// checksum refuses what was mistyped or made up before anyone looks anything up, and lets a scanner
// of leaked secrets know ours from noise. Both ends keep the hash of the whole text, never the text.

import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'

const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const ID_LENGTH = 12
/** 190 bits. */
const SECRET_LENGTH = 32
/** Six digits of base 62 hold 35 bits; the checksum has 32. */
const CHECKSUM_LENGTH = 6

/** The public part. */
export const KEY_ID_PATTERN = /^[0-9A-Za-z]{12}$/
const KEY_TEXT = /^(motu_([0-9A-Za-z]{12})_([0-9A-Za-z]{32}))([0-9A-Za-z]{6})$/

export type ApiKeyParts = { keyId: string; secret: string }

/** A new key. Its text is shown once and never stored. */
export function makeApiKey(randomBytes: (length: number) => Uint8Array): {
  keyId: string
  text: string
} {
  const keyId = randomDigits(ID_LENGTH, randomBytes)
  const body = `motu_${keyId}_${randomDigits(SECRET_LENGTH, randomBytes)}`
  return { keyId, text: body + checksumOf(body) }
}

/** The parts of a key whose checksum is right; null for any other text. */
export function parseApiKey(text: string): ApiKeyParts | null {
  const match = KEY_TEXT.exec(text)
  if (!match || checksumOf(match[1]!) !== match[4]) return null
  return { keyId: match[2]!, secret: match[3]! }
}

/** What is kept of a key: SHA-256 (hex) of its whole text. */
export function secretHash(text: string): string {
  return bytesToHex(sha256(utf8ToBytes(text)))
}

/** What a list shows of a key. */
export function keyPrefix(keyId: string): string {
  return `motu_${keyId}`
}

/** Bytes from here on would make the first digits likelier than the others. */
const BYTE_LIMIT = 256 - (256 % DIGITS.length)

function randomDigits(length: number, randomBytes: (length: number) => Uint8Array): string {
  let digits = ''
  while (digits.length < length) {
    for (const byte of randomBytes(length)) {
      if (byte < BYTE_LIMIT && digits.length < length) digits += DIGITS[byte % DIGITS.length]!
    }
  }
  return digits
}

function checksumOf(body: string): string {
  let rest = crc32(body)
  let digits = ''
  while (digits.length < CHECKSUM_LENGTH) {
    digits = DIGITS[rest % DIGITS.length]! + digits
    rest = Math.floor(rest / DIGITS.length)
  }
  return digits
}

/** CRC-32 as in zip and PNG (ISO 3309); the text is ASCII. */
function crc32(text: string): number {
  let crc = 0xffffffff
  for (let index = 0; index < text.length; index += 1) {
    crc = (crc >>> 8) ^ CRC_TABLE[(crc ^ text.charCodeAt(index)) & 0xff]!
  }
  return (crc ^ 0xffffffff) >>> 0
}

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte
  for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1
  return crc
})
