// `npm test`: everything, on real servers. Arguments narrow it down: `npm test -- decimal`.
// The last line counts: `Tests: N passed, N failed`.

import { createVitest, type TestModule, type Vitest } from 'vitest/node'
import { ROOT } from './launch/places.ts'

const vitest = await createVitest('test', { root: ROOT, watch: false, passWithNoTests: true })
let wasInterrupted = false
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  // Vitest's own listener ends the process before anything is cleared away.
  process.removeAllListeners(signal)
  process.on(signal, () => {
    wasInterrupted = true
    void vitest.cancelCurrentRun('keyboard-input')
  })
}
await vitest.start(process.argv.slice(2))
const { passed, failed } = count(vitest)
// Ends the workers, and removes what the setups made.
await vitest.close()
if (wasInterrupted) console.log('Interrupted: not every test ran.')
else if (passed + failed === 0) console.log('No test ran.')
console.log(`Tests: ${passed} passed, ${failed} failed`)
process.exit(failed > 0 || passed === 0 || wasInterrupted ? 1 : 0)

/** A file that could not be loaded, and an error outside of any test, each count as one failure. */
function count({ state }: Vitest): { passed: number; failed: number } {
  const modules = state.getTestModules()
  const tests = modules.flatMap((module) => [...module.children.allTests()])
  const states = tests.map((test) => test.result().state)
  const broken = modules.filter(isBroken).length + state.getUnhandledErrors().length
  return {
    passed: states.filter((one) => one === 'passed').length,
    failed: states.filter((one) => one === 'failed').length + broken,
  }
}

/** It failed although none of its tests did: its imports, its hooks, or it has no test. */
function isBroken(module: TestModule): boolean {
  const failures = [...module.children.allTests('failed')]
  return module.state() === 'failed' && failures.length === 0
}
