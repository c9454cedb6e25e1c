// Two notifiers, of which one leads, against a service that is limited, slow, failing and forgetful;
// the one who leads is killed again and again while it sends, and the other one goes on.

import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Cleanup } from '../../bench/cleanup.ts'
import { connect, type Sql } from '../../home/src/db/connect.ts'
import { addVersion } from '../../home/src/db/message-templates.ts'
import { type Behaviour, MessageServer } from '../../home/test/notifier/message-server.ts'
import { until } from '../../home/test/until.ts'
import { freePort } from '../../scripts/servers/ports.ts'
import { createTestDatabase } from '../../scripts/servers/test-database.ts'
import { HomeProcess } from '../home-process.ts'
import { type Random, seededRandom } from '../random.ts'
import { openAccounts, THRESHOLD_KRW, trade } from './trades.ts'
import { isKept, judge, type Verdict } from './verdict.ts'

const WEBHOOK = '/api/webhooks/1/kill-run'
/** Discord's five for two seconds, times a hundred. */
const LIMIT = { messages: 500, windowMs: 2_000 }
const MISSED_SHARE = 0.1
const LEADS = '"msg":"notifier leads"'
const TAKEOVER_DEADLINE_MS = 30_000
const BETWEEN_TRADES_MS = 100

/** Of a hundred thousand messages so many meet each fault. */
const FAULTS: readonly (readonly [Behaviour, number])[] = [
  ...([['limited', 1_000] as const, ['malformed', 1_000] as const] as const),
  ...([['slow', 300] as const, ['error', 200] as const, ['dropped', 200] as const] as const),
]

export type KillNotifierOptions = {
  readonly postgresUrl: string
  readonly redisUrl: string
  readonly seed: number
  readonly events: number
  readonly kills: number
  readonly progress: (text: string) => void
}

/** What a run came to. */
export type KillNotifierReport = Verdict & {
  readonly fault: 'notifier'
  readonly seed: number
  readonly events: number
  readonly kills: number
  /** Answers that the service did not give though it had taken the message. */
  readonly dropped: number
  readonly limited: number
  readonly summaries: number
  readonly passed: boolean
}

/** Runs it, on a database of its own. */
export async function runKillNotifier(
  options: KillNotifierOptions,
  cleanup: Cleanup,
): Promise<KillNotifierReport> {
  const { seed, events, kills, progress } = options
  const random = seededRandom(seed)
  const database = await createTestDatabase(options.postgresUrl, 'notifier')
  cleanup.add(() => database.drop())
  const sql = connect(database.url, { max: 4, name: 'motu-kill-notifier' })
  cleanup.add(() => sql.end({ timeout: 5 }))
  await sql.begin((tx) => writeTemplate(tx))
  const server = new MessageServer()
  server.limit = LIMIT
  const origin = await server.start()
  cleanup.add(() => server.stop())
  const pair = await Pair.start({ ...options, databaseUrl: database.url, origin }, cleanup)
  // It begins with what happens after its first look.
  await until(async () => (await sql`SELECT 1 FROM outbox_cursors`).length === 8, 20_000)
  const killer = new Killer(server, pair, { random, calls: events, kills })
  const missed = Math.floor(events * MISSED_SHARE)
  const trades = await openAccounts(sql, { whales: events - missed, missed })
  const told = Array.from({ length: events }, (_, number) => THRESHOLD_KRW + number)
  const traded = trade(sql, trades, { random, rest: () => sleep(BETWEEN_TRADES_MS) })
  const deadline = Date.now() + 60_000 + events * 150
  for (;;) {
    const { rows, open } = await standing(sql)
    progress(`${rows} of ${events} found, ${open} to be sent, ${killer.done} kills`)
    if (rows === events && open === 0) break
    if (Date.now() > deadline) break
    await sleep(1_000)
  }
  await traded
  await killer.end()
  await pair.stop()
  const deliveries = await readDeliveries(sql)
  const verdict = judge(told, server.arrived, deliveries)
  const counts = { events, kills: killer.done, dropped: killer.dropped, limited: server.limited }
  const isKilledEnough = killer.done >= kills
  return {
    ...{ fault: 'notifier', seed, ...counts, ...verdict },
    summaries: deliveries.filter(({ notionals }) => notionals.length > 1).length,
    passed: isKilledEnough && isKept(verdict, killer.done + killer.dropped),
  }
}

/** Short, so that a line of a summary has room for it. */
async function writeTemplate(tx: Parameters<typeof addVersion>[0]): Promise<void> {
  const content = '{notional:,} KRW {nickname}'
  const change = {
    key: 'whale_trade',
    content,
    changedBy: randomUUID(),
    nowMs: Date.now(),
  } as const
  await addVersion(tx, change)
}

