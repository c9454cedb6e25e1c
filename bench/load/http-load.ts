// The load generator: a process of its own, so that its CPU time shows apart from what it measures.
// It keeps `connections` connections busy for a while, closed loop or paced, and reports.

import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { Address } from './http-connection.ts'
import type { LatencySummary } from './latencies.ts'
import type { RequestPlan } from './requests.ts'

export type LoadJob = {
  address: Address
  plan: RequestPlan
  connections: number
  seconds: number
  /** Requests a second over all connections; null: as fast as answers come. */
  rate: number | null
  /** Whether to keep the order ids of the 202s. */
  keepOrderIds: boolean
}

export type LoadReport = {
  /** Answers by status; `0` counts requests that got none. */
  statuses: Record<number, number>
  /** Answers below 400 a second. */
  perSecond: number
  seconds: number
  latency: LatencySummary
  /** CPU seconds the generator itself used. */
  cpuSeconds: number
  orderIds: string[]
  /** The first answer that was no success, to say what went wrong. */
  firstFailure: string | null
}

const CHILD = fileURLToPath(new URL('./http-load-child.ts', import.meta.url))

/** How many requests of a load got an answer other than `status`, or none. */
export function countOthers({ statuses }: LoadReport, status: number): number {
  return countAll(statuses) - (statuses[status] ?? 0)
}

/** All requests of a load, whatever became of them. */
export function countAll(statuses: LoadReport['statuses']): number {
  return Object.values(statuses).reduce((sum, count) => sum + count, 0)
}

/** Runs one job to its end. */
export async function runLoad(job: LoadJob): Promise<LoadReport> {
  const child = fork(CHILD, {
    serialization: 'advanced',
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  const report = new Promise<LoadReport>((resolve, reject) => {
    child.once('message', (message) => resolve(message as LoadReport))
    child.once('error', reject)
    child.once('exit', (code) => reject(new Error(`the load generator ended with code ${code}`)))
  })
  child.send(job)
  try {
    return await report
  } finally {
    child.kill()
  }
}
