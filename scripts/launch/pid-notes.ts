// A note for each process we start: its pid and the instant it started. After a crash of the
// supervisor the next start ends what is left over, and the start time makes sure that a pid given to
// another program meanwhile is left alone.

import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { until } from '../servers/ports.ts'

const POLITE_MS = 10_000
const FORCED_MS = 5_000

type PidNote = { pid: number; started: string }

/** Notes a process that was just started. */
export function writePidNote(dir: string, name: string, pid: number): void {
  const started = startOf(pid)
  // It ended at once: whoever waits for it says so.
  if (started === null) return
  writeFileSync(join(dir, name), JSON.stringify({ pid, started } satisfies PidNote))
}

export function removePidNote(dir: string, name: string): void {
  rmSync(join(dir, name), { force: true })
}

/** Ends every noted process that still runs; returns their names. */
export async function endLeftovers(dir: string): Promise<string[]> {
  const names = readdirSync(dir)
  const ended = await Promise.all(names.map((name) => endLeftover(join(dir, name))))
  return names.filter((_, index) => ended[index])
}

async function endLeftover(file: string): Promise<boolean> {
  const { pid, started } = JSON.parse(readFileSync(file, 'utf8')) as PidNote
  const isOurs = (): boolean => startOf(pid) === started
  const runs = isOurs()
  if (runs) await end(pid, basename(file), isOurs)
  rmSync(file)
  return runs
}

async function end(pid: number, name: string, isOurs: () => boolean): Promise<void> {
  // PostgreSQL's polite signal that does not wait for its clients.
  process.kill(pid, name === 'postgres' ? 'SIGINT' : 'SIGTERM')
  process.kill(pid, 'SIGCONT')
  try {
    await until('its end', () => !isOurs(), POLITE_MS)
  } catch {
    process.kill(pid, 'SIGKILL')
    await until(`the end of ${name} (pid ${pid})`, () => !isOurs(), FORCED_MS)
  }
}

/** When the process started, in the system's own words; null: no such process. */
function startOf(pid: number): string | null {
  if (process.platform !== 'linux') return startByPs(pid)
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The program's name, in parentheses, may hold spaces: count the fields after it.
    const [state, ...fields] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return state === 'Z' ? null : (fields[18] ?? null)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ESRCH') return null
    throw error
  }
}

function startByPs(pid: number): string | null {
  try {
    const ps = ['-o', 'lstart=', '-p', String(pid)]
    return execFileSync('ps', ps, { encoding: 'utf8', stdio: 'pipe' }).trim() || null
  } catch (error) {
    if ((error as { status?: number }).status === 1) return null
    throw error
  }
}
