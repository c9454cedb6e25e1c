// One of two engines stops for so long that the other takes over; then it wakes, sure that it still
// owns what it had in hand. Once it sleeps between two transactions, with orders in memory and
// messages on their way to it; once in the middle of a transaction, with its locks held.

import { setTimeout as sleep } from 'node:timers/promises'
import { RETURN_MS } from '../../home/src/engine/catch-up.ts'
import { until } from '../../scripts/servers/ports.ts'
import type { HomeProcess } from '../home-process.ts'
import { busiestEngine, isTakenOver } from '../ownership.ts'
import type { Scenario, Stage } from '../scenario.ts'

const TAKEOVER_TIMEOUT_MS = 45_000
/** Long enough for the sleeper to finish what it had in hand, and to be refused. */
const AWAKE_MS = 3_000
/** Time for the successor to write, before RabbitMQ takes back what the sleeper was given. */
const OVERLAP_MS = 1_000
/** Naps until one falls where it is wanted. */
const NAPS_MAX = 200
const NAP_MS = 25

type Where = 'between transactions' | 'in a transaction'

export const zombie: Scenario = {
  name: 'zombie',
  summary: 'an engine is paused past its takeover, then wakes with work in hand',
  engines: 2,
  trafficSeconds: 30,
  async strike(stage) {
    await stage.drive.reached(0.15)
    const first = await sleepAndWake(stage, 'between transactions')
    await stage.drive.reached(0.6)
    const second = await sleepAndWake(stage, 'in a transaction')
    return { happened: first.happened && second.happened, naps: [first, second] }
  },
}

/**
 * One nap, and a successor that has written before the sleeper wakes: what it took over stands still
 * for a moment first. For bugs that only show in what the sleeper writes then.
 */
export const oversleep: Scenario = {
  ...zombie,
  name: 'oversleep',
  async strike(stage) {
    await stage.drive.reached(0.15)
    const nap = await sleepAndWake(stage, 'between transactions', RETURN_MS + OVERLAP_MS)
    return { happened: nap.happened, naps: [nap] }
  },
}

async function sleepAndWake(stage: Stage, where: Where, overlapMs = OVERLAP_MS) {
  const { stack, progress } = stage
  const { engine, owned } = await busiestEngine(stack)
  const { pid } = engine
  const isThere = await fallAsleep(stage, engine, where)
  progress(`${engine.name} sleeps ${where}: ${isThere}, with ${owned.length} partitions`)
  const isOver = () => isTakenOver(stack, engine, owned)
  await until('the other to take over', isOver, TAKEOVER_TIMEOUT_MS)
  await sleep(overlapMs)
  const lines = engine.log().length
  engine.kill('SIGCONT')
  progress('taken over; the sleeper wakes')
  await sleep(AWAKE_MS)
  const said = engine.log().slice(lines)
  return {
    happened: isThere && owned.length > 0 && engine.pid === pid && said !== '',
    where,
    partitions_taken_over: owned.length,
    // It may also stop itself when it finds its sessions gone: its supervisor starts it anew.
    survived: engine.isRunning,
    noticed_loss: said.includes('lost'),
  }
}

/** Pauses the engine where it is wanted, if it can be met there. */
async function fallAsleep(
  { stack, random }: Stage,
  engine: HomeProcess,
  where: Where,
): Promise<boolean> {
  for (let nap = 0; nap < NAPS_MAX; nap += 1) {
    engine.kill('SIGSTOP')
    await sleep(NAP_MS)
    const [row] = await stack.sql<{ open: number }[]>`
      SELECT count(*)::int AS open FROM pg_stat_activity
      WHERE datname = current_database() AND state = 'idle in transaction'
        AND state_change < now() - make_interval(secs => ${(NAP_MS - 5) / 1_000})`
    if (row!.open > 0 === (where === 'in a transaction')) return true
    engine.kill('SIGCONT')
    await sleep(random.below(NAP_MS))
  }
  engine.kill('SIGSTOP')
  return false
}
