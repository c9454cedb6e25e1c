// What a process uses: memory at most during a while, and processor time in all of it.

import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const INTERVAL_MS = 500
const KILOBYTES_PER_MEGABYTE = 1_024

const run = promisify(execFile)

/** Of a process until now. */
export type ProcessUse = { residentMb: number; cpuSeconds: number }

export async function processUse(pid: number): Promise<ProcessUse> {
  const { stdout } = await run('ps', ['-o', 'rss=', '-o', 'time=', '-p', String(pid)])
  const [rss = '', time = ''] = stdout.trim().split(/\s+/)
  return {
    residentMb: Math.round(Number.parseInt(rss, 10) / KILOBYTES_PER_MEGABYTE),
    cpuSeconds: secondsOf(time),
  }
}

/** `[days-]hours:minutes:seconds`, as `ps` writes it; some leave out the hours. */
export function secondsOf(time: string): number {
  const [clock = '', days = '0'] = time.split('-').toReversed()
  const onClock = clock.split(':').reduce((sum, part) => sum * 60 + Number.parseFloat(part), 0)
  return Number.parseInt(days, 10) * 86_400 + onClock
}

export type UseOverTime = {
  peakMb: number
  /** Of one core; `ps` counts whole seconds. */
  cpuShare: number
}

/** Watches a process until it is asked what was seen. */
export async function watchProcess(pid: number): Promise<{ end: () => Promise<UseOverTime> }> {
  const startedAt = performance.now()
  const before = await processUse(pid)
  let peakMb = before.residentMb
  let failure: Error | null = null
  const timer = setInterval(() => {
    processUse(pid).then(
      ({ residentMb }) => (peakMb = Math.max(peakMb, residentMb)),
      (cause: unknown) => (failure ??= new Error('the process is gone', { cause })),
    )
  }, INTERVAL_MS)
  return {
    async end() {
      clearInterval(timer)
      if (failure) throw failure
      const { residentMb, cpuSeconds } = await processUse(pid)
      const seconds = (performance.now() - startedAt) / 1_000
      return {
        peakMb: Math.max(peakMb, residentMb),
        cpuShare: (cpuSeconds - before.cpuSeconds) / seconds,
      }
    },
  }
}
