// `accept`: orders a second through the real edge on `workerd serve` into RabbitMQ quorum queues with
// confirms, with access tokens and with API keys, beside a bare worker, in turns. Afterwards the queues
// are drained and counted: every 202 must be there.

import { setTimeout as sleep } from 'node:timers/promises'
import { linesOf } from '@motu/shared/order-message.ts'
import { v5 as uuidv5 } from 'uuid'
import { openQueues } from '../faults/queues.ts'
import { privateRabbitmq } from '../scripts/servers/private.ts'
import type { Benchmark, BenchOptions, BenchStage } from './benchmark.ts'
import { ApiClient } from './load/api-client.ts'
import { type Address, apiKey, bearer } from './load/http-connection.ts'
import { countOthers, type LoadReport, runLoad } from './load/http-load.ts'
import { median, round } from './load/latencies.ts'
import type { RequestPlan } from './load/requests.ts'
import { StandInHome } from './stand-in-home.ts'
import { startEdge, startHello } from './workers.ts'

const USERS = 512
const NAMESPACE = '6ba7b812-9dad-11d1-80b4-00c04fd430c8'
const HELLO: RequestPlan = { kind: 'get', path: '/' }
/** The outboxes are empty soon after the load ends, or something is wrong. */
const DRAIN_TIMEOUT_MS = 30_000
const WARM_UP_SECONDS = 2

export const accept: Benchmark = {
  name: 'accept',
  summary: 'orders into RabbitMQ through the edge, by token and by key, beside a bare worker',
  defaults: {},
  async run(options, stage) {
    const { cleanup, progress } = stage
    progress('starting RabbitMQ, the edge and the bare worker')
    const rabbitmq = await privateRabbitmq()
    cleanup.add(() => rabbitmq.stop())
    const home = await StandInHome.start()
    cleanup.add(() => home.stop())
    const edge = await startEdge(cleanup, {
      homeUrl: home.url,
      amqpUrl: rabbitmq.url,
      queuePrefix: '',
    })
    const hello = await startHello(cleanup)
    const userIds = Array.from({ length: USERS }, (_, index) => uuidv5(`user ${index}`, NAMESPACE))
    const tokens = await Promise.all(userIds.map((userId) => home.signToken(userId)))
    const byToken = tokens.map(bearer)
    const byKey = userIds.map((userId) => apiKey(home.giveApiKey(userId).text))
    const reports = await takeTurns({ edge, hello, byToken, byKey }, options, stage)
    const accepted = reports.flatMap(({ orders, keyOrders }) => [
      ...orders.orderIds,
      ...keyOrders.orderIds,
    ])
    progress(`draining the queues of ${accepted.length} orders`)
    const kept = await keptOrderIds(edge, rabbitmq.url)
    return { ...summary(reports), ...loss(accepted, kept), connections: options.connections }
  },
}

type Turn = { hello: LoadReport; orders: LoadReport; keyOrders: LoadReport }
type Sides = { edge: Address; hello: Address; byToken: string[]; byKey: string[] }

async function takeTurns(sides: Sides, options: BenchOptions, stage: BenchStage): Promise<Turn[]> {
  const turns: Turn[] = []
  for (let index = 0; index <= options.rounds; index += 1) {
    const isWarmUp = index === 0
    const seconds = isWarmUp ? WARM_UP_SECONDS : options.seconds
    const job = { connections: options.connections, seconds, rate: null, keepOrderIds: true }
    const { edge, byToken, byKey } = sides
    const prefix = `${options.seed}-${index}-`
    const hello = await runLoad({ ...job, address: sides.hello, plan: HELLO, keepOrderIds: false })
    const place = (plan: RequestPlan) => runLoad({ ...job, address: edge, plan })
    const orders = await place(orderPlan(byToken, prefix))
    const keyOrders = await place(orderPlan(byKey, `${prefix}k-`))
    turns.push({ hello, orders, keyOrders })
    const line = `hello ${hello.perSecond}/s, orders ${orders.perSecond}/s by token`
    const round = isWarmUp ? 'warm-up' : `round ${index}`
    stage.progress(`${round}: ${line}, ${keyOrders.perSecond}/s by key`)
    const failure = orders.firstFailure ?? keyOrders.firstFailure
    if (failure) stage.progress(`first failure: ${failure}`)
  }
  return turns
}

const orderPlan = (credentials: string[], prefix: string): RequestPlan => ({
  kind: 'orders',
  credentials,
  prefix,
  orders: [
    { ticker_id: 'CRYPTO-COIN-BTC', side: 'BUY', type: 'MARKET', quantity: '0.01' },
    {
      ticker_id: 'KRX-STOCK-005930',
      side: 'SELL',
      type: 'LIMIT',
      quantity: '3',
      limit_price: '51000',
    },
  ],
})

/** Waits until the edge holds nothing back, then takes everything out of the queues. */
async function keptOrderIds(edge: Address, amqpUrl: string): Promise<string[]> {
  const api = new ApiClient(edge)
  const deadline = Date.now() + DRAIN_TIMEOUT_MS
  while ((await api.status()).held_orders > 0 && Date.now() < deadline) await sleep(200)
  const queues = await openQueues(amqpUrl, '')
  const bodies = await queues.drain()
  await queues.close()
  const messages = bodies.flatMap(linesOf)
  return messages.map((text) => (JSON.parse(text) as { order_id: string }).order_id)
}

function loss(accepted: readonly string[], kept: readonly string[]) {
  const found = new Set(kept)
  const lost = accepted.filter((orderId) => !found.has(orderId))
  return {
    accepted: accepted.length,
    found: found.size,
    lost: lost.length,
    published_twice: kept.length - found.size,
  }
}

function summary(turns: readonly Turn[]) {
  const measured = turns.slice(1)
  const ratiosOf = (which: 'orders' | 'keyOrders') =>
    measured.map((turn) => turn[which].perSecond / turn.hello.perSecond)
  const middle = (value: (turn: Turn) => number) => round(median(measured.map(value)))
  return {
    orders_per_s: middle(({ orders }) => orders.perSecond),
    key_orders_per_s: middle(({ keyOrders }) => keyOrders.perSecond),
    hello_per_s: middle(({ hello }) => hello.perSecond),
    ratio: round(median(ratiosOf('orders'))),
    worst_ratio: round(Math.min(...ratiosOf('orders'))),
    key_ratio: round(median(ratiosOf('keyOrders'))),
    worst_key_ratio: round(Math.min(...ratiosOf('keyOrders'))),
    p50_ms: middle(({ orders }) => orders.latency.p50_ms),
    p99_ms: middle(({ orders }) => orders.latency.p99_ms),
    key_p50_ms: middle(({ keyOrders }) => keyOrders.latency.p50_ms),
    key_p99_ms: middle(({ keyOrders }) => keyOrders.latency.p99_ms),
    not_accepted: measured.reduce(
      (sum, { orders, keyOrders }) => sum + countOthers(orders, 202) + countOthers(keyOrders, 202),
      0,
    ),
    generator_cpu_share: middle(({ orders }) => orders.cpuSeconds / orders.seconds),
  }
}
