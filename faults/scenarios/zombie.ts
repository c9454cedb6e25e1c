// One of two engines stops for so long that the other takes over; then it wakes, sure that it still
// owns what it had in hand.

import { setTimeout as sleep } from 'node:timers/promises'
import { until } from '../../scripts/servers/ports.ts'
import { busiestEngine, isTakenOver } from '../ownership.ts'
import type { Scenario } from '../scenario.ts'

const TAKEOVER_TIMEOUT_MS = 45_000
/** Long enough for the sleeper to finish what it had in hand, and to be refused. */
const AWAKE_MS = 3_000

export const zombie: Scenario = {
  name: 'zombie',
  summary: 'an engine is paused past its takeover, then wakes with work in hand',
  engines: 2,
  async strike({ stack, drive, progress }) {
    await drive.reached(0.3)
    const { engine, owned } = await busiestEngine(stack)
    const pid = engine.pid
    engine.kill('SIGSTOP')
    progress(`${engine.name} sleeps with ${owned.length} partitions`)
    const isOver = () => isTakenOver(stack, engine, owned)
    await until('the other to take over', isOver, TAKEOVER_TIMEOUT_MS)
    const lines = engine.log().length
    engine.kill('SIGCONT')
    progress('taken over; the sleeper wakes')
    await sleep(AWAKE_MS)
    const said = engine.log().slice(lines)
    return {
      happened: owned.length > 0 && engine.isRunning && engine.pid === pid && said !== '',
      partitions_taken_over: owned.length,
      noticed_loss: said.includes('lost'),
    }
  },
}
