// `doors`: orders while strangers try passwords, through the real edge with its usual limits to a real
// home. A round is quiet first; then a flood goes to a bare worker, which shows what generator and
// machine do to the orders; then the same flood goes to the doors. In the end API keys are guessed.

import { until } from '../scripts/servers/ports.ts'
import { startServers } from '../faults/servers.ts'
import { type Stack, startStack } from '../faults/stack.ts'
import type { Benchmark, BenchOptions, BenchStage } from './benchmark.ts'
import { guessKeys } from './doors/key-guesses.ts'
import { type DoorsSides, type PhaseReport, runPhase } from './doors/phase.ts'
import { countOpen, fillTimes } from './e2e/fills.ts'
import { orderMix } from './e2e/sustained.ts'
import { countAll, countOthers } from './load/http-load.ts'
import { median, round } from './load/latencies.ts'
import { processUse } from './load/process-use.ts'
import { startHello } from './workers.ts'

/** Few enough to sign in one after another: the edge lets only so many passwords through. */
const TRADERS = 13
const VICTIMS = 3
const WARM_UP_SECONDS = 5
const TICK_MS = 500
const SETTLE_TIMEOUT_MS = 60_000
const PREFIX = 'doors-'

export const doors: Benchmark = {
  name: 'doors',
  summary: 'orders during a flood of wrong sign-ins; guessed API keys',
  defaults: { seconds: 30, rate: 100 },
  async run(options, stage) {
    const { cleanup, progress } = stage
    progress('starting Postgres, Redis, RabbitMQ, edge, home and the bare worker')
    const servers = await startServers()
    cleanup.add(() => servers.stop())
    const layout = { engines: 1, tickMs: TICK_MS, hasLimits: true }
    const stack = await startStack(servers, layout, cleanup)
    const hello = await startHello(cleanup)
    const clientOf = (index: number) => `203.0.113.${index + 1}`
    const everyone = await stack.api.registerMany(VICTIMS + TRADERS, 'doors', clientOf)
    const sides: DoorsSides = {
      ...{ stack, hello, victims: everyone.slice(0, VICTIMS), traders: everyone.slice(VICTIMS) },
      victimClient: clientOf(0),
      orders: orderMix(await stack.api.quotes()),
    }
    const turns = await takeTurns(sides, options, stage)
    const orders = await outcome(stack, turns)
    progress('guessing API keys')
    return { ...summary(turns), ...orders, ...(await guessKeys(cleanup, options)) }
  },
}

type Turn = Record<'quiet' | 'control' | 'flood', PhaseReport> & Record<'edgeMb' | 'homeMb', number>

async function takeTurns(
  sides: DoorsSides,
  options: BenchOptions,
  { progress }: BenchStage,
): Promise<Turn[]> {
  const turns: Turn[] = []
  const { edge, front } = sides.stack
  const warmUp = { seconds: WARM_UP_SECONDS, flood: 'none', firstAddress: 0 } as const
  await runPhase(sides, { ...warmUp, prefix: 'warm-up-' }, options)
  for (let index = 1; index <= options.rounds; index += 1) {
    const firstAddress = index * options.seconds * 1_000
    const of = (name: string) => ({ firstAddress, prefix: `${PREFIX}${index}-${name}-` })
    const seconds = Math.ceil(options.seconds / 2)
    const quiet = await runPhase(sides, { ...of('quiet'), seconds, flood: 'none' }, options)
    const toWorker = { ...of('control'), seconds, flood: 'bare worker' } as const
    const control = await runPhase(sides, toWorker, options)
    const { residentMb: edgeMb } = await processUse(edge.pid!)
    const { residentMb: homeMb } = await processUse(front.pid!)
    const toDoors = { ...of('flood'), seconds: options.seconds, flood: 'doors' } as const
    const flood = await runPhase(sides, toDoors, options)
    turns.push({ quiet, control, flood, edgeMb, homeMb })
    const p99 = [quiet, control, flood].map(({ orders }) => `${orders.latency.p99_ms} ms`)
    const failure = flood.victim.firstFailure
    if (failure) progress(`the victim was not let in: ${failure}`)
    progress(`round ${index}: p99 quiet ${p99[0]}, control ${p99[1]}, flood ${p99[2]}`)
  }
  return turns
}

