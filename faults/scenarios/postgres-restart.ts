// Postgres goes down hard: an immediate shutdown (no checkpoint, sessions cut), later a kill -9.

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
    for (const [share, signal] of [
      [0.25, 'SIGQUIT'],
      [0.6, 'SIGKILL'],
    ] as const) {
      await drive.reached(share)
      await crash(postgres, signal)
      pids.push(postgres.pid)
      progress(`Postgres ended with ${signal} and runs again`)
    }
    return { happened: new Set(pids).size === pids.length, restarts: pids.length - 1 }
  },
}

async function crash(postgres: PrivateServer, signal: NodeJS.Signals): Promise<void> {
  postgres.kill(signal)
  await sleep(DARK_MS)
  await postgres.restart()
}
