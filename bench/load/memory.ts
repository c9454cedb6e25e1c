// How much memory a process has, before a while and at most during it.

import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const INTERVAL_MS = 500
const KILOBYTES_PER_MEGABYTE = 1_024

const run = promisify(execFile)

/** Resident memory of a process in megabytes. */
export async function residentMb(pid: number): Promise<number> {
  const { stdout } = await run('ps', ['-o', 'rss=', '-p', String(pid)])
  return Math.round(Number.parseInt(stdout, 10) / KILOBYTES_PER_MEGABYTE)
}

/** Watches a process until it is asked for the most that was seen. */
export async function watchMemory(pid: number): Promise<{ end: () => Promise<number> }> {
  let peakMb = await residentMb(pid)
  let failure: Error | null = null
  const look = async (): Promise<void> => {
    peakMb = Math.max(peakMb, await residentMb(pid))
  }
  const timer = setInterval(() => {
    look().catch((cause: unknown) => (failure ??= new Error('the process is gone', { cause })))
  }, INTERVAL_MS)
  return {
    async end() {
      clearInterval(timer)
      if (failure) throw failure
      await look()
      return peakMb
    },
  }
}
