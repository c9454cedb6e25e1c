// Pure: no I/O, no clock, no randomness.
// Price limits, worked out by hand: on both sides of each day, at changes of tick, on each board.

import { decimal, formatDecimal } from '../../decimal.ts'
import {
  ipoPriceLimitsOf,
  limitRowOf,
  type LimitRules,
  type PriceLimits,
  priceLimitsOf,
} from '../price-limits.ts'
import type { SessionName } from '../session-table.ts'
import { type RuleCase, type SubjectName, SUBJECTS } from './rule-case.ts'

type Row = readonly [SubjectName, date: string, base: string, outcome: string]

const NONE = 'none'

/** Lower and upper limit, and the row they come from. */
const DAYS: readonly Row[] = [
  // Samsung Electronics in November 2024. The width is 16,200, so the lower one is not 37,950.
  ['KOSPI', '2024-11-20', '54200', '38000 70400 krx-limits-30'],
  // A Friday and the Monday after.
  ['KOSPI', '2014-12-30', '10000', '8500 11500 krx-limits-15'],
  ['KOSPI', '2015-06-12', '10000', '8500 11500 krx-limits-15'],
  ['KOSPI', '2015-06-14', '10000', '8500 11500 krx-limits-15'],
  ['KOSPI', '2015-06-15', '10000', '7000 13000 krx-limits-30'],
  ['KOSDAQ', '2015-06-12', '10000', '8500 11500 krx-limits-15'],
  ['KOSDAQ', '2015-06-15', '10000', '7000 13000 krx-limits-30'],
  ['KRX_ETF', '2015-06-12', '10000', '8500 11500 krx-limits-15'],
  ['KRX_ETF', '2015-06-15', '10000', '7000 13000 krx-limits-30'],
  ['KONEX', '2014-12-30', '10000', '8500 11500 krx-limits-konex'],
  ['KONEX', '2015-06-15', '10000', '8500 11500 krx-limits-konex'],
  ['KONEX', '2026-11-20', '10000', '8500 11500 krx-limits-konex'],
  ['US', '2026-11-20', '10000', NONE],
  ['US_ETF', '2026-11-20', '10000', NONE],
  ['BTC', '2026-11-20', '10000', NONE],
  // By the ticks of the day: 155,000 × 0.3 = 46,500, with ticks of 500 and of 100.
  ['KOSPI', '2023-01-24', '155500', '109000 202000 krx-limits-30'],
  ['KOSPI', '2023-01-25', '155500', '108900 202000 krx-limits-30'],
  ['KOSDAQ', '2023-01-24', '155500', '108900 202100 krx-limits-30'],
  ['KOSDAQ', '2023-01-25', '155500', '108900 202000 krx-limits-30'],
  // Where the upper limit has a coarser tick than the base.
  ['KOSPI', '2026-11-20', '1538', '1077 1999 krx-limits-30'],
  ['KOSPI', '2026-11-20', '1540', '1078 2000 krx-limits-30'],
  ['KOSPI', '2026-11-20', '1995', '1397 2590 krx-limits-30'],
  ['KOSPI', '2026-11-20', '385000', '269500 500000 krx-limits-30'],
  ['KOSPI', '2026-11-20', '561000', '393000 729000 krx-limits-30'],
  // ETFs: five won, and one below 2,000 since 2023-12-18.
  ['KRX_ETF', '2023-12-17', '1600', '1120 2080 krx-limits-30'],
  ['KRX_ETF', '2023-12-17', '1605', '1125 2085 krx-limits-30'],
  ['KRX_ETF', '2023-12-18', '1605', '1124 2085 krx-limits-30'],
  // Below four won nothing may move.
  ['KOSPI', '2026-11-20', '3', '3 3 krx-limits-30'],
  ['KOSPI', '2026-11-20', '4', '3 5 krx-limits-30'],
  // Bases that no day has, for the last digit of each width.
  ['KOSPI', '2015-06-12', '6.66666666', '7 6 krx-limits-15'],
  ['KOSPI', '2015-06-15', '3.33333333', '4 3 krx-limits-30'],
  ['KONEX', '2026-11-20', '6.66666666', '7 6 krx-limits-konex'],
]

const SINGLE_PRICE: readonly Row[] = [
  ['KOSPI', '2014-12-30', '10000', '9000 11000 krx-limits-single-price'],
  ['KOSPI', '2026-09-11', '54200', '48800 59600 krx-limits-single-price'],
  ['KOSDAQ', '2026-09-11', '10000', '9000 11000 krx-limits-single-price'],
  ['KONEX', '2026-09-11', '10000', '9000 11000 krx-limits-single-price'],
  ['KOSPI', '2026-09-11', '9.99999999', '10 9 krx-limits-single-price'],
  ['US', '2026-09-11', '10000', NONE],
]

const AFTER_MARKET: readonly Row[] = [
  ['KOSPI', '2026-09-14', '54200', '38000 70400 krx-limits-30'],
  ['KOSDAQ', '2026-09-14', '54200', '38000 70400 krx-limits-30'],
]

const IPO: readonly Row[] = [
  ['KOSPI', '2023-06-25', '10000', NONE],
  ['KOSPI', '2023-06-26', '10000', '6000 40000 krx-ipo-2023'],
  ['KOSDAQ', '2026-11-20', '10000', '6000 40000 krx-ipo-2023'],
  ['KOSDAQ', '2026-11-20', '12345', '7410 49350 krx-ipo-2023'],
  ['KOSPI', '2026-11-20', '27000', '16200 108000 krx-ipo-2023'],
  ['KONEX', '2026-11-20', '10000', NONE],
  ['KRX_ETF', '2026-11-20', '10000', NONE],
  ['US', '2026-11-20', '10000', NONE],
  // Prices that no share was offered at, for the last digits of 60 % and 400 %.
  ['KOSPI', '2026-11-20', '10000.00000001', '6010 40000 krx-ipo-2023'],
  ['KOSPI', '2026-11-20', '9999.99999999', '6000 39950 krx-ipo-2023'],
]

export const LIMIT_CASES: readonly RuleCase<LimitRules>[] = [
  ...DAYS.map((row) => dayCase(row)),
  ...SINGLE_PRICE.map((row) => dayCase(row, 'after_hours_single')),
  ...AFTER_MARKET.map((row) => dayCase(row, 'after')),
  ...IPO.map(([subject, date, offer, expected]) => ({
    name: `first day of ${subject} on ${date}, offered at ${offer}`,
    expected,
    actual: (rules: LimitRules) => {
      const limits = ipoPriceLimitsOf(SUBJECTS[subject], decimal(offer), date, rules)
      return told(limits, limits?.rule)
    },
  })),
]

function dayCase(
  [subject, date, base, expected]: Row,
  session: SessionName = 'regular',
): RuleCase<LimitRules> {
  return {
    name: `${subject} on ${date} around ${base} (${session})`,
    expected,
    actual: (rules) => {
      const limits = priceLimitsOf(SUBJECTS[subject], decimal(base), date, { session, rules })
      return told(limits, limitRowOf(SUBJECTS[subject], date, { session, rules })?.id)
    },
  }
}

function told(limits: PriceLimits | null, rule: string | undefined): string {
  if (!limits) return rule ?? NONE
  return `${formatDecimal(limits.lower)} ${formatDecimal(limits.upper)} ${rule}`
}
