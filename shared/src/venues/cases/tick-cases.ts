// Pure: no I/O, no clock, no randomness.
// Ticks at every border of every ladder, on both sides of each day a ladder changed. Typed from the
// venues' notices, not from the tables.

import { decimal, formatDecimal } from '../../decimal.ts'
import { tickRuleOf, type TickSubject, type TickTable } from '../ticks.ts'
import { coin, type RuleCase, SUBJECTS } from './rule-case.ts'

/** The lowest band's tick, then each border with the tick from there on. */
type Ladder = readonly [lowest: string, ...borders: (readonly [border: string, tick: string])[]]

const KOSPI_2010: Ladder = [
  '1',
  ['1000', '5'],
  ['5000', '10'],
  ['10000', '50'],
  ['50000', '100'],
  ['100000', '500'],
  ['500000', '1000'],
]
const KOSDAQ_2010: Ladder = ['1', ['1000', '5'], ['5000', '10'], ['10000', '50'], ['50000', '100']]
const KRX_2023: Ladder = [
  '1',
  ['2000', '5'],
  ['5000', '10'],
  ['20000', '50'],
  ['50000', '100'],
  ['200000', '500'],
  ['500000', '1000'],
]
const ETF_2023: Ladder = ['1', ['2000', '5']]
const US_2005: Ladder = ['0.0001', ['1', '0.01']]
const UPBIT_OLD: Ladder = [
  '0.0001',
  ['0.1', '0.001'],
  ['1', '0.01'],
  ['10', '0.1'],
  ['100', '1'],
  ['1000', '5'],
  ['10000', '10'],
  ['100000', '50'],
  ['500000', '100'],
  ['1000000', '500'],
  ['2000000', '1000'],
]
const UPBIT_2024: Ladder = [
  '0.00000001',
  ['0.0001', '0.0000001'],
  ['0.001', '0.000001'],
  ['0.01', '0.00001'],
  ['0.1', '0.0001'],
  ['1', '0.001'],
  ['10', '0.01'],
  ['100', '0.1'],
  ['1000', '1'],
  ['10000', '10'],
  ['100000', '50'],
  ['500000', '100'],
  ['1000000', '500'],
  ['2000000', '1000'],
]
const UPBIT_2025: Ladder = [
  '0.00000001',
  ['0.00001', '0.0000001'],
  ['0.0001', '0.000001'],
  ['0.001', '0.00001'],
  ['0.01', '0.0001'],
  ['0.1', '0.001'],
  ['1', '0.01'],
  ['10', '0.1'],
  ['100', '1'],
  ['5000', '5'],
  ['10000', '10'],
  ['50000', '50'],
  ['100000', '100'],
  ['500000', '500'],
  ['1000000', '1000'],
]

const { KOSPI, KOSDAQ, KONEX, KRX_ETF, US, US_ETF, BTC } = SUBJECTS

/** The last and the first day of each ladder, and a day long ago for what has no first one. */
const LADDERS: readonly (readonly [TickSubject, date: string, rule: string, Ladder])[] = [
  [KOSPI, '2014-12-30', 'krx-ticks-kospi-2010', KOSPI_2010],
  [KOSPI, '2023-01-24', 'krx-ticks-kospi-2010', KOSPI_2010],
  [KOSPI, '2023-01-25', 'krx-ticks-2023', KRX_2023],
  [KOSPI, '2026-11-20', 'krx-ticks-2023', KRX_2023],
  [KOSDAQ, '2014-12-30', 'krx-ticks-kosdaq-2010', KOSDAQ_2010],
  [KOSDAQ, '2023-01-24', 'krx-ticks-kosdaq-2010', KOSDAQ_2010],
  [KOSDAQ, '2023-01-25', 'krx-ticks-2023', KRX_2023],
  [KONEX, '2023-01-24', 'krx-ticks-kosdaq-2010', KOSDAQ_2010],
  [KONEX, '2023-01-25', 'krx-ticks-2023', KRX_2023],
  [KRX_ETF, '2014-12-30', 'krx-ticks-etf', ['5']],
  [KRX_ETF, '2023-01-25', 'krx-ticks-etf', ['5', ['2000', '5'], ['5000', '5'], ['20000', '5']]],
  [KRX_ETF, '2023-12-17', 'krx-ticks-etf', ['5', ['2000', '5']]],
  [KRX_ETF, '2023-12-18', 'krx-ticks-etf-2023', ETF_2023],
  [KRX_ETF, '2026-11-20', 'krx-ticks-etf-2023', [...ETF_2023, ['500000', '5']]],
  [US, '2014-12-30', 'us-ticks-2005', US_2005],
  [US, '2026-11-20', 'us-ticks-2005', US_2005],
  [US_ETF, '2026-11-20', 'us-ticks-2005', US_2005],
  [BTC, '2014-12-30', 'upbit-ticks-before-2024', UPBIT_OLD],
  [BTC, '2024-01-28', 'upbit-ticks-before-2024', UPBIT_OLD],
  [BTC, '2024-01-29', 'upbit-ticks-2024', UPBIT_2024],
  [BTC, '2025-07-30', 'upbit-ticks-2024', UPBIT_2024],
  [BTC, '2025-07-31', 'upbit-ticks-2025', UPBIT_2025],
  [BTC, '2026-11-20', 'upbit-ticks-2025', UPBIT_2025],
]

