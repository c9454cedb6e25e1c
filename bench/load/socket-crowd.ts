// A crowd of browser sockets in a process of its own: opens them, listens, reports what arrived.

import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { Address } from './http-connection.ts'
import type { LatencySummary } from './latencies.ts'

export type CrowdJob = { address: Address; sockets: number; seconds: number }

export type CrowdReport = {
  frames: number
  /** Quotes inside the frames: a frame brings what changed since the last one. */
  quotes: number
  seconds: number
  /** From home's `received_at` to the socket. */
  latency: LatencySummary
  cpuSeconds: number
}

const CHILD = fileURLToPath(new URL('./socket-crowd-child.ts', import.meta.url))

/** Opens the sockets; `listen` then measures for the job's seconds. */
export async function gatherCrowd(job: CrowdJob): Promise<{
  listen: () => Promise<CrowdReport>
  leave: () => void
}> {
  const child = fork(CHILD, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
  const gone = new Promise<never>((_, reject) => {
    child.once('error', reject)
    child.once('exit', (code) => reject(new Error(`the crowd left with code ${code}`)))
  })
  gone.catch(() => {})
  const hear = async <T>(): Promise<T> =>
    (await Promise.race([once(child, 'message'), gone]))[0] as T
  child.send(job)
  await hear<'open'>()
  return {
    listen() {
      child.send('listen')
      return hear<CrowdReport>()
    },
    leave: () => void child.kill(),
  }
}
