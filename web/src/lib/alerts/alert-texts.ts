// Price alerts in words.

import type { PriceAlert } from '@motu/shared/contract/price-alerts.ts'
import { decimal } from '@motu/shared/decimal.ts'
import { USD_KRW } from '@motu/shared/ticker.ts'
import * as format from '#lib/format.ts'
import * as m from '#lib/paraglide/messages.js'
import type { Toast } from '#lib/ui/toasts.svelte.ts'
import { linePriced, subjectName, subjectOf } from './alert-subject.ts'

/** `90,000,000원`: a price of the alert's, by the tick of what it is set for where that is known. */
export function alertPrice({ ticker_id, currency }: PriceAlert, price: string): string {
  const subject = subjectOf(ticker_id)
  const value = decimal(price)
  return subject ? linePriced(subject, value) : format.amount(value, currency, 'half_up')
}

/** `90,000,000원 이상`. */
export function lineText(alert: PriceAlert): string {
  const price = alertPrice(alert, alert.price)
  return alert.condition === 'ABOVE'
    ? m.dashboard_alert_line_above({ price })
    : m.dashboard_alert_line_below({ price })
}

/** What is said at the moment an alert is told. */
export function toldNotice(alert: PriceAlert): Omit<Toast, 'id'> {
  const price = alertPrice(alert, alert.price)
  const subject = subjectOf(alert.ticker_id)
  const name = subject ? subjectName(subject) : alert.ticker_id
  const isRate = alert.ticker_id === USD_KRW
  return {
    tone: 'plain',
    title: m.dashboard_alert_told_title({ name, price }),
    text: alert.note,
    action: {
      label: m.dashboard_alert_see(),
      href: isRate ? '/alerts' : `/symbol/${alert.ticker_id}`,
    },
  }
}
