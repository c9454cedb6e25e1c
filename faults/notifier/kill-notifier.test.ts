// A smaller run of the notifier that is killed while it sends: see `npm run faults -- notifier`.

import { expect, test } from 'vitest'
import { withCleanup } from '../../bench/cleanup.ts'
import { runKillNotifier } from './kill-notifier.ts'

test('the notifier tells each event once, or once more and says so, however often it is killed', async () => {
  const report = await withCleanup((cleanup) =>
    runKillNotifier(
      {
        postgresUrl: process.env.MOTU_POSTGRES_URL!,
        redisUrl: process.env.MOTU_REDIS_URL!,
        ...{ seed: 1, events: 1_000, kills: 6, progress: () => {} },
      },
      cleanup,
    ),
  )
  expect(report).toMatchObject({ kills: 6, lost: 0, unmarked: 0, disordered: 0, doubled: 0 })
  expect(report.summaries).toBeGreaterThan(0)
  expect(report.passed, JSON.stringify(report)).toBe(true)
})
