// Pure: no I/O, no clock, no randomness.
// The fields of a row as Upbit sent it, every number as its own text.

import { type Decimal, parseDecimal } from '@motu/shared/decimal.ts'

export type Row = Record<string, unknown>
/** Why a row cannot be used. */
export type Unreadable = { reason: string }

export function isRow(value: unknown): value is Row {
  return typeof value === 'object' && value !== null
}

const NUMBER = /^(-?)(\d{1,20})(?:\.(\d{1,30}))?(?:[eE]([+-]?\d{1,2}))?$/

/** `1.5E-7` written out; Upbit's servers write small and large numbers that way. */
function plainText(value: unknown): { sign: string; whole: string; fraction: string } | null {
  const match = typeof value === 'string' ? NUMBER.exec(value) : null
  if (!match) return null
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = match
  const shift = Number.parseInt(exponent, 10)
  const digits = '0'.repeat(Math.max(0, -shift)) + whole + fraction + '0'.repeat(Math.max(0, shift))
  const point = Math.max(0, -shift) + whole.length + shift
  return {
    sign,
    whole: digits.slice(0, point).replace(/^0+(?=\d)/, ''),
    fraction: digits.slice(point).replace(/0+$/, ''),
  }
}

/** The value itself; `null` when it is no number, or one that eight places do not hold. */
export function exactly(value: unknown): Decimal | null {
  const text = plainText(value)
  if (!text) return null
  return parseDecimal(text.sign + text.whole + (text.fraction ? `.${text.fraction}` : ''))
}

/**
 * A running total cut off after the eighth place. The volume of a poll is the difference of two
 * such totals, so what is cut off now is counted by a later poll.
 */
export function roundedDown(value: unknown): Decimal | null {
  const text = plainText(value)
  return text && parseDecimal(`${text.sign}${text.whole}.${text.fraction.slice(0, 8) || '0'}`)
}

export function instantMs(value: unknown): number {
  return typeof value === 'string' && /^\d{12,14}$/.test(value) ? Number(value) : Number.NaN
}
