// `settle`: the engine's real code from message to committed fill, with every rule, hold, ledger leg
// and outbox row, beside pgbench's TPC-B on the same server, in turns. The market moves while the
// queue is drained, ten events a second for each instrument: an order that finds its event known is
// stored and filled in one transaction, any other in two. `one_step` is the first kind alone, as
// after an outage; `two_step` the second alone, as on a quiet day: all stored, then all filled.

import { decimal } from '@motu/shared/decimal.ts'
import { INSTRUMENTS, type Venue, VENUES } from '@motu/shared/instrument.ts'
import { partitionOf } from '@motu/shared/partition.ts'
import { USD_KRW } from '@motu/shared/ticker.ts'
import { VenueCalendar } from '@motu/shared/venues/calendar.ts'
import { setTimeout as sleep } from 'node:timers/promises'
import { Journal } from '../faults/journal.ts'
import { judge, type Verdict } from '../faults/oracle.ts'
import { readBooks } from '../faults/oracle/snapshot.ts'
import { seededRandom } from '../faults/random.ts'
import { connect, type Sql } from '../home/src/db/connect.ts'
import { migrate } from '../home/src/db/migrate.ts'
import { Engine } from '../home/src/engine/engine.ts'
import { PROFILES } from '../home/src/engine/fill-profile.ts'
import { createLog } from '../home/src/log.ts'
import { privatePostgres } from '../scripts/servers/private.ts'
import type { Benchmark, BenchStage } from './benchmark.ts'
import { median, round } from './load/latencies.ts'
import { pgbenchTps, preparePgbench } from './pgbench.ts'
import { openAccounts } from './settle/accounts.ts'
import { MemoryBus, MemoryQueue, type QueuedMessage } from './settle/memory-parts.ts'
import { marketEvents, messageOf, type PlannedTrade, TradePlanner } from './settle/orders.ts'

const ALWAYS_OPEN: ReadonlyMap<Venue, VenueCalendar> = new Map(
  VENUES.map((venue) => [venue, new VenueCalendar(venue, [], { alwaysOpen: true })]),
)
const USERS = 2_000
const CASH_KRW = '1000000000'
const WARM_UP_ORDERS = 5_000
const POLL_MS = 2
const MARKET_INTERVAL_MS = 100
const DATABASE = 'motu_bench_settle'

export const settle: Benchmark = {
  name: 'settle',
  summary: 'messages to committed fills, beside pgbench TPC-B on the same Postgres',
  defaults: {},
  async run({ orders, rounds, seconds, seed }, stage) {
    const { progress } = stage
    progress('starting Postgres, filling pgbench')
    const url = await startDatabases(stage)
    const rig = await Rig.start(url.engine, seed, stage)
    await rig.twoStep(WARM_UP_ORDERS)
    await rig.oneStep(WARM_UP_ORDERS)
    const results: { pgbench: number; moving: number; oneStep: number; twoStep: number }[] = []
    for (let index = 1; index <= rounds; index += 1) {
      const pgbench = await pgbenchTps(url.pgbench, seconds)
      const moving = await rig.moving(orders)
      const twoStep = await rig.twoStep(orders)
      const oneStep = await rig.oneStep(orders)
      results.push({ pgbench, moving, oneStep, twoStep })
      progress(
        `round ${index}: pgbench ${pgbench.toFixed(0)} tps, moving market ${moving.toFixed(0)}, ` +
          `one step ${oneStep.toFixed(0)}, two steps ${twoStep.toFixed(0)} orders/s`,
      )
    }
    const verdict = await rig.verdict()
    const ratiosOf = (key: 'moving' | 'oneStep' | 'twoStep'): number[] =>
      results.map((one) => one[key] / one.pgbench)
    return {
      orders_per_s: round(median(results.map((one) => one.moving))),
      pgbench_tps: round(median(results.map((one) => one.pgbench))),
      ratio: round(median(ratiosOf('moving'))),
      worst_ratio: round(Math.min(...ratiosOf('moving'))),
      one_step_orders_per_s: round(median(results.map((one) => one.oneStep))),
      one_step_ratio: round(median(ratiosOf('oneStep'))),
      two_step_orders_per_s: round(median(results.map((one) => one.twoStep))),
      two_step_ratio: round(median(ratiosOf('twoStep'))),
      orders: verdict.accepted,
      filled: verdict.filled,
      lost: verdict.lost,
      duplicated: verdict.duplicated,
      ledger_unbalanced: verdict.ledgerUnbalanced,
      oracle_violations: verdict.violations.length,
      oracle_passed: verdict.violations.length === 0 && verdict.filled === verdict.accepted,
      violations: verdict.violations.slice(0, 5),
    }
  },
}

