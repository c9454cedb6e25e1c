// What an alert can be set for: an instrument, or the exchange rate, which is quoted and not traded.

import { type Decimal, SCALE } from '@motu/shared/decimal.ts'
import { type Instrument, tickOf } from '@motu/shared/instrument.ts'
import { type TickerId, USD_KRW } from '@motu/shared/ticker.ts'
import * as format from '#lib/format.ts'
import { instrumentOf } from '#lib/market/instrument-of.svelte.ts'
import * as m from '#lib/paraglide/messages.js'
import { USD_KRW_RATE } from './usd-krw-rate.ts'

export type AlertSubject = Instrument | typeof USD_KRW_RATE

/** To the hundredth of a won, as the rate is quoted. */
const RATE_TICK = SCALE / 100n
/** What a ticker id means to an alert; undefined while this page does not know it. */
export function subjectOf(tickerId: TickerId): AlertSubject | undefined {
  return tickerId === USD_KRW ? USD_KRW_RATE : instrumentOf(tickerId)
}

/** Its name in the language of the page. */
export function subjectName(subject: AlertSubject): string {
  return isRate(subject) ? m.dashboard_alert_rate() : format.nameOf(subject)
}

/** The step of its prices at a price. */
export function subjectTick(subject: AlertSubject, price: Decimal): Decimal {
  return isRate(subject) ? RATE_TICK : tickOf(subject, price)
}

/** A price as it is typed: 51,000 · 1,465.50. */
export function lineDigits(subject: AlertSubject, price: Decimal): string {
  return isRate(subject) ? format.fixed(price, 2, 'half_up') : format.price(price, subject)
}

/** A price as it is read: `51,000원`. */
export function linePriced(subject: AlertSubject, price: Decimal): string {
  return isRate(subject) ? format.rate(price) : format.priced(price, subject)
}

/** Whether it is the exchange rate. */
export function isRate(subject: AlertSubject): subject is typeof USD_KRW_RATE {
  return subject.tickerId === USD_KRW
}
