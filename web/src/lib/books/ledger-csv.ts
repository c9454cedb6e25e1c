// The two files of an account: its cash ledger and its fills, as columns for a spreadsheet. Amounts
// are written as they are booked, all decimals of them; instants in the viewer's zone.

import type { OwnFill } from '@motu/shared/contract/fills.ts'
import type { LedgerLine } from '@motu/shared/contract/performance.ts'
import * as format from '#lib/format.ts'
import * as m from '#lib/paraglide/messages.js'
import type { CsvColumn } from './csv.ts'
import { kindText } from './ledger-texts.ts'
import { sheetTime } from './sheet-time.ts'

/** `zone`: an IANA name, said in the head of the column. */
export function ledgerColumns(zone: string): CsvColumn<LedgerLine>[] {
  return [
    { header: m.books_csv_time({ zone }), kind: 'text', of: ({ at }) => sheetTime(at, zone) },
    { header: m.books_kind(), kind: 'text', of: ({ kind }) => kindText(kind) },
    { header: m.books_csv_ticker(), kind: 'text', of: ({ ticker_id }) => ticker_id },
    {
      header: m.books_csv_name(),
      kind: 'text',
      of: ({ ticker_id }) => ticker_id && format.tickerName(ticker_id),
    },
    { header: m.quantity(), kind: 'number', of: ({ quantity }) => quantity },
    { header: m.books_price(), kind: 'number', of: ({ price }) => price },
    { header: m.books_csv_currency(), kind: 'text', of: ({ currency }) => currency },
    { header: m.cost_rate(), kind: 'number', of: (line) => line.applied_exchange_rate },
    { header: m.books_csv_amount(), kind: 'number', of: ({ amount_krw }) => amount_krw },
    { header: m.books_csv_fee(), kind: 'number', of: ({ fee_krw }) => fee_krw },
    { header: m.books_csv_tax(), kind: 'number', of: ({ tax_krw }) => tax_krw },
    { header: m.books_csv_balance(), kind: 'number', of: ({ balance_krw }) => balance_krw },
    { header: m.books_csv_order(), kind: 'text', of: ({ order_id }) => order_id },
  ]
}

export function fillColumns(zone: string): CsvColumn<OwnFill>[] {
  return [
    {
      header: m.books_csv_time({ zone }),
      kind: 'text',
      of: (fill) => sheetTime(fill.filled_at, zone),
    },
    {
      header: m.books_csv_side(),
      kind: 'text',
      of: (fill) => (fill.side === 'BUY' ? m.side_buy() : m.side_sell()),
    },
    { header: m.books_csv_ticker(), kind: 'text', of: (fill) => fill.ticker_id },
    {
      header: m.books_csv_name(),
      kind: 'text',
      of: (fill) => format.tickerName(fill.ticker_id),
    },
    { header: m.quantity(), kind: 'number', of: (fill) => fill.quantity },
    { header: m.fill_price(), kind: 'number', of: (fill) => fill.price },
    { header: m.books_csv_currency(), kind: 'text', of: (fill) => fill.currency },
    { header: m.cost_rate(), kind: 'number', of: (fill) => fill.applied_exchange_rate },
    { header: m.books_csv_charges(), kind: 'number', of: (fill) => fill.fee_krw },
    { header: m.books_csv_order(), kind: 'text', of: (fill) => fill.order_id },
    { header: m.books_csv_client_order(), kind: 'text', of: (fill) => fill.client_order_id },
    { header: m.books_csv_fill(), kind: 'text', of: (fill) => fill.fill_id },
  ]
}
