// Orders as columns for a spreadsheet: what was asked for, and what became of it.

import type { Order } from '@motu/shared/contract/orders.ts'
import { decimal } from '@motu/shared/decimal.ts'
import type { CsvColumn } from '#lib/books/csv.ts'
import { sheetTime } from '#lib/books/sheet-time.ts'
import * as format from '#lib/format.ts'
import * as m from '#lib/paraglide/messages.js'
import { reasonText } from '#lib/reasons.ts'
import { kindText, TIME_TEXTS } from './order-texts.ts'
import { statusText } from './statuses.ts'

/** `zone`: an IANA name, said in the heads of the columns with times. */
export function orderColumns(zone: string): CsvColumn<Order>[] {
  const time = (at: string | null): string | null => at && sheetTime(at, zone)
  return [
    text(m.books_csv_accepted({ zone }), (order) => time(order.accepted_at)),
    text(m.books_csv_ticker(), (order) => order.ticker_id),
    text(m.books_csv_name(), (order) => format.tickerName(order.ticker_id)),
    text(m.books_csv_side(), ({ side }) => (side === 'BUY' ? m.side_buy() : m.side_sell())),
    text(m.type_label(), kindText),
    text(m.filter_status(), (order) => statusText(order, false)),
    text(m.books_csv_reason(), ({ reason }) => reason && reasonText(reason)),
    number(m.quantity(), (order) => (decimal(order.quantity) === 0n ? null : order.quantity)),
    number(m.books_csv_filled(), (order) => order.filled_quantity),
    number(m.books_csv_average(), (order) => order.price),
    number(m.limit_price_short(), (order) => order.limit_price),
    number(m.stop_price_short(), (order) => order.stop_price),
    text(m.books_csv_currency(), (order) => order.currency),
    number(m.cost_rate(), (order) => order.applied_exchange_rate),
    number(m.books_csv_asked_amount(), (order) => order.notional),
    number(m.books_csv_charges(), (order) => order.fee_krw),
    text(m.time_label(), (order) => TIME_TEXTS[order.time_in_force]()),
    text(m.books_csv_filled_at({ zone }), (order) => time(order.filled_at)),
    text(m.books_csv_order(), (order) => order.order_id),
    text(m.books_csv_client_order(), (order) => order.client_order_id),
  ]
}

type Cell = CsvColumn<Order>['of']
const text = (header: string, of: Cell): CsvColumn<Order> => ({ header, kind: 'text', of })
const number = (header: string, of: Cell): CsvColumn<Order> => ({ header, kind: 'number', of })
