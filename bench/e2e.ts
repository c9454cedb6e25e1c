// `e2e`: the whole of Motu in services mode, edge on workerd to committed fill: orders over HTTP for
// half a minute, then one order at a time.

import { startServers } from '../faults/servers.ts'
import { startStack } from '../faults/stack.ts'
import type { Benchmark } from './benchmark.ts'
import { quiet } from './e2e/quiet.ts'
import { sustained } from './e2e/sustained.ts'

const USERS = 128
/** Home's default pace. */
const TICK_MS = 500

export const e2e: Benchmark = {
  name: 'e2e',
  summary: 'a 202 to its fill through the whole stack, loaded and quiet',
  defaults: { seconds: 30 },
  async run(options, { cleanup, progress }) {
    progress('starting Postgres, Redis, RabbitMQ, edge and home')
    const servers = await startServers()
    cleanup.add(() => servers.stop())
    const stack = await startStack(servers, { engines: 1, tickMs: TICK_MS }, cleanup)
    progress(`opening ${USERS} accounts`)
    const traders = await stack.api.registerMany(USERS, 'bench')
    progress('one order at a time')
    const calm = await quiet(stack, traders[0]!)
    progress(`quiet p99 ${calm.quiet_p99_ms} ms; now ${options.seconds} s of load`)
    const busy = await sustained(stack, traders.slice(1), options)
    return { ...busy, ...calm, connections: options.connections, rate: options.rate }
  },
}
