// One afternoon with home there and with home dark: `npm run faults -- dark-market`, smaller.

import { expect, test } from 'vitest'
import { withCleanup } from '../../bench/cleanup.ts'
import { runDarkMarket } from './dark-market.ts'

test.each([1, 2, 8])('seed %i: a dark hour ends as if home had been there', async (seed) => {
  const postgresUrl = process.env.MOTU_POSTGRES_URL!
  const options = { postgresUrl, seed, orders: 150, progress: () => {} }
  const report = await withCleanup((cleanup) => runDarkMarket(options, cleanup))
  expect(report.different).toEqual([])
  expect(report.broken_rules).toEqual([])
  expect(report.ok, JSON.stringify(report)).toBe(true)
})
