// Pure: no I/O, no clock, no randomness.
// Figures as the bot writes them.

import { decimal, divide, formatDecimal, SCALE } from '../decimal.ts'
import type { Currency } from '../instrument.ts'

/** `1234567.5` as `1,234,567.5`. */
export function grouped(text: string): string {
  const [whole = '', fraction] = text.split('.')
  const groups = whole.replace(/\B(?=(?:\d{3})+$)/g, ',')
  return fraction === undefined ? groups : `${groups}.${fraction}`
}

/** Won, to the nearest. */
export function won(text: string): string {
  const rounded = divide(decimal(text), SCALE, 'half_up') * SCALE
  return `${grouped(formatDecimal(rounded))}원`
}

/** With its sign in front, whichever it is. */
export const signed = (text: string, write: (text: string) => string): string =>
  text.startsWith('-') ? write(text) : `+${write(text)}`

export const percent = (text: string): string => signed(text, (value) => `${value}%`)

/** A price in its currency. */
export const priced = (text: string, currency: Currency): string =>
  currency === 'KRW' ? `${grouped(text)}원` : `$${grouped(text)}`
