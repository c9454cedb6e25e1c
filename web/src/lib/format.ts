// Numbers and instants as people read them. Money stays a decimal on bigint up to its text;
// rounding is named, and down unless a caller knows better: nobody is shown more than there is.

import {
  type Decimal,
  divide,
  formatDecimal,
  parseDecimal,
  type Rounding,
  SCALE_DIGITS,
} from '@motu/shared/decimal.ts'
import { type Currency, type Instrument, tickOf } from '@motu/shared/instrument.ts'
import { parseTickerId, type TickerId } from '@motu/shared/ticker.ts'
import { instrumentOf } from '#lib/market/instrument-of.svelte.ts'
import { dateFormat } from './intl.ts'
import { getLocale } from '#lib/paraglide/runtime.js'

const MINUS = '−'

/** A decimal with thousands separators and a fixed number of decimals. */
export function fixed(value: Decimal, digits: number, rounding: Rounding = 'down'): string {
  const step = 10n ** BigInt(SCALE_DIGITS - digits)
  const scaled = divide(value, step, rounding)
  const negative = scaled < 0n
  const text = (negative ? -scaled : scaled).toString().padStart(digits + 1, '0')
  const whole = group(digits === 0 ? text : text.slice(0, -digits))
  const shown = digits === 0 ? whole : `${whole}.${text.slice(-digits)}`
  return negative ? MINUS + shown : shown
}

/** Won, whole: `1,234원` or `₩1,234`. */
export function won(value: Decimal, rounding: Rounding = 'down'): string {
  return currencyText(fixed(value, 0, rounding), 'KRW')
}

/** An amount of a currency: won whole, dollars with two decimals. */
export function amount(value: Decimal, currency: Currency, rounding: Rounding = 'down'): string {
  return currencyText(fixed(value, currency === 'KRW' ? 0 : 2, rounding), currency)
}

/** The same with a plus sign for a gain; nothing for zero. */
export function signedWon(value: Decimal): string {
  return value > 0n ? `+${won(value)}` : won(value)
}

/** A price with the decimals of its tick: 51,000 · 189.25 · 0.4213. */
export function price(value: Decimal, instrument: Instrument): string {
  return fixed(value, tickDigits(tickOf(instrument, value)), 'half_up')
}

/** The distance between two prices, with the decimals of the one it is counted from: 0.02 of 120.71. */
export function priceStep(value: Decimal, from: Decimal, instrument: Instrument): string {
  return fixed(value, tickDigits(tickOf(instrument, from)), 'half_up')
}

/** A price with its currency. */
export function priced(value: Decimal, instrument: Instrument): string {
  return currencyText(price(value, instrument), instrument.currency)
}

/** An exchange rate in won: `1,465.50원`. */
export function rate(value: Decimal): string {
  return currencyText(fixed(value, 2, 'half_up'), 'KRW')
}

/** How many decimals a step has: 0 for 100, 2 for 0.01. */
export function tickDigits(tick: Decimal): number {
  return formatDecimal(tick).split('.')[1]?.length ?? 0
}

/** A quantity, as short as it can be: 10 · 0.01 · 1,234.5. */
export function quantity(value: Decimal): string {
  const [whole, fraction] = formatDecimal(value).split('.')
  return fraction ? `${group(whole!)}.${fraction}` : group(whole!)
}

/** A percentage with two decimals and its sign: `+1.25%`. */
export function percent(value: Decimal): string {
  const text = `${fixed(value, 2, 'half_even')}%`
  return value > 0n ? `+${text}` : text
}

/** What someone typed as a decimal: thousands separators and an unfinished point are forgiven. */
export function parseTyped(text: string): Decimal | null {
  const plain = text
    .replace(/[,\s]/g, '')
    .replace(/^\./, '0.')
    .replace(/\.$/, '')
    .replace(/^0+(?=\d)/, '')
  return parseDecimal(plain)
}

/** The name of an instrument in the language of the page. */
export function nameOf(instrument: Instrument): string {
  return getLocale() === 'ko' ? instrument.nameKo : instrument.nameEn
}

/** The name behind a ticker id, or the id itself. */
export function tickerName(tickerId: TickerId): string {
  const instrument = instrumentOf(tickerId)
  return instrument ? nameOf(instrument) : tickerId
}

/** The symbol in a ticker id: `005930`, `BTC`. */
export function symbolOf(tickerId: TickerId): string {
  return parseTickerId(tickerId)?.symbol ?? tickerId
}

/** A time of day with seconds, in the viewer's zone; the date too when it was another day. */
export function instant(iso: string, now: number): string {
  const at = new Date(iso)
  const isToday = at.toDateString() === new Date(now).toDateString()
  return dateFormat(getLocale(), {
    ...(isToday ? {} : { month: 'numeric', day: 'numeric' }),
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
  }).format(at)
}

function group(digits: string): string {
  return digits.replace(/\B(?=(\d{3})+(?!\d))/g, ',')
}

function currencyText(text: string, currency: Currency): string {
  const isKorean = getLocale() === 'ko'
  if (currency === 'KRW' && isKorean) return `${text}원`
  const sign = currency === 'KRW' ? '₩' : '$'
  return text.startsWith(MINUS) ? `${MINUS}${sign}${text.slice(1)}` : sign + text
}
