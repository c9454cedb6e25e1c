// What to tell the user when one of his orders changed, if anything.

import { decimal } from '@motu/shared/decimal.ts'
import * as format from '#lib/format.ts'
import { instrumentOf } from '#lib/market/instrument-of.svelte.ts'
import * as m from '#lib/paraglide/messages.js'
import { reasonText } from '#lib/reasons.ts'
import type { Toast } from '#lib/ui/toasts.svelte.ts'
import { sizeText } from './order-texts.ts'
import type { OrderChange } from './orders.svelte.ts'

/**
 * Nothing for orders that were seen for the first time, and nothing for what the user just did, or
 * what is told of several orders at once.
 */
export function noticeOf({
  before,
  after,
  wasSending,
  isTogether,
}: OrderChange): Omit<Toast, 'id'> | null {
  if (!before && !wasSending) return null
  if (after.cancel_result === 'TOO_LATE' && before?.cancel_result !== 'TOO_LATE') {
    if (isTogether) return null
    return { tone: 'bad', title: m.notice_cancel_too_late(), text: orderText(after) }
  }
  if (before?.status === after.status) return null
  if (after.status === 'CANCELLED' && isTogether) return null
  if (after.replaces && (wasSending || before?.status === 'PENDING')) {
    if (after.status === 'OPEN') {
      return { tone: 'plain', title: m.notice_replaced(), text: orderText(after) }
    }
    if (after.status === 'FAILED') return failed(m.notice_not_replaced(), after)
  }
  switch (after.status) {
    case 'FILLED':
      return { tone: 'good', title: m.notice_filled(), text: fillText(after) }
    case 'PARTIALLY_FILLED':
      return { tone: 'good', title: m.notice_partially_filled(), text: fillText(after) }
    case 'CANCELLED':
      // The order in its place says so itself.
      if (after.reason === 'replaced') return null
      return { tone: 'plain', title: m.notice_cancelled(), text: orderText(after) }
    case 'EXPIRED':
      return { tone: 'plain', title: m.notice_expired(), text: orderText(after) }
    case 'FAILED':
      return failed(m.notice_failed(), after)
    default:
      return null
  }
}

function failed(title: string, order: OrderChange['after']): Omit<Toast, 'id'> {
  const why = order.reason ? ` · ${reasonText(order.reason)}` : ''
  return { tone: 'bad', title, text: orderText(order) + why }
}

/** `비트코인 매수 0.5`. */
export function orderText(order: OrderChange['after']): string {
  const side = order.side === 'BUY' ? m.side_buy() : m.side_sell()
  return `${format.tickerName(order.ticker_id)} ${side} ${sizeText(order)}`
}

function fillText(order: OrderChange['after']): string {
  const instrument = instrumentOf(order.ticker_id)
  const side = order.side === 'BUY' ? m.side_buy() : m.side_sell()
  const quantity = format.quantity(decimal(order.filled_quantity))
  const text = `${format.tickerName(order.ticker_id)} ${side} ${quantity}`
  if (!instrument || order.price === null) return text
  return `${text} · ${format.priced(decimal(order.price), instrument)}`
}
