// One of two engines dies; the other takes its partitions over, with the orders that rest in them.

import { until } from '../../scripts/servers/ports.ts'
import { busiestEngine, isTakenOver } from '../ownership.ts'
import type { Scenario } from '../scenario.ts'

const TAKEOVER_TIMEOUT_MS = 30_000

export const killEngine: Scenario = {
  name: 'kill-engine',
  summary: 'the engine with most resting orders is killed; the other takes over',
  engines: 2,
  async strike({ stack, drive, progress }) {
    await drive.reached(0.5)
    const { engine, owned, resting } = await busiestEngine(stack)
    engine.kill('SIGKILL')
    progress(`${engine.name} killed with ${owned.length} partitions, ${resting} resting orders`)
    const isOver = () => isTakenOver(stack, engine, owned)
    await until('the survivor to take over', isOver, TAKEOVER_TIMEOUT_MS)
    progress('the survivor owns everything')
    return {
      happened: owned.length > 0 && resting > 0 && !engine.isRunning,
      partitions_taken_over: owned.length,
      resting_orders: resting,
    }
  },
}
