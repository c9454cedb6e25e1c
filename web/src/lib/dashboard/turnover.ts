// Large sums in won, short: what was traded in a day.

import { SCALE } from '@motu/shared/decimal.ts'
import { fixed } from '#lib/format.ts'
import * as m from '#lib/paraglide/messages.js'
import { getLocale } from '#lib/paraglide/runtime.js'

const UNITS = {
  ko: [
    [1_000_000_000_000n, '조원'],
    [100_000_000n, '억원'],
    [10_000n, '만원'],
    [1n, '원'],
  ],
  en: [
    [1_000_000_000_000n, 'T'],
    [1_000_000_000n, 'B'],
    [1_000_000n, 'M'],
    [1n, ''],
  ],
} as const

/**
 * `1.2조원` · `345억원`; `₩1.2T`: a decimal below ten of its unit, none from there on. Of a sum as it
 * travels: what a whole market trades is more than an account's decimal can hold.
 */
export function bigWon(text: string): string {
  const whole = BigInt(text.split('.')[0] ?? '0')
  const locale = getLocale()
  const [unit, name] = UNITS[locale].find(([one]) => whole >= one) ?? UNITS[locale][3]
  const digits = unit > 1n && whole < 10n * unit ? 1 : 0
  const shown = fixed((whole * SCALE) / unit, digits)
  return locale === 'ko' ? shown + name : `₩${shown}${name}`
}

export function turnoverText(turnoverKrw: string): string {
  return m.dashboard_movers_turnover_of({ amount: bigWon(turnoverKrw) })
}
