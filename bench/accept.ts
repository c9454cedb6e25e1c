// `accept`: orders a second through the real edge on `workerd serve` into RabbitMQ quorum queues with
// confirms, tokens verified, beside a bare worker, in turns. Afterwards the queues are drained and
// counted: every 202 must be there.

import { setTimeout as sleep } from 'node:timers/promises'
import { linesOf } from '@motu/shared/order-message.ts'
import { v5 as uuidv5 } from 'uuid'
import { openQueues } from '../faults/queues.ts'
import { privateRabbitmq } from '../scripts/servers/private.ts'
import type { Benchmark, BenchOptions, BenchStage } from './benchmark.ts'
import { ApiClient } from './load/api-client.ts'
import type { Address } from './load/http-connection.ts'
import { type LoadReport, runLoad } from './load/http-load.ts'
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
  summary: 'orders into RabbitMQ through the edge, beside a bare worker',
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
    const reports = await takeTurns({ edge, hello, tokens }, options, stage)
    const accepted = reports.flatMap(({ orders }) => orders.orderIds)
    progress(`draining the queues of ${accepted.length} orders`)
    const kept = await keptOrderIds(edge, rabbitmq.url)
    return { ...summary(reports), ...loss(accepted, kept), connections: options.connections }
  },
}

type Turn = { hello: LoadReport; orders: LoadReport }
type Sides = { edge: Address; hello: Address; tokens: string[] }

async function takeTurns(sides: Sides, options: BenchOptions, stage: BenchStage): Promise<Turn[]> {
  const turns: Turn[] = []
  for (let index = 0; index <= options.rounds; index += 1) {
    const isWarmUp = index === 0
    const seconds = isWarmUp ? WARM_UP_SECONDS : options.seconds
    const job = { connections: options.connections, seconds, rate: null, keepOrderIds: true }
    const { edge, tokens } = sides
    const hello = await runLoad({ ...job, address: sides.hello, plan: HELLO, keepOrderIds: false })
    const plan = orderPlan(tokens, `${options.seed}-${index}-`)
    const orders = await runLoad({ ...job, address: edge, plan })
    turns.push({ hello, orders })
    const line = `hello ${hello.perSecond}/s, orders ${orders.perSecond}/s`
    stage.progress(`${isWarmUp ? 'warm-up' : `round ${index}`}: ${line}`)
    if (orders.firstFailure) stage.progress(`first failure: ${orders.firstFailure}`)
  }
  return turns
}

const orderPlan = (tokens: string[], prefix: string): RequestPlan => ({
  kind: 'orders',
  tokens,
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
  const ratios = measured.map(({ hello, orders }) => orders.perSecond / hello.perSecond)
  const failed = measured.reduce(
    (sum, { orders }) =>
      sum + Object.values(orders.statuses).reduce((a, b) => a + b, 0) - (orders.statuses[202] ?? 0),
    0,
  )
  return {
    orders_per_s: median(measured.map(({ orders }) => orders.perSecond)),
    hello_per_s: median(measured.map(({ hello }) => hello.perSecond)),
    ratio: round(median(ratios)),
    worst_ratio: round(Math.min(...ratios)),
    p50_ms: median(measured.map(({ orders }) => orders.latency.p50_ms)),
    p99_ms: median(measured.map(({ orders }) => orders.latency.p99_ms)),
    not_accepted: failed,
    generator_cpu_share: round(
      median(measured.map(({ orders }) => orders.cpuSeconds / orders.seconds)),
    ),
  }
}