/** What home made of it: the fills of each kind of phase, the passwords it hashed for strangers. */
async function outcome({ sql }: Stack, turns: readonly Turn[]) {
  const phases = turns.flatMap(({ quiet, control, flood }) => [quiet, control, flood])
  const accepted = phases.flatMap(({ orders }) => orders.orderIds)
  const isDone = async () => (await countOpen(sql, PREFIX, accepted)) === 0
  await until('settling every order', isDone, SETTLE_TIMEOUT_MS)
  const fillP99 = async (which: 'quiet' | 'flood') => {
    const times = await Promise.all(turns.map((turn) => fillTimes(sql, turn[which].prefix)))
    return round(median(times.map(({ p99 }) => p99)))
  }
  // Whoever gave a wrong password is noted after it was hashed, and only then.
  const [row] = await sql<{ hashed: number }[]>`
    SELECT count(*)::int AS hashed FROM audit_log WHERE action = 'sign_in_refused'`
  return {
    fill_p99_quiet_ms: await fillP99('quiet'),
    fill_p99_flood_ms: await fillP99('flood'),
    accepted: accepted.length,
    hashed: row!.hashed,
  }
}

function summary(turns: readonly Turn[]) {
  const p99 = (which: 'quiet' | 'control' | 'flood') =>
    median(turns.map((turn) => turn[which].orders.latency.p99_ms))
  const quiet = p99('quiet')
  const changePct = (which: 'control' | 'flood') => round((p99(which) / quiet - 1) * 100)
  const cpuShare = (which: 'quiet' | 'flood', part: 'edge' | 'home') =>
    round(median(turns.map((turn) => turn[which][part].cpuShare)))
  const phases = turns.flatMap((turn) => [turn.quiet, turn.control, turn.flood])
  return {
    order_p99_quiet_ms: quiet,
    order_p99_control_ms: p99('control'),
    order_p99_flood_ms: p99('flood'),
    change_pct: changePct('flood'),
    control_change_pct: changePct('control'),
    not_accepted: phases.reduce((sum, { orders }) => sum + countOthers(orders, 202), 0),
    ...floodSummary(turns.map(({ flood }) => flood)),
    edge_cpu_share_quiet: cpuShare('quiet', 'edge'),
    edge_cpu_share_flood: cpuShare('flood', 'edge'),
    home_cpu_share_quiet: cpuShare('quiet', 'home'),
    home_cpu_share_flood: cpuShare('flood', 'home'),
    edge_rss_mb_before: turns[0]!.edgeMb,
    edge_rss_mb_peak: Math.max(...turns.map(({ flood }) => flood.edge.peakMb)),
    home_rss_mb_before: turns[0]!.homeMb,
    home_rss_mb_peak: Math.max(...turns.map(({ flood }) => flood.home.peakMb)),
  }
}

function floodSummary(floods: readonly PhaseReport[]) {
  const statuses: Record<string, number> = {}
  for (const [status, count] of floods.flatMap(({ flood }) => Object.entries(flood!.statuses))) {
    statuses[status] = (statuses[status] ?? 0) + count
  }
  const sent = countAll(statuses)
  const seconds = floods.reduce((sum, { flood }) => sum + flood!.seconds, 0)
  const tried = floods.reduce((sum, { victim }) => sum + victim.tried, 0)
  const signedIn = floods.reduce((sum, { victim }) => sum + victim.signedIn, 0)
  return {
    wrong_sign_ins: sent,
    wrong_sign_ins_per_s: round(sent / seconds),
    answers: statuses,
    rejected_429: statuses[429] ?? 0,
    victim_signed_in: tried > 0 && signedIn === tried,
    victim_sign_ins: `${signedIn} of ${tried}`,
    victim_slowest_ms: round(Math.max(...floods.map(({ victim }) => victim.slowestMs))),
  }
}
