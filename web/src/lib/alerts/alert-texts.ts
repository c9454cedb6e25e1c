// Price alerts in words.

import type { PriceAlert } from '@motu/shared/contract/price-alerts.ts'
import { decimal } from '@motu/shared/decimal.ts'
import * as format from '#lib/format.ts'
import { instrumentOf } from '#lib/market/instrument-of.svelte.ts'
import * as m from '#lib/paraglide/messages.js'
import type { Toast } from '#lib/ui/toasts.svelte.ts'

/** `90,000,000원`: a price of the alert's, by the tick of its instrument where that is known. */
export function alertPrice({ ticker_id, currency }: PriceAlert, price: string): string {
  const instrument = instrumentOf(ticker_id)
  const value = decimal(price)
  return instrument ? format.priced(value, instrument) : format.amount(value, currency, 'half_up')
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
  const name = format.tickerName(alert.ticker_id)
  return {
    tone: 'plain',
    title: m.dashboard_alert_told_title({ name, price }),
    text: alert.note,
    action: { label: m.dashboard_alert_see(), href: `/symbol/${alert.ticker_id}` },
  }
}
