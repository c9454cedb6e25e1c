// A smaller run of every scenario, and the oracle against a Motu with a planted bug. One set of
// servers for all of them, one fresh stack for each.

import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type FaultOptions, runFault } from './fault-run.ts'
import type { Promised } from './oracle/evidence.ts'
import type { PlantedBug } from './planted/bugs.ts'
import type { Scenario } from './scenario.ts'
import { SCENARIOS } from './scenarios/all.ts'
import { duplicates } from './scenarios/duplicates.ts'
import { killEngine } from './scenarios/kill-engine.ts'
import { oversleep } from './scenarios/zombie.ts'
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

/** What a bug has lost does not come back: no need to wait a minute for it. */
const PLANTED_DEADLINE_MS = 10_000

/** Each bug with the scenario that brings it to light, and what the oracle must then say. */
const PLANTED: readonly [bug: PlantedBug, scenario: Scenario, broken: Promised[]][] = [
  ['drop_ledger_leg', duplicates, ['ledger']],
  ['ack_before_commit', killEngine, ['lost']],
  // The primary key keeps the second booking out; without the engine's own look, the copy is then
  // taken for poison.
  ['no_dedupe', duplicates, ['duplicated', 'innocent']],
  ['no_epoch_check', oversleep, ['epoch']],
]

/** Whether a bug shows depends on the moment: a sleeper that wakes with nothing to write does no harm. */
const TRIES = 4

describe('the oracle fails a Motu with a planted bug', () => {
  test.each(PLANTED)('%s', async (plantedBug, scenario, broken) => {
    const reports = []
    for (let seed = 1; seed <= TRIES; seed += 1) {
      const options = { ...OPTIONS, seed, plantedBug, deadlineMs: PLANTED_DEADLINE_MS }
      const report = await runFault(servers, scenario, options)
      const seen = report.violations.filter(({ promise }) => broken.includes(promise))
      if (seen.length > 0) {
        expect(report.passed).toBe(false)
        return
      }
      reports.push(report)
    }
    expect.fail(`unseen in ${TRIES} runs: ${JSON.stringify(reports, null, 2)}`)
  })
})
