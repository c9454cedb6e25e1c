// The crowd's process: one job, then one report for each time it is asked to listen.

import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import type { ServerFrame } from '@motu/shared/contract/stream.ts'
import { Latencies, round } from './latencies.ts'
import type { CrowdJob, CrowdReport } from './socket-crowd.ts'
import { StreamClient } from './stream-client.ts'

/** Handshakes under way at once. */
const OPENING_AT_ONCE = 50

const [job] = (await once(process, 'message')) as [CrowdJob]
let latencies = new Latencies()
let frames = 0

function hear(frame: ServerFrame): void {
  if ('op' in frame || frame.channel !== 'quotes') return
  const now = Date.now()
  frames += 1
  for (const quote of frame.data) latencies.add(now - Date.parse(quote.received_at))
}

for (let opened = 0; opened < job.sockets; opened += OPENING_AT_ONCE) {
  const count = Math.min(OPENING_AT_ONCE, job.sockets - opened)
  const options = { channels: ['quotes'], onFrame: hear }
  await Promise.all(Array.from({ length: count }, () => StreamClient.open(job.address, options)))
}
process.send!('open')

for (;;) {
  await once(process, 'message')
  latencies = new Latencies()
  frames = 0
  const cpuBefore = process.cpuUsage()
  const startedAt = performance.now()
  await sleep(job.seconds * 1_000)
  const cpu = process.cpuUsage(cpuBefore)
  const report: CrowdReport = {
    frames,
    quotes: latencies.count,
    seconds: (performance.now() - startedAt) / 1_000,
    latency: latencies.summary(),
    cpuSeconds: round((cpu.user + cpu.system) / 1e6),
  }
  process.send!(report)
}
