// One fault run: a fresh stack, traffic, the fault in the middle of it, recovery, the oracle's word.

import { copyFile, mkdir, readdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { decimal } from '@motu/shared/decimal.ts'
import { until } from '../scripts/servers/ports.ts'
import { type Cleanup, withCleanup } from '../bench/cleanup.ts'
import { Drive } from './drive.ts'
import { Journal } from './journal.ts'
import type { Verdict } from './oracle.ts'
import type { Violation } from './oracle/evidence.ts'
import { isShared } from './ownership.ts'
import type { PlantedBug } from './planted/bugs.ts'
import { seededRandom } from './random.ts'
import { finalVerdict, RECOVERY_DEADLINE_MS, untilRecovered } from './recovery.ts'
import type { Happened, Scenario, Stage } from './scenario.ts'
import type { Servers } from './servers.ts'
import { type Stack, startStack } from './stack.ts'
import { planTraffic } from './traffic.ts'

export type FaultOptions = {
  seed: number
  /** Distinct valid orders. */
  orders: number
  /** Steps a second. */
  rate: number
  progress: (line: string) => void
  /** How long recovery may take; a minute unless said otherwise. */
  deadlineMs?: number
  /** Runs a home with a bug in it, which the oracle must see. */
  plantedBug?: PlantedBug
}

export type FaultReport = {
  fault: string
  seed: number
  accepted: number
  final: number
  lost: number
  duplicated: number
  ledger_unbalanced: number
  happened: boolean
  passed: boolean
  violations: Violation[]
} & Record<string, unknown>

const USERS_MIN = 8
const ORDERS_PER_USER = 50
const SHARING_TIMEOUT_MS = 20_000
/** Below this a run says little about money. */
const FILLED_SHARE_MIN = 0.3
const VIOLATIONS_SHOWN_MAX = 10

/** Runs a scenario on the given servers; whatever it started beside them is gone afterwards. */
export function runFault(
  servers: Servers,
  scenario: Scenario,
  options: FaultOptions,
): Promise<FaultReport> {
  return withCleanup((cleanup) => run({ servers, scenario, options, cleanup }))
}

type Run = { servers: Servers; scenario: Scenario; options: FaultOptions; cleanup: Cleanup }

async function run({ servers, scenario, options, cleanup }: Run): Promise<FaultReport> {
  const { progress, seed, plantedBug } = options
  progress('starting edge and home')
  const { engines } = scenario
  const world = await scenario.prepare?.(cleanup)
  const wanted = { engines, ...world, ...(plantedBug ? { plantedBug } : {}) }
  const stack = await startStack(servers, wanted, cleanup)
  let passed = false
  try {
    const result = await strike(stack, scenario, options)
    passed = result.passed
    return result
  } finally {
    if (!passed) progress(`the logs are kept in ${await keepLogs(stack, scenario.name, seed)}`)
  }
}

async function strike(
  stack: Stack,
  scenario: Scenario,
  options: FaultOptions,
): Promise<FaultReport> {
  const { progress, seed } = options
  await until('the engines to share the partitions', () => isShared(stack), SHARING_TIMEOUT_MS)
  const stage = await prepare(stack, scenario, options)
  progress('traffic flows')
  const [happened] = await Promise.all([scenario.strike(stage), stage.drive.run()])
  progress('the fault is over, the traffic done; waiting for what is left')
  const deadlineMs = options.deadlineMs ?? RECOVERY_DEADLINE_MS
  const recoverySeconds = await untilRecovered(stack, stage.journal, deadlineMs)
  const verified = await scenario.verify?.(stage)
  const verdict = await finalVerdict(stack, stage.journal)
  const proven = verified
    ? { ...happened, ...verified.proof, problems: verified.problems }
    : happened
  const sound = verified ? verified.problems.length === 0 : true
  const done = report(scenario.name, seed, { happened: proven, verdict, recoverySeconds })
  return { ...done, passed: done.passed && sound && (done.good_dropped ?? 0) === 0 }
}

/** Copies what the stack's processes said to where it outlives the run. */
async function keepLogs(stack: Stack, fault: string, seed: number): Promise<string> {
  const folder = resolve(import.meta.dirname, `../.motu/faults/${fault}-${seed}`)
  await mkdir(folder, { recursive: true })
  const logs = (await readdir(stack.dir)).filter((name) => name.endsWith('.log'))
  await Promise.all(logs.map((name) => copyFile(join(stack.dir, name), join(folder, name))))
  return folder
}

async function prepare(
  stack: Stack,
  { trafficSeconds = 0, tickers }: Scenario,
  options: FaultOptions,
): Promise<Stage> {
  const { seed, orders, progress } = options
  const users = Math.max(USERS_MIN, Math.ceil(orders / ORDERS_PER_USER))
  const traders = await stack.api.registerMany(users, `trader${seed}-`)
  const all = await stack.api.quotes()
  const quotes = tickers ? all.filter(({ ticker_id }) => tickers.has(ticker_id)) : all
  const prices = new Map(quotes.map((quote) => [quote.ticker_id, decimal(quote.price)]))
  const steps = planTraffic({ seed, orders, users, prices })
  const rate = Math.min(options.rate, steps.length / trafficSeconds)
  const journal = new Journal()
  const drive = new Drive({ address: stack.api.address, traders, steps, journal, rate })
  return { stack, journal, drive, traders, random: seededRandom(seed + 1), progress }
}

function report(
  fault: string,
  seed: number,
  run: { happened: Happened; verdict: Verdict; recoverySeconds: number },
): FaultReport {
  const { verdict, recoverySeconds } = run
  const { happened, ...proof } = run.happened
  const isInTime = recoverySeconds * 1_000 < RECOVERY_DEADLINE_MS
  const filledShare = verdict.filled / verdict.accepted
  return {
    fault,
    seed,
    accepted: verdict.accepted,
    final: verdict.final,
    resting: verdict.resting,
    lost: verdict.lost,
    duplicated: verdict.duplicated,
    ledger_unbalanced: verdict.ledgerUnbalanced,
    happened,
    passed:
      happened &&
      isInTime &&
      verdict.violations.length === 0 &&
      verdict.accepted > 0 &&
      filledShare >= FILLED_SHARE_MIN,
    filled_share: Math.round(filledShare * 1_000) / 1_000,
    recovery_s: recoverySeconds,
    attempted: verdict.attempted,
    ambiguous: verdict.ambiguous,
    recovered: verdict.recovered,
    unexpected: verdict.violations.filter(({ promise }) => promise === 'unexpected').length,
    ...proof,
    violations: verdict.violations.slice(0, VIOLATIONS_SHOWN_MAX),
    violations_total: verdict.violations.length,
  }
}
