// The peer of `settle`: PostgreSQL's own pgbench, its TPC-B-like script.

import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const run = promisify(execFile)
/** Ten branches, a million accounts: enough that the branches are not one hot row. */
const SCALE_FACTOR = '10'
const LOAD = ['-M', 'prepared', '-c', '16', '-j', '2', '--no-vacuum']

/** Makes pgbench's tables. */
export async function preparePgbench(url: string): Promise<void> {
  await pgbench(['--initialize', '--quiet', '-s', SCALE_FACTOR, url])
  await pgbench([...LOAD, '-T', '2', url])
}

/** Transactions a second. */
export async function pgbenchTps(url: string, seconds: number): Promise<number> {
  const output = await pgbench([...LOAD, '-T', String(seconds), url])
  const tps = /^tps = ([\d.]+)/m.exec(output)?.[1]
  if (tps === undefined) throw new Error(`pgbench said no tps:\n${output}`)
  return Number.parseFloat(tps)
}

async function pgbench(args: readonly string[]): Promise<string> {
  try {
    return (await run('pgbench', args)).stdout
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    throw new Error(
      'pgbench is not installed. On Debian: sudo apt-get install postgresql-contrib',
      {
        cause: error,
      },
    )
  }
}
