// The quiet half of `e2e`: one order at a time on an idle system, from the market event that decides
// it to FILLED on the client's own socket.

import { setTimeout as sleep } from 'node:timers/promises'
import type { Order } from '@motu/shared/contract/orders.ts'
import type { ServerFrame } from '@motu/shared/contract/stream.ts'
import type { Stack } from '../../faults/stack.ts'
import type { Trader } from '../load/api-client.ts'
import { bearer, HttpConnection } from '../load/http-connection.ts'
import { Latencies } from '../load/latencies.ts'
import { StreamClient } from '../load/stream-client.ts'

const ORDERS = 60
const FILL_TIMEOUT_MS = 10_000
const BODY = { ticker_id: 'CRYPTO-COIN-BTC', side: 'BUY', type: 'MARKET', quantity: '0.001' }

type Heard = { order: Order; atMs: number }

/** Latencies of orders placed one by one. */
export async function quiet(stack: Stack, trader: Trader) {
  const waiting = new Map<string, (heard: Heard) => void>()
  const early = new Map<string, Heard>()
  const onFrame = (frame: ServerFrame): void => {
    if ('op' in frame || frame.channel !== 'orders' || frame.data.status !== 'FILLED') return
    const heard = { order: frame.data, atMs: Date.now() }
    const resolve = waiting.get(frame.data.order_id)
    if (resolve) resolve(heard)
    else early.set(frame.data.order_id, heard)
  }
  const { address } = stack.api
  const socket = await StreamClient.open(address, {
    token: trader.token,
    channels: ['orders'],
    onFrame,
  })
  const filled = (orderId: string): Promise<Heard> =>
    new Promise((resolve, reject) => {
      const known = early.get(orderId)
      if (known) return resolve(known)
      waiting.set(orderId, resolve)
      setTimeout(() => reject(new Error(`${orderId} was not heard of`)), FILL_TIMEOUT_MS).unref()
    })
  const connection = new HttpConnection(address)
  const answered = new Latencies()
  const afterEvent = new Latencies()
  for (let index = 0; index < ORDERS; index += 1) {
    const sentAt = performance.now()
    const { status, body } = await connection.request({
      method: 'POST',
      path: '/api/v1/orders',
      headers: bearer(trader.token),
      body: JSON.stringify({ ...BODY, client_order_id: `quiet-${index}` }),
    })
    if (status !== 202) throw new Error(`a quiet order was not accepted: ${status} ${body}`)
    answered.add(performance.now() - sentAt)
    const { order, atMs } = await filled((JSON.parse(body) as { order_id: string }).order_id)
    // `filled_at` is when home observed the event that decided the order.
    afterEvent.add(atMs - Date.parse(order.filled_at!))
    // Not in step with the feed.
    await sleep((index * 37) % 100)
  }
  socket.close()
  connection.close()
  return {
    quiet_orders: afterEvent.count,
    quiet_p50_ms: afterEvent.percentile(0.5),
    quiet_p99_ms: afterEvent.percentile(0.99),
    quiet_answer_p50_ms: answered.percentile(0.5),
    quiet_answer_p99_ms: answered.percentile(0.99),
  }
}
