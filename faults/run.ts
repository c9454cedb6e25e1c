// `npm run faults -- NAME --seed N`: one fault scenario, or `all` of them. Progress goes to standard
// error; the last line of standard output is the result, one JSON object. Exit code 1: not passed.

import { withCleanup } from '../bench/cleanup.ts'
import { helpText, readCommandLine } from '../bench/command-line.ts'
import { privatePostgres, privateRedis } from '../scripts/servers/private.ts'
import { runDarkMarket } from './dark-market/dark-market.ts'
import { type FaultReport, runFault } from './fault-run.ts'
import { runKillNotifier } from './notifier/kill-notifier.ts'
import type { Scenario } from './scenario.ts'
import { SCENARIOS } from './scenarios/all.ts'
import { startServers } from './servers.ts'

const OPTIONS = {
  seed: { help: 'seed of the traffic and the fault (default 1)' },
  orders: { help: 'distinct valid orders (default 2000)' },
  rate: { help: 'requests a second (default 200)' },
  events: { help: 'events to be told, of `notifier` (default 10000)' },
  kills: { help: 'kills of `notifier` (default 25)' },
} as const

const DARK_MARKET = {
  name: 'dark-market',
  summary:
    'the same afternoon with home there and with home dark, to the same end; a Postgres only',
}
const NOTIFIER = {
  name: 'notifier',
  summary: 'kill -9 the notifier while it sends; a Postgres and a Redis only',
}
const ALL = { name: 'all', summary: 'each of the above, one after the other' }

async function main(): Promise<void> {
  const line = readCommandLine(process.argv.slice(2), OPTIONS)
  if ('help' in line) {
    const usage = 'npm run faults -- NAME [options]'
    process.stdout.write(
      `${helpText(usage, [...SCENARIOS, DARK_MARKET, NOTIFIER, ALL], OPTIONS)}\n`,
    )
    return
  }
  if (line.name === DARK_MARKET.name) return runAlone(line.numbers)
  if (line.name === NOTIFIER.name) return killNotifier(line.numbers)
  const chosen = SCENARIOS.filter(({ name }) => line.name === name || line.name === ALL.name)
  if (chosen.length === 0) throw new Error(`there is no scenario ${line.name}: see --help`)
  const { seed = 1, orders = 2_000, rate = 200 } = line.numbers
  const reports = await withCleanup(async (cleanup) => {
    say('starting Postgres, Redis and RabbitMQ')
    const servers = await startServers()
    cleanup.add(() => servers.stop())
    const done: FaultReport[] = []
    for (const scenario of chosen) {
      const progress = (text: string): void => say(`${scenario.name}: ${text}`)
      done.push(await runFault(servers, scenario, { seed, orders, rate, progress }))
      if (chosen.length > 1) say(JSON.stringify(done.at(-1)))
    }
    return done
  })
  const result = reports.length === 1 ? reports[0]! : summary(reports, seed, chosen)
  process.stdout.write(`${JSON.stringify(result)}\n`)
  if (!result.passed) process.exitCode = 1
}

/** The one scenario that needs no stack: an engine and a Postgres. */
async function runAlone({ seed = 1, orders = 400 }: Record<string, number>): Promise<void> {
  const result = await withCleanup(async (cleanup) => {
    const postgres = await privatePostgres()
    cleanup.add(() => postgres.stop())
    const progress = (text: string): void => say(`${DARK_MARKET.name}: ${text}`)
    return runDarkMarket({ postgresUrl: postgres.url, seed, orders, progress }, cleanup)
  })
  process.stdout.write(`${JSON.stringify(result)}\n`)
  if (!result.ok) process.exitCode = 1
}

/** No engine either: what engines leave behind is written as they do. */
async function killNotifier(numbers: Record<string, number>): Promise<void> {
  const { seed = 1, events = 10_000, kills = 25 } = numbers
  const result = await withCleanup(async (cleanup) => {
    const postgres = await privatePostgres()
    cleanup.add(() => postgres.stop())
    const redis = await privateRedis()
    cleanup.add(() => redis.stop())
    const servers = { postgresUrl: postgres.url, redisUrl: redis.url }
    const progress = (text: string): void => say(`${NOTIFIER.name}: ${text}`)
    return runKillNotifier({ ...servers, seed, events, kills, progress }, cleanup)
  })
  process.stdout.write(`${JSON.stringify(result)}\n`)
  if (!result.passed) process.exitCode = 1
}

const say = (text: string): void => void process.stderr.write(`${text}\n`)

function summary(reports: readonly FaultReport[], seed: number, chosen: readonly Scenario[]) {
  const sum = (key: 'accepted' | 'final' | 'lost' | 'duplicated' | 'ledger_unbalanced'): number =>
    reports.reduce((total, report) => total + report[key], 0)
  return {
    fault: ALL.name,
    seed,
    accepted: sum('accepted'),
    final: sum('final'),
    lost: sum('lost'),
    duplicated: sum('duplicated'),
    ledger_unbalanced: sum('ledger_unbalanced'),
    happened: reports.every((report) => report.happened),
    passed: reports.length === chosen.length && reports.every((report) => report.passed),
    failed: reports.filter((report) => !report.passed).map((report) => report.fault),
  }
}

main().then(
  () => process.exit(),
  (error: unknown) => {
    say(error instanceof Error ? (error.stack ?? error.message) : String(error))
    process.exit(1)
  },
)
