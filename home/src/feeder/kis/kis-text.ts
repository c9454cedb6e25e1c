// Pure: no I/O, no clock, no randomness.
// Values as KIS writes them: text, numbers included, padded and signed as it pleases.

import { type Decimal, SCALE_DIGITS } from '@motu/shared/decimal.ts'

export type Row = Readonly<Record<string, unknown>>
/** Why something that KIS sent cannot be used. */
export type Unreadable = { reason: string }

export function isRow(value: unknown): value is Row {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A field that stands under one of these names, as rows or as a single row. */
export function rowsOf(value: unknown): Row[] {
  if (Array.isArray(value)) return value.filter(isRow)
  return isRow(value) ? [value] : []
}

export function textOf(value: unknown): string {
  return typeof value === 'string' ? value.trim() : ''
}

const NUMBER = /^([+-]?)(\d{1,20})?(?:\.(\d+))?$/

/**
 * `00053600`, `+1.50`, `-600`: the exact decimal, or null. More than twelve digits before the point
 * or eight after it (zeros aside) do not fit one, and are refused rather than rounded.
 */
export function decimalOf(value: unknown): Decimal | null {
  const match = NUMBER.exec(textOf(value))
  if (!match) return null
  const [, sign, whole, fraction = ''] = match
  if (whole === undefined && fraction === '') return null
  const digits = (whole ?? '0').replace(/^0+(?=\d)/, '')
  const decimals = fraction.replace(/0+$/, '')
  if (digits.length > 12 || decimals.length > SCALE_DIGITS) return null
  const scaled = BigInt(digits + decimals.padEnd(SCALE_DIGITS, '0'))
  return sign === '-' ? -scaled : scaled
}

/** Above zero, or null: KIS writes 0 where there is no price. */
export function priceOf(value: unknown): Decimal | null {
  const price = decimalOf(value)
  return price !== null && price > 0n ? price : null
}

/** Zero or more, or null. */
export function sizeOf(value: unknown): Decimal | null {
  const size = decimalOf(value)
  return size !== null && size >= 0n ? size : null
}

/**
 * A change with its sign. Signs are 1 upper limit, 2 up, 3 flat, 4 lower limit, 5 down; the change
 * beside them carries a minus of its own in some calls and none in others.
 */
export function changeOf(sign: unknown, change: unknown): Decimal | null {
  const value = decimalOf(change)
  if (value === null) return null
  const size = value < 0n ? -value : value
  const code = textOf(sign)
  if (code === '4' || code === '5') return -size
  return code === '1' || code === '2' ? size : value
}
