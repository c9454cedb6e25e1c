// Choosing the exchange rate for an alert, and moving its line.

import { type Decimal, SCALE, toStep } from '@motu/shared/decimal.ts'
import { choseongOf } from '@motu/shared/instrument-search.ts'
import { stepPrice } from '#lib/trade/cost.ts'
import { type AlertSubject, isRate } from './alert-subject.ts'

/** By what the buttons beside the field move it. */
const RATE_STEP = SCALE
const RATE_LEAST = SCALE / 100n
/** What people call it, without blanks, in small letters. */
const RATE_NAMES = [
  '원/달러환율',
  '달러환율',
  '원달러',
  '미국달러',
  'usd/krw',
  'usdkrw',
  'usdollar',
]

/** The next line above or below: of an instrument a tick away, of the rate a won. */
export function nextLine(subject: AlertSubject, price: Decimal, direction: 1 | -1): Decimal {
  if (!isRate(subject)) return stepPrice(subject, price, direction)
  const next =
    direction === 1
      ? toStep(price, RATE_STEP, 'down') + RATE_STEP
      : toStep(price, RATE_STEP, 'up') - RATE_STEP
  return next > 0n ? next : RATE_LEAST
}

/** Whether what was typed may mean the rate; nothing typed may mean anything. */
export function isRateMeant(typed: string): boolean {
  const text = typed.normalize('NFC').replace(/\s/g, '').toLowerCase()
  return RATE_NAMES.some((name) => name.includes(text) || choseongOf(name).includes(text))
}
