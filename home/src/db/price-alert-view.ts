// A price alert's row as its owner sees it: the API lists it so, the watcher tells it so.

import type { AlertCondition, PriceAlert } from '@motu/shared/contract/price-alerts.ts'
import { decimal, formatDecimal } from '@motu/shared/decimal.ts'
import type { Currency } from '@motu/shared/instrument.ts'

export type AlertRow = {
  id: string
  ticker_id: string
  condition: AlertCondition
  price: string
  currency: Currency
  note: string
  created_at: Date
  told_at: Date | null
  told_price: string | null
}

export function viewAlert(row: AlertRow): PriceAlert {
  return {
    alert_id: row.id,
    ticker_id: row.ticker_id,
    condition: row.condition,
    price: formatDecimal(decimal(row.price)),
    currency: row.currency,
    note: row.note,
    created_at: row.created_at.toISOString(),
    told_at: row.told_at?.toISOString() ?? null,
    told_price: row.told_price === null ? null : formatDecimal(decimal(row.told_price)),
  }
}
