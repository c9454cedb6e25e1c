// All tests, as projects that run one group after another: what measures time or breaks servers on
// purpose has the machine to itself. `npm test` runs them all; `npx vitest run --project unit` some.

import { defineConfig } from 'vitest/config'

const SERVICES = './scripts/testing/services-setup.ts'
const BROWSER = './scripts/testing/browser-setup.ts'
const SECOND = 1_000

export default defineConfig({
  test: {
    projects: [
      // Those that need their own plugins bring their own configuration.
      '{web,edge}/vitest.config.ts',
      {
        test: {
          name: 'unit',
          include: ['tidy.test.ts', 'shared/**/*.test.ts', 'home/src/**/*.test.ts'],
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          name: 'integration',
          include: [
            'home/test/**/*.test.ts',
            'edge/test-node/**/*.test.ts',
            'bench/**/*.test.ts',
            'scripts/**/*.test.ts',
          ],
          globalSetup: [SERVICES],
          maxWorkers: 2,
          testTimeout: 30 * SECOND,
          hookTimeout: 60 * SECOND,
          sequence: { groupOrder: 2 },
        },
      },
      {
        test: {
          name: 'faults',
          include: ['faults/**/*.test.ts'],
          globalSetup: [SERVICES],
          fileParallelism: false,
          testTimeout: 180 * SECOND,
          hookTimeout: 120 * SECOND,
          sequence: { groupOrder: 3 },
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['e2e/**/*.test.ts'],
          globalSetup: [BROWSER],
          fileParallelism: false,
          testTimeout: 60 * SECOND,
          hookTimeout: 90 * SECOND,
          sequence: { groupOrder: 4 },
        },
      },
    ],
  },
})
