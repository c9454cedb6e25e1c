// The loaded half of `e2e`: orders over HTTP for a while, then what became of each one of them.

import type { PlaceOrder } from '@motu/shared/contract/order-request.ts'
import { decimal, divide, formatDecimal, toStep } from '@motu/shared/decimal.ts'
import { findInstrument, tickOf } from '@motu/shared/instrument.ts'
import type { Quote } from '@motu/shared/market-data.ts'
import { until } from '../../scripts/servers/ports.ts'
import { Journal } from '../../faults/journal.ts'
import { judgeBooks } from '../../faults/oracle.ts'
import { readBooks } from '../../faults/oracle/snapshot.ts'
import { queueDepths } from '../../faults/recovery.ts'
import { type Stack, STARTING_CASH_KRW } from '../../faults/stack.ts'
import type { BenchOptions } from '../benchmark.ts'
import type { Trader } from '../load/api-client.ts'
import { bearer } from '../load/http-connection.ts'
import { type LoadReport, runLoad } from '../load/http-load.ts'
import { round } from '../load/latencies.ts'
import { countOpen, fillTimes } from './fills.ts'

/** Tells the orders of the load from those placed one by one. */
const CLIENT_ID_PREFIX = 'load-'
/** Everything accepted is final within this time after the load. */
const SETTLE_TIMEOUT_MS = 60_000

/** Offers orders for the seconds asked for, waits until all are final, and reports. */
export async function sustained(stack: Stack, traders: readonly Trader[], options: BenchOptions) {
  const load = await runLoad({
    address: stack.api.address,
    plan: {
      kind: 'orders',
      credentials: traders.map(({ token }) => bearer(token)),
      orders: orderMix(await stack.api.quotes()),
      prefix: CLIENT_ID_PREFIX,
    },
    connections: options.connections,
    seconds: options.seconds,
    rate: options.rate === 0 ? null : options.rate,
    keepOrderIds: true,
  })
  const { sql } = stack
  const isDone = async (): Promise<boolean> =>
    (await countOpen(sql, CLIENT_ID_PREFIX, load.orderIds)) === 0
  await until('settling every order', isDone, SETTLE_TIMEOUT_MS)
  return { ...(await outcome(stack, load)), ...(await booksOf(stack)) }
}

/** Buys and sells, mostly at market, of every venue; small, so that a user's cash lasts. */
export function orderMix(quotes: readonly Quote[]): PlaceOrder[] {
  const btc = quotes.find((quote) => quote.ticker_id === 'CRYPTO-COIN-BTC')!
  const above = divide(decimal(btc.price) * 105n, 100n, 'down')
  const tick = tickOf(findInstrument(btc.ticker_id)!, above)
  const market = { type: 'MARKET' } as const
  return [
    { ...market, ticker_id: 'CRYPTO-COIN-ETH', side: 'BUY', quantity: '0.002' },
    { ...market, ticker_id: 'US-STOCK-AAPL', side: 'BUY', quantity: '0.05' },
    { ...market, ticker_id: 'CRYPTO-COIN-ETH', side: 'SELL', quantity: '0.001' },
    { ...market, ticker_id: 'KRX-STOCK-035720', side: 'BUY', quantity: '1' },
    {
      ticker_id: btc.ticker_id,
      side: 'BUY',
      type: 'LIMIT',
      quantity: '0.001',
      limit_price: formatDecimal(toStep(above, tick, 'down')),
    },
  ]
}

async function outcome({ sql }: Stack, load: LoadReport) {
  const final = await sql<{ id: string }[]>`
    SELECT id FROM orders WHERE status NOT IN ('OPEN', 'PARTIALLY_FILLED')`
  const finalIds = new Set(final.map(({ id }) => id))
  const { filled, seconds, p50, p99, max } = await fillTimes(sql, CLIENT_ID_PREFIX)
  return {
    orders_per_s: round(filled / seconds),
    seconds: round(seconds),
    p50_ms: round(p50),
    p99_ms: round(p99),
    max_ms: round(max),
    latency_is: 'accepted_at to the FILLED event of the same order being written',
    accepted: load.orderIds.length,
    accepted_per_s: load.perSecond,
    filled,
    lost: load.orderIds.filter((orderId) => !finalIds.has(orderId)).length,
    statuses: load.statuses,
    answer_p50_ms: load.latency.p50_ms,
    answer_p99_ms: load.latency.p99_ms,
    generator_cpu_share: round(load.cpuSeconds / load.seconds),
  }
}

async function booksOf(stack: Stack) {
  const snapshot = { ...(await readBooks(stack.sql)), waiting: await queueDepths(stack) }
  const startingCashKrw = decimal(STARTING_CASH_KRW)
  const violations = judgeBooks({ journal: new Journal(), snapshot, startingCashKrw })
  const count = (promise: string) => violations.filter((one) => one.promise === promise).length
  return {
    duplicated: count('duplicated'),
    ledger_unbalanced: count('ledger'),
    oracle_violations: violations.length,
    violations: violations.slice(0, 5),
  }
}
