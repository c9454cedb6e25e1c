// `web`: the symbol page as a viewer feels it: Motu as `npm start` starts it, with prices that come in
// at more than 50 a second, in a real Chromium on a processor slowed down four times.

import { chromium } from 'playwright-core'
import { BROWSER_ARGUMENTS, TRADING_PATH } from '../e2e/browser.ts'
import { MotuUnderTest } from '../e2e/motu-under-test.ts'
import { needChromium } from '../scripts/services.ts'
import type { Benchmark } from './benchmark.ts'
import { median } from './load/latencies.ts'
import { type Visit, visit } from './web/measure.ts'

/** Of 31 tickers: 62 quotes a second, beside the book, the tape and the quote of the page's own. */
const TICK_MS = '500'
/** With a build of the app before it, on a busy machine. */
const READY_MS = 300_000
const QUOTE_UPDATES_PER_S_MIN = 50

export const web: Benchmark = {
  name: 'web',
  summary: 'the symbol page in a slow browser: JS, LCP, CLS, INP',
  defaults: { rounds: 5 },
  async run({ rounds }, { cleanup, progress }) {
    progress('starting Motu, and building the app if need be')
    const motu = await MotuUnderTest.start({ env: { MOTU_TICK_MS: TICK_MS }, readyMs: READY_MS })
    cleanup.add(() => motu.remove())
    const executablePath = await needChromium()
    const browser = await chromium.launch({ executablePath, args: [...BROWSER_ARGUMENTS] })
    cleanup.add(() => browser.close())
    const place = { url: motu.url, path: TRADING_PATH, user: motu.signIn('demo') }
    const visits: Visit[] = []
    for (let round = 1; round <= rounds; round += 1) {
      const one = await visit(browser, place)
      visits.push(one)
      progress(`visit ${round}: ${JSON.stringify(one)}`)
    }
    const result = medians(visits)
    if (result.quote_updates_per_s < QUOTE_UPDATES_PER_S_MIN) {
      throw new Error(`only ${result.quote_updates_per_s} quotes a second reached the page`)
    }
    return result
  },
}

/** The middle of each figure; CLS is small enough to need its decimals. */
function medians(visits: readonly Visit[]): Visit {
  const names = Object.keys(visits[0]!) as (keyof Visit)[]
  const middle = (name: keyof Visit): number => {
    const digits = name === 'cls' ? 4 : 1
    return Number(median(visits.map((one) => one[name])).toFixed(digits))
  }
  return Object.fromEntries(names.map((name) => [name, middle(name)])) as Visit
}
