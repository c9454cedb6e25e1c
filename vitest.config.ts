// All tests, as projects that run one group after another: what measures time or breaks servers on
// purpose has the machine to itself. `npm test` runs them all; `npx vitest run --project unit` some.

import { defineConfig } from 'vitest/config'

const SERVICES = './scripts/testing/services-setup.ts'
const BROWSER = './scripts/testing/browser-setup.ts'
const SECOND = 1_000

/**
 * postgres.js 3.4.9 writes ROLLBACK to a connection that was cut in the middle of a transaction, and
 * throws where nobody can catch it. Home ends on it and is started anew (the fault scenarios show
 * that nothing is lost); a test process that cuts connections on purpose has to go on.
 */
function isDriverWritingToCutLine({
  message = '',
  stack = '',
}: {
  message?: string
  stack?: string
}) {
  return message.includes("reading 'write'") && stack.includes('postgres/src/connection.js')
}

export default defineConfig({
  test: {
    onUnhandledError: (error) => !isDriverWritingToCutLine(error),
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