// prettier-ignore
const ONE_WON_COINS = [
  'ADA', 'ALGO', 'BLUR', 'CELO', 'ELF', 'EOS', 'GRS', 'GRT',
  'ICX', 'MANA', 'MINA', 'POL', 'SAND', 'SEI', 'STG', 'TRX',
]

/** Coins with a tick of their own: day, price, row, tick. */
const EXCEPTIONS: readonly (readonly [
  symbols: readonly string[],
  date: string,
  price: string,
  rule: string,
  tick: string,
])[] = [
  [ONE_WON_COINS, '2024-09-30', '500', 'upbit-ticks-2024', '0.1'],
  [ONE_WON_COINS, '2024-10-01', '99.99999999', 'upbit-ticks-2024', '0.01'],
  [ONE_WON_COINS, '2024-10-01', '100', 'upbit-ticks-16-coins-2024', '1'],
  [ONE_WON_COINS, '2024-10-01', '999.99999999', 'upbit-ticks-16-coins-2024', '1'],
  [ONE_WON_COINS, '2024-10-01', '1000', 'upbit-ticks-2024', '1'],
  [ONE_WON_COINS, '2025-07-30', '500', 'upbit-ticks-16-coins-2024', '1'],
  [ONE_WON_COINS, '2025-07-31', '500', 'upbit-ticks-2025', '1'],
  [['USDT', 'USDC', 'XRP', 'DOGE'], '2024-10-01', '500', 'upbit-ticks-2024', '0.1'],
  [['USDT', 'USDC'], '2025-03-20', '1400', 'upbit-ticks-2024', '1'],
  [['USDT', 'USDC'], '2025-03-21', '999.99999999', 'upbit-ticks-2024', '0.1'],
  [['USDT', 'USDC'], '2025-03-21', '1000', 'upbit-ticks-dollar-coins-2025', '0.5'],
  [['USDT', 'USDC'], '2025-03-21', '9999.99999999', 'upbit-ticks-dollar-coins-2025', '0.5'],
  [['USDT', 'USDC'], '2025-03-21', '10000', 'upbit-ticks-2024', '10'],
  [['USDT', 'USDC'], '2025-07-30', '1400', 'upbit-ticks-dollar-coins-2025', '0.5'],
  [['USDT', 'USDC'], '2025-07-31', '1400', 'upbit-ticks-2025', '1'],
  [['ADA', 'XRP'], '2025-03-21', '1400', 'upbit-ticks-2024', '1'],
]

export type TickRules = readonly TickTable[]

export const TICK_CASES: readonly RuleCase<TickRules>[] = [
  ...LADDERS.flatMap(([subject, date, rule, [lowest, ...borders]]) => {
    const rows: [price: string, outcome: string][] = [
      ['-0.00000001', 'throws: a ladder ends with a band from zero, and a price is never negative'],
      ['0', `${lowest} ${rule}`],
    ]
    let below = lowest
    for (const [border, tick] of borders) {
      rows.push([formatDecimal(decimal(border) - 1n), `${below} ${rule}`])
      rows.push([border, `${tick} ${rule}`])
      rows.push([formatDecimal(decimal(border) + 1n), `${tick} ${rule}`])
      below = tick
    }
    rows.push(['999999999', `${below} ${rule}`])
    return rows.map(([price, expected]) => tickCase(subject, date, price, expected))
  }),
  ...EXCEPTIONS.flatMap(([symbols, date, price, rule, tick]) =>
    symbols.map((symbol) => tickCase(coin(symbol), date, price, `${tick} ${rule}`)),
  ),
]

function tickCase(
  subject: TickSubject,
  date: string,
  price: string,
  expected: string,
): RuleCase<TickRules> {
  return {
    name: `${subject.tickerId} (${subject.board ?? subject.kind}) on ${date} at ${price}`,
    expected,
    actual: (rules) => {
      const { rule, tick } = tickRuleOf(subject, decimal(price), date, rules)
      return `${formatDecimal(tick)} ${rule}`
    },
  }
}