async function startDatabases(stage: BenchStage): Promise<{ engine: string; pgbench: string }> {
  const server = await privatePostgres()
  stage.cleanup.add(() => server.stop())
  const admin = connect(server.url, { max: 1 })
  await admin`CREATE DATABASE ${admin(DATABASE)}`
  await admin.end()
  const engine = new URL(server.url)
  engine.pathname = `/${DATABASE}`
  await migrate(engine.href)
  await preparePgbench(server.url)
  return { engine: engine.href, pgbench: server.url }
}

/** The engine with a queue and a bus in memory, and a journal of what it was given. */
class Rig {
  readonly #sql: Sql
  readonly #engine: Engine
  readonly #queue: MemoryQueue
  readonly #bus: MemoryBus
  readonly #planner: TradePlanner
  readonly #journal = new Journal()
  #eventSeq = 0

  private constructor(parts: {
    sql: Sql
    engine: Engine
    queue: MemoryQueue
    bus: MemoryBus
    planner: TradePlanner
  }) {
    this.#sql = parts.sql
    this.#engine = parts.engine
    this.#queue = parts.queue
    this.#bus = parts.bus
    this.#planner = parts.planner
  }

  static async start(url: string, seed: number, stage: BenchStage): Promise<Rig> {
    // As home connects its engine.
    const engineSql = connect(url, { max: 6, name: 'motu-engine', keyedOnly: true })
    stage.cleanup.add(() => engineSql.end())
    const sql = connect(url, { max: 1, name: 'motu-bench' })
    stage.cleanup.add(() => sql.end())
    const queue = new MemoryQueue()
    const bus = new MemoryBus()
    const engine = new Engine({
      postgresUrl: url,
      sql: engineSql,
      queue,
      bus,
      log: createLog('error', 'bench'),
      now: Date.now,
      processId: 'bench',
      // The market moves at any hour of the bench.
      calendar: (venue) => ALWAYS_OPEN.get(venue)!,
      profile: PROFILES.standard,
      tickerIds: [...INSTRUMENTS.map(({ tickerId }) => tickerId), USD_KRW],
    })
    const userIds = await openAccounts(sql, USERS, CASH_KRW)
    await engine.start()
    stage.cleanup.add(() => engine.stop())
    while (!queue.isConsumed) await sleep(POLL_MS)
    const planner = new TradePlanner(seededRandom(seed), userIds)
    return new Rig({ sql, engine, queue, bus, planner })
  }

  /** Orders a second while the market moves. */
  async moving(count: number): Promise<number> {
    const messages = this.#messages(count, Date.now())
    const startedAt = performance.now()
    const market = setInterval(() => this.#tick(), MARKET_INTERVAL_MS)
    await this.#queue.run(messages)
    while (this.#engine.state.waiting > 0) await sleep(POLL_MS)
    clearInterval(market)
    return count / ((performance.now() - startedAt) / 1_000)
  }

  /** Orders a second when the deciding events come after the orders have been stored. */
  async twoStep(count: number): Promise<number> {
    const messages = this.#messages(count, Date.now())
    const startedAt = performance.now()
    await this.#queue.run(messages)
    this.#tick()
    while (this.#engine.state.waiting > 0) await sleep(POLL_MS)
    return count / ((performance.now() - startedAt) / 1_000)
  }

  /** Orders a second when the deciding events are known before the orders arrive. */
  async oneStep(count: number): Promise<number> {
    const messages = this.#messages(count, Date.now())
    await sleep(POLL_MS)
    this.#tick()
    const startedAt = performance.now()
    await this.#queue.run(messages)
    return count / ((performance.now() - startedAt) / 1_000)
  }

  /** The oracle's word on everything that was settled. */
  async verdict(): Promise<Verdict> {
    const waiting = [{ where: 'parked', count: this.#queue.parked.length }]
    const snapshot = { ...(await readBooks(this.#sql)), waiting }
    const journal = this.#journal
    return judge({ journal, snapshot, startingCashKrw: decimal(CASH_KRW) })
  }

  /** One event per ticker, observed now. */
  #tick(): void {
    this.#eventSeq += 1
    this.#bus.bring(marketEvents(this.#eventSeq, new Date().toISOString()))
  }

  #messages(count: number, acceptedAtMs: number): QueuedMessage[] {
    const acceptedAt = new Date(acceptedAtMs).toISOString()
    return this.#planner.plan(count).map((trade) => this.#message(trade, acceptedAt))
  }

  #message(trade: PlannedTrade, acceptedAt: string): QueuedMessage {
    const message = messageOf(trade, acceptedAt)
    const { order_id: orderId, user_id: userId } = message
    this.#journal.add({
      kind: 'place',
      userId,
      orderId,
      order: trade.order,
      session: { sid: message.sid, exp: message.exp },
      sentAtMs: Date.parse(acceptedAt),
      outcome: { kind: 'accepted', acceptedAt, orderId },
    })
    return { partition: partitionOf(userId), text: JSON.stringify(message) }
  }
}
