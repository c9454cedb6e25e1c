// One of two engines dies with settlements under way; the other takes its partitions over, with the
// orders that rest in them and the messages that were never acknowledged.

import { until } from '../../scripts/servers/ports.ts'
import { setTimeout as sleep } from 'node:timers/promises'
import { busiestEngine, isTakenOver, type Owned } from '../ownership.ts'
import type { Scenario } from '../scenario.ts'
import type { Stack } from '../stack.ts'

const TAKEOVER_TIMEOUT_MS = 30_000
/** How long its settlements wait for a lock before it is killed: time for messages to come in. */
const STALL_MS = 800

export const killEngine: Scenario = {
  name: 'kill-engine',
  summary: 'the engine with most resting orders is killed; the other takes over',
  engines: 2,
  async strike({ stack, drive, progress }) {
    await drive.reached(0.5)
    const { engine, owned, resting } = await busiestEngine(stack)
    const inHand = await stalled(stack, owned, () => engine.kill('SIGKILL'))
    progress(`${engine.name} killed with ${owned.length} partitions, ${resting} resting orders`)
    const isOver = () => isTakenOver(stack, engine, owned)
    await until('the survivor to take over', isOver, TAKEOVER_TIMEOUT_MS)
    progress('the survivor owns everything')
    return {
      happened: owned.length > 0 && resting > 0 && inHand > 0 && !engine.isRunning,
      settlements_under_way: inHand,
      partitions_taken_over: owned.length,
      resting_orders: resting,
    }
  },
}

/**
 * Does something while the settlements of these partitions wait for their wallets; answers how many
 * wait.
 */
async function stalled(stack: Stack, owned: readonly Owned[], work: () => void): Promise<number> {
  const partitions = owned.map(({ partition }) => partition)
  return stack.sql.begin(async (tx) => {
    await tx`SELECT 1 FROM wallets WHERE partition = ANY(${partitions}::int[]) FOR UPDATE`
    await sleep(STALL_MS)
    const [row] = await tx<{ waiting: number }[]>`
      SELECT count(*)::int AS waiting FROM pg_stat_activity
      WHERE datname = current_database() AND wait_event_type = 'Lock'
        AND application_name = 'motu-engine'`
    work()
    return row!.waiting
  })
}