async function standing(sql: Sql): Promise<{ rows: number; open: number }> {
  const [row] = await sql<{ rows: number; open: number }[]>`
    SELECT (SELECT count(*)::int FROM notifications WHERE routed_at IS NOT NULL) AS rows,
      (SELECT count(*)::int FROM deliveries WHERE state IN ('queued', 'sending')) AS open`
  return row!
}

async function readDeliveries(sql: Sql) {
  const rows = await sql<{ notionals: string[]; may_repeat: boolean; state: string }[]>`
    SELECT array_agg(trunc((n.values->>'notional')::numeric)::text ORDER BY n.id) AS notionals,
      d.may_repeat, d.state
    FROM deliveries d JOIN delivery_notifications l ON l.delivery_id = d.id
    JOIN notifications n USING (event_id) GROUP BY d.id ORDER BY d.id`
  return rows.map(({ notionals, may_repeat: mayRepeat, state }) => ({
    ...{ notionals: notionals.map(Number), mayRepeat, state },
  }))
}

/** The two processes: one leads, the other waits. */
class Pair {
  #leader: HomeProcess
  #other: HomeProcess

  private constructor(leader: HomeProcess, other: HomeProcess) {
    this.#leader = leader
    this.#other = other
  }

  static async start(
    options: KillNotifierOptions & { databaseUrl: string; origin: string },
    cleanup: Cleanup,
  ): Promise<Pair> {
    const dir = mkdtempSync(join(tmpdir(), 'motu-notifier-'))
    cleanup.add(() => rmSync(dir, { recursive: true, force: true }))
    const environment = {
      ...{ postgresUrl: options.databaseUrl, redisUrl: options.redisUrl, amqpUrl: '' },
      ...{ redisPrefix: `${randomUUID()}:`, queuePrefix: '', internalSecret: 'a-secret-of-a-test' },
      ...{ apiPort: await freePort(), dir, tickMs: 500, startingCashKrw: '100000000', engines: 1 },
      ...{ upbitUrl: null, plantedBug: null },
      notifier: {
        DISCORD_ALERTS_WEBHOOK_URL: options.origin + WEBHOOK,
        WHALE_ALERT_THRESHOLD_KRW: String(THRESHOLD_KRW),
        WHALE_ALERT_COOL_DOWN_SECONDS: '0',
      },
    }
    const [first, second] = ['notifier-a', 'notifier-b'].map((name) => {
      const home = new HomeProcess(name, 'notifier', environment)
      cleanup.add(() => home.stop())
      return home
    })
    await first!.start()
    await until(() => leads(first!) === 1, TAKEOVER_DEADLINE_MS)
    await second!.start()
    return new Pair(first!, second!)
  }

  /** Kills the one who leads; resolves when the other one leads and the killed one waits again. */
  async takeOver(): Promise<void> {
    const [killed, next] = [this.#leader, this.#other]
    const before = leads(next)
    killed.kill('SIGKILL')
    await until(() => leads(next) > before, TAKEOVER_DEADLINE_MS)
    await until(() => !killed.isRunning, TAKEOVER_DEADLINE_MS)
    await killed.start()
    this.#leader = next
    this.#other = killed
  }

  async stop(): Promise<void> {
    await Promise.all([this.#leader.stop(), this.#other.stop()])
  }
}

const leads = (home: HomeProcess): number => home.log().split(LEADS).length - 1

/** Decides what becomes of each message, and when somebody dies: always while one is on its way. */
class Killer {
  done = 0
  dropped = 0
  #underWay: Promise<void> | null = null
  #error: unknown = null

  constructor(
    server: MessageServer,
    pair: Pair,
    plan: { random: Random; calls: number; kills: number },
  ) {
    const { random, calls, kills } = plan
    // Before what was missed is told at the end, in few messages.
    const between = Math.floor((calls * (1 - MISSED_SHARE)) / (kills + 1))
    let next = 1 + random.below(between)
    server.behave = (number) => {
      if (number >= next && this.#underWay === null && this.done < kills) {
        next = (this.done + 1) * between + random.below(between)
        this.done += 1
        this.#underWay = this.#kill(pair, random.chance(0.5) ? 0 : random.below(20))
      }
      const behaviour = behaviourOf(random)
      if (behaviour === 'dropped') this.dropped += 1
      return behaviour
    }
  }

  /** Waits until nobody is being killed. */
  async end(): Promise<void> {
    await this.#underWay
    if (this.#error) throw this.#error as Error
  }

  async #kill(pair: Pair, afterMs: number): Promise<void> {
    if (afterMs > 0) await sleep(afterMs)
    try {
      await pair.takeOver()
      this.#underWay = null
    } catch (error) {
      this.#error = error
    }
  }
}

function behaviourOf(random: Random): Behaviour {
  let dice = random.below(100_000)
  for (const [behaviour, share] of FAULTS) {
    if (dice < share) return behaviour
    dice -= share
  }
  return 'ok'
}
