// What became of everyone's orders and money in one run, read from the database, and where two runs
// differ.

import { decimal, formatDecimal } from '@motu/shared/decimal.ts'
import type { Sql } from '../../home/src/db/connect.ts'

export type OrderOutcome = {
  id: string
  userId: string
  tickerId: string
  side: 'BUY' | 'SELL'
  type: string
  leg: string | null
  timeInForce: string
  status: string
  reason: string | null
  limitPrice: bigint | null
  acceptedAt: number
  triggeredAt: number | null
  expiresAt: number | null
  cancelRequestedAt: number | null
  cancelResult: string | null
  settledLate: boolean
  fills: { price: bigint; at: number }[]
  /** Everything that must be the same, as text. */
  all: string
}

export type Outcome = {
  orders: ReadonlyMap<string, OrderOutcome>
  /** Wallets and positions by their owner (and ticker), as text. */
  money: ReadonlyMap<string, string>
  /** Users whose holds are not those of their open orders. */
  wrongHolds: string[]
}

type OrderRow = Record<string, string | null> & {
  accepted_at: Date
  triggered_at: Date | null
  expires_at: Date | null
  cancel_requested_at: Date | null
  settled_late: boolean
}

const numbers = (...texts: (string | null | undefined)[]): string =>
  texts
    .map((text) => (text === null || text === undefined ? '-' : formatDecimal(decimal(text))))
    .join(' ')

export async function readOutcome(sql: Sql): Promise<Outcome> {
  const fills = Map.groupBy(
    await sql<(Record<string, string> & { filled_at: Date })[]>`
      SELECT order_id, quantity, price, applied_exchange_rate, notional_krw, fee_krw, filled_at
      FROM fills ORDER BY order_id, fill_no`,
    (row) => row.order_id!,
  )
  const rows = await sql<OrderRow[]>`SELECT * FROM orders ORDER BY accepted_at, id`
  const orders = new Map(
    rows.map((row): [string, OrderOutcome] => {
      const mine = fills.get(row.id!) ?? []
      const figures = mine.map((fill) =>
        numbers(
          fill.quantity,
          fill.price,
          fill.applied_exchange_rate,
          fill.notional_krw,
          fill.fee_krw,
        ).concat(` ${fill.filled_at.toISOString()}`),
      )
      const words = [row.status, row.reason, row.cancel_result, row.replaced_by]
      const sums = numbers(
        row.requested_quantity,
        row.price,
        row.fee_krw,
        row.hold_krw,
        row.hold_quantity,
      )
      return [
        row.id!,
        {
          ...{ id: row.id!, userId: row.user_id!, tickerId: row.ticker_id!, type: row.type! },
          ...{
            leg: row.leg ?? null,
            side: row.side as 'BUY' | 'SELL',
            timeInForce: row.time_in_force!,
          },
          ...{
            status: row.status!,
            reason: row.reason ?? null,
            cancelResult: row.cancel_result ?? null,
          },
          limitPrice: (row.limit_price ?? null) === null ? null : decimal(row.limit_price!),
          acceptedAt: row.accepted_at.getTime(),
          triggeredAt: row.triggered_at?.getTime() ?? null,
          expiresAt: row.expires_at?.getTime() ?? null,
          cancelRequestedAt: row.cancel_requested_at?.getTime() ?? null,
          settledLate: row.settled_late,
          fills: mine.map((fill) => ({
            price: decimal(fill.price!),
            at: fill.filled_at.getTime(),
          })),
          all: [...words.map((word) => word ?? '-'), sums, ...figures].join(' | '),
        },
      ]
    }),
  )
  return { orders, money: await readMoney(sql), wrongHolds: await readWrongHolds(sql) }
}

async function readMoney(sql: Sql): Promise<Map<string, string>> {
  const wallets = await sql<Record<string, string>[]>`
    SELECT user_id, balance_krw, held_krw, realized_pnl_krw FROM wallets`
  const positions = await sql<Record<string, string>[]>`
    SELECT user_id, ticker_id, quantity, held_quantity, average_price, cost_native, cost_krw,
      realized_price_krw, realized_fx_krw FROM portfolios`
  return new Map([
    ...wallets.map(({ user_id: userId, ...row }): [string, string] => [
      userId!,
      numbers(row.balance_krw, row.held_krw, row.realized_pnl_krw),
    ]),
    ...positions.map(({ user_id: userId, ticker_id: tickerId, ...row }): [string, string] => [
      `${userId} ${tickerId}`,
      numbers(...Object.values(row)),
    ]),
  ])
}

async function readWrongHolds(sql: Sql): Promise<string[]> {
  const rows = await sql<{ user_id: string }[]>`
    SELECT w.user_id FROM wallets w LEFT JOIN orders o USING (user_id)
    GROUP BY w.user_id, w.held_krw HAVING w.held_krw <> coalesce(sum(o.hold_krw), 0)
    UNION SELECT p.user_id FROM portfolios p LEFT JOIN orders o USING (user_id, ticker_id)
    GROUP BY p.user_id, p.ticker_id, p.held_quantity
    HAVING p.held_quantity <> coalesce(sum(o.hold_quantity), 0)`
  return rows.map((row) => row.user_id)
}

export type Difference = { what: string; there: string; dark: string }

/** Orders, wallets and positions that are not the same in two runs. */
export function differences(there: Outcome, dark: Outcome): Difference[] {
  const found: Difference[] = []
  const compare = (what: string, one: string | undefined, other: string | undefined): void => {
    if (one !== other) found.push({ what, there: one ?? 'none', dark: other ?? 'none' })
  }
  for (const id of new Set([...there.orders.keys(), ...dark.orders.keys()])) {
    const [one, other] = [there.orders.get(id), dark.orders.get(id)]
    const { tickerId, side, type, timeInForce } = (one ?? other)!
    compare(`${id} ${tickerId} ${side} ${type} ${timeInForce}`, one?.all, other?.all)
  }
  for (const key of new Set([...there.money.keys(), ...dark.money.keys()])) {
    compare(key, there.money.get(key), dark.money.get(key))
  }
  return found
}
