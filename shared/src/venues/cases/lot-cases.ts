// Pure: no I/O, no clock, no randomness.
// Steps of quantities and what an order must and may be worth, by venue, type and session.

import { formatDecimal } from '../../decimal.ts'
import { type LotRules, lotOf, notionalLimitsOf } from '../lots.ts'
import type { OrderType } from '../../order.ts'
import type { SessionName } from '../session-table.ts'
import { type RuleCase, type SubjectName, SUBJECTS } from './rule-case.ts'

const LOTS: readonly (readonly [SubjectName, OrderType, SessionName | null, string])[] = [
  ['KOSPI', 'MARKET', 'regular', '1'],
  ['KOSPI', 'LIMIT', 'after', '1'],
  ['KRX_ETF', 'MARKET', 'regular', '1'],
  ['US', 'MARKET', 'regular', '0.000001'],
  ['US', 'MARKET', null, '0.000001'],
  ['US_ETF', 'MARKET', 'regular', '0.000001'],
  ['US', 'MARKET', 'pre', '1'],
  ['US', 'MARKET', 'after', '1'],
  ['US', 'MARKET', 'day', '1'],
  ['US', 'LIMIT', 'regular', '1'],
  ['US', 'LIMIT', 'pre', '1'],
  ['US', 'LIMIT', null, '1'],
  ['BTC', 'MARKET', 'regular', '0.00000001'],
  ['BTC', 'LIMIT', 'regular', '0.00000001'],
]

const NOTIONALS: readonly (readonly [SubjectName, string])[] = [
  ['KOSPI', '0 to any'],
  ['KRX_ETF', '0 to any'],
  ['US', '0 to any'],
  ['BTC', '5000 to 1000000000'],
]

export const LOT_CASES: readonly RuleCase<LotRules>[] = [
  ...LOTS.map(([subject, type, session, expected]) => ({
    name: `step of a ${type} order for ${subject} in ${session}`,
    expected,
    actual: (rules: LotRules) => formatDecimal(lotOf(SUBJECTS[subject], { type, session }, rules)),
  })),
  ...NOTIONALS.map(([subject, expected]) => ({
    name: `worth of an order for ${subject}`,
    expected,
    actual: (rules: LotRules) => {
      const { min, max } = notionalLimitsOf(SUBJECTS[subject], rules)
      return `${formatDecimal(min)} to ${max === null ? 'any' : formatDecimal(max)}`
    },
  })),
]
