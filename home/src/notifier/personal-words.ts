// Pure: no I/O, no clock, no randomness.
// What a user is told of himself, in his language. These texts are fixed: an admin writes what everybody
// reads, not what one alone does.

import { decimal } from '@motu/shared/decimal.ts'
import { findInstrument } from '@motu/shared/instrument.ts'
import type { Reason, Side } from '@motu/shared/order.ts'
import { grouped, plainNumber } from '@motu/shared/render-template.ts'
import { parseTickerId, USD_KRW } from '@motu/shared/ticker.ts'
import type { PersonalNotification } from './notification.ts'
import { REASON_WORDS } from './reason-words.ts'

export type Locale = 'ko' | 'en'

export type PersonalWords = {
  readonly title: string
  readonly body: string
  /** The page of the app that shows it. */
  readonly path: string
}

/** Decimals of a price at the most: an average of many fills has more than anybody reads. */
const PRICE_DECIMALS_MAX = 4

const SIDES = { BUY: { ko: '매수', en: 'Buy' }, SELL: { ko: '매도', en: 'Sell' } } as const

/** One notification in words; whatever it leaves unsaid is left out. */
export function wordsOf(one: PersonalNotification, locale: Locale): PersonalWords {
  if (one.kind === 'price_alert') return alertWords(one, locale)
  return one.kind === 'order_filled' ? filledWords(one, locale) : failedWords(one, locale)
}

function filledWords({ values, tickerId }: PersonalNotification, locale: Locale): PersonalWords {
  const { quantity = '0', filled = '0', price, currency = '', reason } = values
  const isWhole = values['status'] === 'FILLED'
  const side = sideOf(values, locale)
  const ordered =
    decimal(quantity) > decimal(filled) ? ` / ${amount(quantity, tickerId, locale)}` : ''
  const at = price === undefined ? '' : ` · ${money(price, currency, locale)}`
  const why = isWhole ? '' : reasonOf(reason, locale)
  const title = {
    ko: `${side} ${isWhole ? '체결' : '일부 체결'}`,
    en: `${side} ${isWhole ? 'filled' : 'partly filled'}`,
  }[locale]
  const what = `${nameOf(tickerId, locale)} ${amount(filled, tickerId, locale)}${ordered}${at}`
  return { title, body: joined(what, why), path: '/orders' }
}

function failedWords({ values, tickerId }: PersonalNotification, locale: Locale): PersonalWords {
  const { quantity = '0', reason } = values
  const side = sideOf(values, locale)
  const title = {
    ko: `${side} 주문이 체결되지 않았어요`,
    en: `${side} order did not fill`,
  }[locale]
  const many = decimal(quantity) > 0n ? ` ${amount(quantity, tickerId, locale)}` : ''
  const what = nameOf(tickerId, locale) + many
  return { title, body: joined(what, reasonOf(reason, locale)), path: '/orders' }
}

function alertWords({ values, tickerId }: PersonalNotification, locale: Locale): PersonalWords {
  const { condition, line = '0', price = '0', currency = '', note = '' } = values
  const [at, now] = [money(line, currency, locale), money(price, currency, locale)]
  const isAbove = condition === 'ABOVE'
  const body = {
    ko: `${nameOf(tickerId, locale)} ${at} ${isAbove ? '이상' : '이하'} · 현재 ${now}`,
    en: `${nameOf(tickerId, locale)} ${isAbove ? 'at or above' : 'at or below'} ${at} · now ${now}`,
  }[locale]
  const title = { ko: '가격 알림', en: 'Price alert' }[locale]
  return { title, body: joined(body, note), path: '/alerts' }
}

const joined = (what: string, more: string): string => (more === '' ? what : `${what}\n${more}`)

function sideOf(values: PersonalNotification['values'], locale: Locale): string {
  return values['side'] === undefined ? '' : SIDES[values['side'] as Side][locale]
}

function reasonOf(reason: string | undefined, locale: Locale): string {
  return reason === undefined ? '' : REASON_WORDS[reason as Reason][locale]
}

function nameOf(tickerId: string | null, locale: Locale): string {
  if (tickerId === null) return ''
  if (tickerId === USD_KRW) return { ko: '달러 환율', en: 'USD/KRW' }[locale]
  const instrument = findInstrument(tickerId)
  if (!instrument) return tickerId
  return locale === 'ko' ? instrument.nameKo : instrument.nameEn
}

/** `10주`, `0.01 BTC`. */
function amount(quantity: string, tickerId: string | null, locale: Locale): string {
  const number = grouped(plainNumber(quantity) ?? quantity)
  const parts = tickerId === null ? null : parseTickerId(tickerId)
  if (parts?.type === 'COIN') return `${number} ${parts.symbol}`
  return { ko: `${number}주`, en: `${number} shares` }[locale]
}

/** `71,200원`, `182.5 USD`: of too many decimals the rest is left out. */
function money(price: string, currency: string, locale: Locale): string {
  const [whole = '0', fraction = ''] = (plainNumber(price) ?? price).split('.')
  const isSmall = whole === '0'
  const kept = isSmall ? fraction : fraction.slice(0, PRICE_DECIMALS_MAX).replace(/0+$/, '')
  const number = grouped(kept === '' ? whole : `${whole}.${kept}`)
  return currency === 'KRW' && locale === 'ko' ? `${number}원` : `${number} ${currency}`
}
