// The workers a benchmark measures, on `workerd serve`: the real edge, and the bare one beside it.

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { serveEdge, serveHello } from '../edge/serve.ts'
import { freePort } from '../scripts/servers/ports.ts'
import type { Cleanup } from './cleanup.ts'
import type { Address } from './load/http-connection.ts'

export type EdgeWiring = { homeUrl: string; amqpUrl: string | null; queuePrefix: string }

/** Counted like anyone's requests, but never refused: counting is part of what is measured. */
const AMPLE = { per_second: 1_000_000, burst: 1_000_000 }
const BENCH_LIMITS = JSON.stringify({
  ...{ user: AMPLE, anonymous: AMPLE, signIn: AMPLE },
  ...{ failure: AMPLE, keyQuestions: AMPLE },
  // All of them come from this machine.
  socketsPerAddress: 1_000_000,
})

export const BENCH_SECRET = 'a secret of the benchmarks, shared by edge and home'

/** The edge as `npm start` runs it; its disk goes with the run. */
export async function startEdge(cleanup: Cleanup, wiring: EdgeWiring): Promise<Address> {
  const dir = await temporaryFolder(cleanup)
  const port = await freePort()
  const edge = await serveEdge({
    ...wiring,
    outDir: join(dir, 'build'),
    objectsDir: join(dir, 'objects'),
    port,
    internalSecret: BENCH_SECRET,
    limits: BENCH_LIMITS,
    logFile: join(dir, 'edge.log'),
  })
  cleanup.add(() => edge.stop())
  return { host: '127.0.0.1', port }
}

/** A worker that says hello and nothing else. */
export async function startHello(cleanup: Cleanup): Promise<Address> {
  const outDir = await temporaryFolder(cleanup)
  const port = await freePort()
  const hello = await serveHello({ outDir, port })
  cleanup.add(() => hello.stop())
  return { host: '127.0.0.1', port }
}

async function temporaryFolder(cleanup: Cleanup): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'motu-bench-'))
  cleanup.add(() => rm(dir, { recursive: true, force: true }))
  return dir
}
