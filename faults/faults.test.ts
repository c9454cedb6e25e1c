// A smaller run of every scenario, and the oracle against a Motu with a planted bug. One set of
// servers for all of them, one fresh stack for each.

import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type FaultOptions, type FaultReport, runFault } from './fault-run.ts'
import type { Scenario } from './scenario.ts'
import { SCENARIOS } from './scenarios/all.ts'
import { duplicates } from './scenarios/duplicates.ts'
import { killEngine } from './scenarios/kill-engine.ts'
import { zombie } from './scenarios/zombie.ts'
import { type Servers, startServers } from './servers.ts'

const OPTIONS: FaultOptions = { seed: 1, orders: 150, rate: 60, progress: () => {} }

let servers: Servers
beforeAll(async () => {
  servers = await startServers()
})
afterAll(() => servers.stop())

test.each(SCENARIOS)('$name: nothing is lost, doubled or unbalanced', async (scenario) => {
  const report = await runFault(servers, scenario, OPTIONS)
  expect(report).toMatchObject({ happened: true, lost: 0, duplicated: 0, ledger_unbalanced: 0 })
  expect(report.passed, JSON.stringify(report, null, 2)).toBe(true)
})

/** Which promise a planted bug must be seen to break. */
const PLANTED: readonly [
  bug: string,
  scenario: Scenario,
  sees: (report: FaultReport) => boolean,
][] = [
  ['drop_ledger_leg', duplicates, (report) => report.ledger_unbalanced > 0],
  ['ack_before_commit', killEngine, (report) => report.lost > 0],
  ['no_dedupe', duplicates, (report) => report.duplicated > 0],
  ['no_epoch_check', zombie, (report) => Number(report.violations_total) > 0],
]

describe('the oracle fails a Motu with a planted bug', () => {
  test.each(PLANTED)('%s', async (bug, scenario, sees) => {
    const extra = { NODE_ENV: 'test', MOTU_PLANT_BUG: bug }
    const report = await runFault(servers, scenario, { ...OPTIONS, extra })
    expect(report.passed).toBe(false)
    expect(sees(report), JSON.stringify(report, null, 2)).toBe(true)
  })
})
