// `npm run bench -- NAME [options]`: one benchmark. Progress goes to standard error; the last line
// of standard output is its result, one JSON object.

import { accept } from './accept.ts'
import type { Benchmark, BenchOptions } from './benchmark.ts'
import { withCleanup } from './cleanup.ts'
import { helpText, readCommandLine } from './command-line.ts'
import { doors } from './doors.ts'
import { e2e } from './e2e.ts'
import { fanout } from './fanout.ts'
import { match } from './match.ts'
import { settle } from './settle.ts'
import { web } from './web.ts'

const BENCHMARKS: readonly Benchmark[] = [accept, settle, e2e, fanout, doors, match, web]

const OPTIONS = {
  seconds: { help: 'seconds of load in each round (8; e2e and doors 30, fanout 10)' },
  rounds: { help: 'how often peer and ours take turns (3; match 5; visits of web 5)' },
  connections: { help: 'connections of the HTTP generator (64)' },
  sockets: { help: 'browser sockets of fanout (1000)' },
  rate: { help: 'orders a second offered (e2e 0: as fast as answers come; doors 100)' },
  orders: { help: 'orders in a round (settle 20000, match 200000)' },
  seed: { help: 'seed of everything random (1)' },
} as const

const DEFAULTS: BenchOptions = {
  seconds: 8,
  rounds: 3,
  connections: 64,
  sockets: 1_000,
  rate: 0,
  orders: 20_000,
  seed: 1,
}

async function main(): Promise<void> {
  const line = readCommandLine(process.argv.slice(2), OPTIONS)
  if ('help' in line) {
    process.stdout.write(`${helpText('npm run bench -- NAME [options]', BENCHMARKS, OPTIONS)}\n`)
    return
  }
  const benchmark = BENCHMARKS.find((one) => one.name === line.name)
  if (!benchmark) throw new Error(`there is no benchmark ${line.name}: see --help`)
  const options = { ...DEFAULTS, ...benchmark.defaults, ...line.numbers }
  const result = await withCleanup((cleanup) =>
    benchmark.run(options, {
      cleanup,
      progress: (text) => process.stderr.write(`${benchmark.name}: ${text}\n`),
    }),
  )
  process.stdout.write(`${JSON.stringify({ benchmark: benchmark.name, ...result })}\n`)
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`)
    process.exit(1)
  },
)
