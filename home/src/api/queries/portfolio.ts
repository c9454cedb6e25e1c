// A user's cash and positions, valued in won.

import type { Portfolio, PositionView } from '@motu/shared/contract/portfolio.ts'
import { type Decimal, decimal, formatDecimal, multiply, SCALE } from '@motu/shared/decimal.ts'
import type { Currency } from '@motu/shared/instrument.ts'
import type { MarketEvent } from '@motu/shared/market-data.ts'
import { amountOf, money, sumKrw, toKrw } from '@motu/shared/money.ts'
import { partitionOf } from '@motu/shared/partition.ts'
import { USD_KRW } from '@motu/shared/ticker.ts'
import type { Bus } from '../../bus/bus.ts'
import type { Sql } from '../../db/connect.ts'
import type { Log } from '../../log.ts'
import { lastEvents } from './market.ts'

type PositionRow = {
  ticker_id: string
  quantity: string
  held_quantity: string
  average_price: string
  cost_krw: string
  currency: Currency
}
type WalletRow = { balance_krw: string; held_krw: string; realized_pnl_krw: string }

/** The portfolio as of now; null for a user without a wallet. */
export async function readPortfolio(
  { bus, sql, log }: { bus: Bus; sql: Sql; log: Log },
  userId: string,
  nowMs: number,
): Promise<Portfolio | null> {
  const partition = partitionOf(userId)
  // One snapshot for both: a fill between two reads would show money or shares twice.
  const [wallets, rows] = await sql.begin('ISOLATION LEVEL REPEATABLE READ READ ONLY', (tx) => [
    tx<WalletRow[]>`
      SELECT balance_krw, held_krw, realized_pnl_krw FROM wallets
      WHERE partition = ${partition} AND user_id = ${userId}`,
    tx<PositionRow[]>`
      SELECT ticker_id, quantity, held_quantity, average_price, cost_krw, currency FROM portfolios
      WHERE partition = ${partition} AND user_id = ${userId} AND quantity > 0 ORDER BY ticker_id`,
  ])
  const wallet = wallets[0]
  if (!wallet) return null
  const events = await lastEvents({ bus, sql, log }, [...rows.map((row) => row.ticker_id), USD_KRW])
  const positions = rows.map((row) => valued(row, events))
  const worth = positions.map((position, index) =>
    money(decimal(position.value_krw ?? rows[index]!.cost_krw), 'KRW'),
  )
  const balance = decimal(wallet.balance_krw)
  const held = decimal(wallet.held_krw)
  return {
    cash_krw: formatDecimal(balance - held),
    held_krw: formatDecimal(held),
    equity_krw: formatDecimal(amountOf(sumKrw([money(balance, 'KRW'), ...worth]))),
    realized_pnl_krw: formatDecimal(decimal(wallet.realized_pnl_krw)),
    positions,
    as_of: new Date(nowMs).toISOString(),
  }
}

/** A position at the mid; without a price (or a rate for its currency) it has no value of today. */
function valued(row: PositionRow, events: ReadonlyMap<string, MarketEvent>): PositionView {
  const price = midOf(events.get(row.ticker_id))
  const rate = row.currency === 'KRW' ? SCALE : midOf(events.get(USD_KRW))
  const quantity = decimal(row.quantity)
  const isPriced = price !== null && rate !== null
  const value = isPriced
    ? amountOf(toKrw(money(multiply(price, quantity, 'down'), row.currency), rate, 'down'))
    : null
  return {
    ticker_id: row.ticker_id,
    quantity: formatDecimal(quantity),
    held_quantity: formatDecimal(decimal(row.held_quantity)),
    average_price: formatDecimal(decimal(row.average_price)),
    currency: row.currency,
    price: price === null ? null : formatDecimal(price),
    value_krw: value === null ? null : formatDecimal(value),
    unrealized_pnl_krw: value === null ? null : formatDecimal(value - decimal(row.cost_krw)),
  }
}

/** The middle between bid and ask, as positions are valued; null where nothing is known. */
export function midOf(event: MarketEvent | undefined): Decimal | null {
  return event ? (decimal(event.bid) + decimal(event.ask)) / 2n : null
}
