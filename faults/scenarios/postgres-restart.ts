// Postgres goes down hard: an immediate shutdown (no checkpoint, sessions cut), later a kill -9. A home
// process that ends on it is started anew, as `npm start` and compose do.

import { setTimeout as sleep } from 'node:timers/promises'
import type { PrivateServer } from '../../scripts/servers/private.ts'
import type { Scenario } from '../scenario.ts'

/** How long it stays away. */
const DARK_MS = 1_000

export const postgresRestart: Scenario = {
  name: 'postgres-restart',
  summary: 'Postgres is shut down at once, then killed; each time it recovers from its log',
  engines: 1,
  async strike({ stack, drive, progress }) {
    const { postgres } = stack.servers
    const pids = [postgres.pid]
    let startedAnew = 0
    for (const [share, signal] of [
      [0.25, 'SIGQUIT'],
      [0.6, 'SIGKILL'],
    ] as const) {
      await drive.reached(share)
      await crash(postgres, signal)
      pids.push(postgres.pid)
      progress(`Postgres ended with ${signal} and runs again`)
      const ended = [stack.front, ...stack.engines].filter(({ isRunning }) => !isRunning)
      await Promise.all(ended.map((home) => home.start()))
      startedAnew += ended.length
    }
    const happened = new Set(pids).size === pids.length
    return { happened, restarts: pids.length - 1, started_anew: startedAnew }
  },
}

async function crash(postgres: PrivateServer, signal: NodeJS.Signals): Promise<void> {
  postgres.kill(signal)
  await sleep(DARK_MS)
  await postgres.restart()
}
