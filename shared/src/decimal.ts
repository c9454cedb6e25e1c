// Pure: no I/O, no clock, no randomness.
// Fixed-point decimals: a bigint scaled by 10^8. The one representation of money, price,
// quantity and rate in Motu; a float never comes near them.

/** A number times 10^8. `1n * SCALE` is one; `DECIMAL(20,8)` in Postgres, a string on the wire. */
export type Decimal = bigint

export const SCALE_DIGITS = 8
export const SCALE: Decimal = 100_000_000n
/** The largest value that DECIMAL(20,8) can hold: 999999999999.99999999. */
export const DECIMAL_MAX: Decimal = 10n ** 20n - 1n

/**
 * How an inexact quotient becomes a whole number; every rounding in Motu names its mode.
 * `down` goes towards minus infinity, `up` towards infinity; `half_up` takes a tie away from zero,
 * `half_even` to the even neighbour.
 */
export type Rounding = 'down' | 'up' | 'half_up' | 'half_even'

const DECIMAL_TEXT = /^-?(?:0|[1-9]\d{0,11})(?:\.\d{1,8})?$/

/**
 * Text to decimal; `null` when it is not a plain decimal of at most 12 digits before and 8 after
 * the point. Exponents, signs other than a leading minus, blanks and leading zeros are refused.
 */
export function parseDecimal(text: string): Decimal | null {
  if (!DECIMAL_TEXT.test(text)) return null
  const point = text.indexOf('.')
  if (point === -1) return BigInt(text) * SCALE
  const fraction = text.slice(point + 1).padEnd(SCALE_DIGITS, '0')
  return BigInt(text.slice(0, point) + fraction)
}

/** Text that is known to be a decimal: a literal, or a column of Postgres. Throws when it is not. */
export function decimal(text: string): Decimal {
  const value = parseDecimal(text)
  if (value === null) throw new Error(`not a decimal: ${text}`)
  return value
}

/** Decimal to its shortest text: `1.5`, `100`, `-0.00000001`. */
export function formatDecimal(value: Decimal): string {
  const negative = value < 0n
  const digits = (negative ? -value : value).toString().padStart(SCALE_DIGITS + 1, '0')
  const whole = digits.slice(0, -SCALE_DIGITS)
  let end = digits.length
  while (end > whole.length && digits.charCodeAt(end - 1) === 48) end -= 1
  const text = end === whole.length ? whole : `${whole}.${digits.slice(whole.length, end)}`
  return negative && value !== 0n ? `-${text}` : text
}

/** `numerator / denominator` as a whole number, rounded as named. The denominator is positive. */
export function divide(numerator: bigint, denominator: bigint, rounding: Rounding): bigint {
  if (denominator <= 0n) throw new Error('the denominator must be positive')
  const quotient = numerator / denominator
  const remainder = numerator % denominator
  if (remainder === 0n) return quotient
  const away = numerator < 0n ? quotient - 1n : quotient + 1n
  switch (rounding) {
    case 'down':
      return numerator < 0n ? away : quotient
    case 'up':
      return numerator < 0n ? quotient : away
    default: {
      const twice = (remainder < 0n ? -remainder : remainder) * 2n
      if (twice !== denominator) return twice > denominator ? away : quotient
      return rounding === 'half_up' || quotient % 2n !== 0n ? away : quotient
    }
  }
}

/** The product of two decimals, rounded as named at the eighth place. */
export function multiply(a: Decimal, b: Decimal, rounding: Rounding): Decimal {
  return divide(a * b, SCALE, rounding)
}

/** The quotient of two decimals, rounded as named at the eighth place. */
export function ratio(a: Decimal, b: Decimal, rounding: Rounding): Decimal {
  return divide(a * SCALE, b, rounding)
}

/** Whether `value` lies on the grid of `step`: a price on its tick, a quantity on its lot. */
export function isMultiple(value: Decimal, step: Decimal): boolean {
  return value % step === 0n
}

/** The nearest multiple of `step` at or below (`down`) or at or above (`up`) a value. */
export function toStep(value: Decimal, step: Decimal, rounding: Rounding): Decimal {
  return divide(value, step, rounding) * step
}
