// Messages and what stands in them, by the names an admin knows them by.

import type { TemplateKey } from '@motu/shared/message-template.ts'
import * as m from '#lib/paraglide/messages.js'

export const TEMPLATE_NAMES = {
  whale_trade: m.template_whale_trade,
  liquidation: m.template_liquidation,
  ipo_listed: m.template_ipo_listed,
  dividend_paid: m.template_dividend_paid,
  bailout_processed: m.template_bailout_processed,
  daily_report: m.template_daily_report,
} as const satisfies Record<TemplateKey, () => string>

const PLACEHOLDER_NAMES: Readonly<Record<string, () => string>> = {
  nickname: m.template_value_nickname,
  ticker: m.template_value_ticker,
  side: m.template_value_side,
  price: m.template_value_price,
  quantity: m.template_value_quantity,
  notional: m.template_value_notional,
  equity: m.template_value_equity,
  liability: m.template_value_liability,
  symbol: m.template_value_symbol,
  dividend_rate: m.template_value_dividend_rate,
  dividend_rate_pct: m.template_value_dividend_rate_pct,
  payer_nickname: m.template_value_payer,
  total_dividend: m.template_value_total_dividend,
  gainer_nickname: m.template_value_gainer,
  gainer_pnl: m.template_value_gainer_pnl,
  loser_nickname: m.template_value_loser,
  loser_pnl: m.template_value_loser_pnl,
  volume_king_nickname: m.template_value_volume_king,
  trade_count: m.template_value_trade_count,
}

/** What a placeholder stands for; one that home learned since by its own name. */
export function placeholderName(name: string): string {
  return PLACEHOLDER_NAMES[name]?.() ?? name
}
