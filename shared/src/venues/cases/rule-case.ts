// Pure: no I/O, no clock, no randomness.
// Cases for rule tables, as data: each says what comes out, and takes the tables as an argument, so
// that one test can hold the real ones to it and another can show that it notices a change.

import type { Instrument } from '../../instrument.ts'
import type { TickSubject } from '../ticks.ts'

export type RuleCase<Rules> = {
  readonly name: string
  readonly expected: string
  readonly actual: (rules: Rules) => string
}

/** What comes out under some tables; the message where they make the rule throw. */
export function outcomeOf<Rules>(one: RuleCase<Rules>, rules: Rules): string {
  try {
    return one.actual(rules)
  } catch (error) {
    return `throws: ${error instanceof Error ? error.message : String(error)}`
  }
}

type Subject = TickSubject & Pick<Instrument, 'board'>

export const SUBJECTS = {
  KOSPI: { tickerId: 'KRX-STOCK-005930', venue: 'KRX', kind: 'STOCK', board: 'KOSPI' },
  KOSDAQ: { tickerId: 'KRX-STOCK-247540', venue: 'KRX', kind: 'STOCK', board: 'KOSDAQ' },
  KONEX: { tickerId: 'KRX-STOCK-140610', venue: 'KRX', kind: 'STOCK', board: 'KONEX' },
  KRX_ETF: { tickerId: 'KRX-ETF-069500', venue: 'KRX', kind: 'ETF', board: 'KOSPI' },
  US: { tickerId: 'US-STOCK-AAPL', venue: 'US', kind: 'STOCK', board: null },
  US_ETF: { tickerId: 'US-ETF-SPY', venue: 'US', kind: 'ETF', board: null },
  BTC: { tickerId: 'CRYPTO-COIN-BTC', venue: 'CRYPTO', kind: 'COIN', board: null },
} as const satisfies Record<string, Subject>

export type SubjectName = keyof typeof SUBJECTS

/** A coin of Upbit. */
export function coin(symbol: string): Subject {
  return { ...SUBJECTS.BTC, tickerId: `CRYPTO-COIN-${symbol}` }
}
