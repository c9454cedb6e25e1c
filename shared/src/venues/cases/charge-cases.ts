// Pure: no I/O, no clock, no randomness.
// What a fill is charged, on both sides of each day a rate changed and of each cap. Rates and days
// are typed from the notices, amounts worked out by hand.

import { decimal, formatDecimal, SCALE } from '../../decimal.ts'
import type { Side } from '../../order.ts'
import { type ChargeKind, type ChargeTable, chargesBy } from '../charges.ts'
import { type RuleCase, type SubjectName, SUBJECTS } from './rule-case.ts'

type Row = {
  readonly subject: SubjectName
  readonly side: Side
  readonly kind: ChargeKind
  readonly traded: string
  readonly settled: string
  readonly quantity: string
  readonly notionalKrw: string
  readonly rate: string
  /** `none`, or `row rate unit cap: amount in won`. */
  readonly expected: string
}

/** A sell of 1,000,000 won, settled on a day, sold two days before it. */
type TaxDay = readonly [SubjectName, settled: string, sold: string, expected: string]

const TAXES: readonly TaxDay[] = [
  ['KOSPI', '2014-12-30', '2014-12-26', 'krx-tax-1996 0.3%: 3000'],
  ['KOSPI', '2019-06-02', '2019-05-29', 'krx-tax-1996 0.3%: 3000'],
  ['KOSPI', '2019-06-03', '2019-05-30', 'krx-tax-2019 0.25%: 2500'],
  ['KOSPI', '2020-12-31', '2020-12-29', 'krx-tax-2019 0.25%: 2500'],
  ['KOSPI', '2021-01-01', '2020-12-30', 'krx-tax-2021 0.23%: 2300'],
  ['KOSPI', '2022-12-31', '2022-12-27', 'krx-tax-2021 0.23%: 2300'],
  ['KOSPI', '2023-01-01', '2022-12-28', 'krx-tax-2023 0.2%: 2000'],
  ['KOSPI', '2023-12-31', '2023-12-26', 'krx-tax-2023 0.2%: 2000'],
  ['KOSPI', '2024-01-01', '2023-12-27', 'krx-tax-2024 0.18%: 1800'],
  // T+2 at two year ends: the last trading day of the year settles nothing.
  ['KOSPI', '2024-12-30', '2024-12-26', 'krx-tax-2024 0.18%: 1800'],
  ['KOSPI', '2024-12-31', '2024-12-26', 'krx-tax-2024 0.18%: 1800'],
  ['KOSPI', '2025-01-01', '2024-12-27', 'krx-tax-2025 0.15%: 1500'],
  ['KOSPI', '2025-01-02', '2024-12-27', 'krx-tax-2025 0.15%: 1500'],
  ['KOSPI', '2025-12-30', '2025-12-26', 'krx-tax-2025 0.15%: 1500'],
  ['KOSPI', '2025-12-31', '2025-12-26', 'krx-tax-2025 0.15%: 1500'],
  ['KOSPI', '2026-01-01', '2025-12-29', 'krx-tax-2026 0.2%: 2000'],
  ['KOSPI', '2026-01-02', '2025-12-29', 'krx-tax-2026 0.2%: 2000'],
  ['KOSPI', '2026-11-20', '2026-11-18', 'krx-tax-2026 0.2%: 2000'],
  ['KOSDAQ', '2019-06-02', '2019-05-29', 'krx-tax-1996 0.3%: 3000'],
  ['KOSDAQ', '2019-06-03', '2019-05-30', 'krx-tax-2019 0.25%: 2500'],
  ['KOSDAQ', '2026-11-20', '2026-11-18', 'krx-tax-2026 0.2%: 2000'],
  ['KONEX', '2014-12-30', '2014-12-26', 'krx-tax-konex-2013 0.3%: 3000'],
  ['KONEX', '2019-06-02', '2019-05-29', 'krx-tax-konex-2013 0.3%: 3000'],
  ['KONEX', '2019-06-03', '2019-05-30', 'krx-tax-konex-2019 0.1%: 1000'],
  ['KONEX', '2026-11-20', '2026-11-18', 'krx-tax-konex-2019 0.1%: 1000'],
  ['KRX_ETF', '2026-11-20', '2026-11-18', 'none'],
  ['US', '2026-11-20', '2026-11-19', 'none'],
  ['BTC', '2026-11-20', '2026-11-20', 'none'],
]

/** A sell of a million dollars at 1,400 won, traded on a day and settled on the next. */
type FeeDay = readonly [traded: string, settled: string, expected: string]

const SEC_FEES: readonly FeeDay[] = [
  ['2014-12-30', '2014-12-31', 'sec-fee-2014 0.00221%: 30940'],
  ['2015-02-13', '2015-02-14', 'sec-fee-2014 0.00221%: 30940'],
  ['2015-02-14', '2015-02-15', 'sec-fee-2015 0.00184%: 25760'],
  ['2016-02-15', '2016-02-16', 'sec-fee-2015 0.00184%: 25760'],
  ['2016-02-16', '2016-02-17', 'sec-fee-2016 0.00218%: 30520'],
  ['2017-07-03', '2017-07-04', 'sec-fee-2016 0.00218%: 30520'],
  ['2017-07-04', '2017-07-05', 'sec-fee-2017 0.00231%: 32340'],
  ['2018-05-21', '2018-05-22', 'sec-fee-2017 0.00231%: 32340'],
  ['2018-05-22', '2018-05-23', 'sec-fee-2018 0.0013%: 18200'],
  ['2019-04-15', '2019-04-16', 'sec-fee-2018 0.0013%: 18200'],
  ['2019-04-16', '2019-04-17', 'sec-fee-2019 0.00207%: 28980'],
  ['2020-02-17', '2020-02-18', 'sec-fee-2019 0.00207%: 28980'],
  ['2020-02-18', '2020-02-19', 'sec-fee-2020 0.00221%: 30940'],
  ['2021-02-24', '2021-02-25', 'sec-fee-2020 0.00221%: 30940'],
  ['2021-02-25', '2021-02-26', 'sec-fee-2021 0.00051%: 7140'],
  ['2022-05-13', '2022-05-14', 'sec-fee-2021 0.00051%: 7140'],
  ['2022-05-14', '2022-05-15', 'sec-fee-2022 0.00229%: 32060'],
  ['2023-02-26', '2023-02-27', 'sec-fee-2022 0.00229%: 32060'],
  ['2023-02-27', '2023-02-28', 'sec-fee-2023 0.0008%: 11200'],
  ['2024-05-21', '2024-05-22', 'sec-fee-2023 0.0008%: 11200'],
  ['2024-05-22', '2024-05-23', 'sec-fee-2024 0.00278%: 38920'],
  ['2025-05-13', '2025-05-14', 'sec-fee-2024 0.00278%: 38920'],
  ['2025-05-14', '2025-05-15', 'none'],
  ['2026-04-03', '2026-04-04', 'none'],
  ['2026-04-04', '2026-04-05', 'sec-fee-2026 0.00206%: 28840'],
  ['2026-11-20', '2026-11-21', 'sec-fee-2026 0.00206%: 28840'],
]

/** A sell of shares at 1,000 won a dollar, settled on the next day: under, at and over the cap. */
type ActivityDay = readonly [
  traded: string,
  settled: string,
  row: string,
  amounts: readonly (readonly [shares: string, amount: string])[],
]

const ACTIVITY_FEES: readonly ActivityDay[] = [
  ['2014-12-30', '2014-12-31', 'taf-2012 0.000119$ 5.95', [['100', '11.9']]],
  [
    '2021-12-31',
    '2022-01-01',
    'taf-2012 0.000119$ 5.95',
    [
      ['49999', '5949.881'],
      ['50000', '5950'],
      ['50001', '5950'],
    ],
  ],
  [
    '2022-01-01',
    '2022-01-02',
    'taf-2022 0.00013$ 6.49',
    [
      ['49923', '6489.99'],
      ['49924', '6490'],
      ['90000', '6490'],
    ],
  ],
  ['2022-12-31', '2023-01-01', 'taf-2022 0.00013$ 6.49', [['1000', '130']]],
  [
    '2023-01-01',
    '2023-01-02',
    'taf-2023 0.000145$ 7.27',
    [
      ['50137', '7269.865'],
      ['50138', '7270'],
    ],
  ],
  ['2023-12-31', '2024-01-01', 'taf-2023 0.000145$ 7.27', [['1000', '145']]],
  [
    '2024-01-01',
    '2024-01-02',
    'taf-2024 0.000166$ 8.3',
    [
      ['49999', '8299.834'],
      ['50000', '8300'],
      ['50001', '8300'],
    ],
  ],
  ['2025-12-31', '2026-01-01', 'taf-2024 0.000166$ 8.3', [['1000', '166']]],
  [
    '2026-01-01',
    '2026-01-02',
    'taf-2026 0.000195$ 9.79',
    [
      ['0.000001', '0.0000002'],
      ['50205', '9789.975'],
      ['50206', '9790'],
      ['50207', '9790'],
    ],
  ],
  ['2026-12-31', '2027-01-01', 'taf-2026 0.000195$ 9.79', [['1000', '195']]],
  [
    '2027-01-01',
    '2027-01-02',
    'taf-2027 0.000232$ 11.61',
    [
      ['50043', '11609.976'],
      ['50044', '11610'],
    ],
  ],
  ['2027-12-31', '2028-01-01', 'taf-2027 0.000232$ 11.61', [['1000', '232']]],
  [
    '2028-01-01',
    '2028-01-02',
    'taf-2028 0.00024$ 12.05',
    [
      ['50208', '12049.92'],
      ['50209', '12050'],
    ],
  ],
  ['2028-12-31', '2029-01-01', 'taf-2028 0.00024$ 12.05', [['1000', '240']]],
  [
    '2029-01-01',
    '2029-01-02',
    'taf-2029 0.000249$ 12.5',
    [
      ['50200', '12499.8'],
      ['50201', '12500'],
    ],
  ],
]

/** A fill of so many won, bought and sold. */
const COMMISSIONS: readonly (readonly [SubjectName, won: string, expected: string])[] = [
  ['KOSPI', '1000000', 'krx-commission-stock 0.0140527%: 140.527'],
  ['KOSPI', '0.00000001', 'krx-commission-stock 0.0140527%: 0.00000001'],
  ['KOSDAQ', '70000', 'krx-commission-stock 0.0140527%: 9.83689'],
  ['KONEX', '70000', 'krx-commission-stock 0.0140527%: 9.83689'],
  ['KRX_ETF', '1000000', 'krx-commission-etf 0.0146527%: 146.527'],
  ['US', '1792640', 'us-commission 0.1%: 1792.64'],
  ['US', '0.00001', 'us-commission 0.1%: 0.00000001'],
  ['US', '0.00001001', 'us-commission 0.1%: 0.00000002'],
  ['US_ETF', '1792640', 'us-commission 0.1%: 1792.64'],
  ['BTC', '950000', 'upbit-commission 0.05%: 475'],
  ['BTC', '5000', 'upbit-commission 0.05%: 2.5'],
]

const DAY = { traded: '2026-11-19', settled: '2026-11-20' }
const LONG_AGO = { traded: '2014-12-30', settled: '2014-12-30' }
const SHARES = { quantity: '1000', rate: '1' }
const DOLLARS = { subject: 'US', side: 'SELL', quantity: '1', rate: '1400' } as const

const ROWS: readonly Row[] = [
  ...TAXES.map(([subject, settled, traded, expected]): Row => {
    const sold = { ...SHARES, notionalKrw: '1000000', side: 'SELL' } as const
    return { ...sold, subject, settled, traded, kind: 'transaction_tax', expected }
  }),
  ...SEC_FEES.map(([traded, settled, expected]): Row => {
    return { ...DOLLARS, kind: 'sec_fee', notionalKrw: '1400000000', traded, settled, expected }
  }),
  ...ACTIVITY_FEES.flatMap(([traded, settled, row, amounts]) =>
    amounts.map(([quantity, amount]): Row => {
      const sold = { ...DOLLARS, kind: 'taf', notionalKrw: '1000', traded, settled } as const
      return { ...sold, quantity, rate: '1000', expected: `${row}: ${amount}` }
    }),
  ),
  ...COMMISSIONS.flatMap(([subject, notionalKrw, expected]) =>
    [DAY, LONG_AGO].flatMap((dates) =>
      (['BUY', 'SELL'] as const).map((side): Row => ({
        ...{ ...SHARES, ...dates, subject, side, notionalKrw, kind: 'commission', expected },
      })),
    ),
  ),
  ...(['transaction_tax', 'sec_fee', 'taf'] as const).flatMap((kind) =>
    (['KOSPI', 'KONEX', 'US', 'US_ETF'] as const).map((subject): Row => ({
      ...{ ...SHARES, ...DAY, subject, kind, side: 'BUY', notionalKrw: '1000000' },
      expected: 'none',
    })),
  ),
  {
    ...DOLLARS,
    ...DAY,
    subject: 'US_ETF',
    kind: 'sec_fee',
    notionalKrw: '1400',
    expected: 'sec-fee-2026 0.00206%: 0.02884',
  },
  {
    ...DOLLARS,
    ...DAY,
    subject: 'US_ETF',
    kind: 'taf',
    notionalKrw: '1400',
    expected: 'taf-2026 0.000195$ 9.79: 0.273',
  },
  // At 1,400.5 won a dollar, a tenth of a share: 0.02730975 won. And a sliver, rounded up.
  {
    ...DOLLARS,
    ...DAY,
    quantity: '0.1',
    rate: '1400.5',
    kind: 'taf',
    notionalKrw: '1400',
    expected: 'taf-2026 0.000195$ 9.79: 0.02730975',
  },
  {
    ...DOLLARS,
    ...DAY,
    quantity: '0.000001',
    rate: '1400.5',
    kind: 'taf',
    notionalKrw: '1',
    expected: 'taf-2026 0.000195$ 9.79: 0.00000028',
  },
]

export type ChargeRules = readonly ChargeTable[]

export const CHARGE_CASES: readonly RuleCase<ChargeRules>[] = ROWS.map((row) => ({
  name: `${row.kind} of ${row.quantity} ${row.subject} for ${row.notionalKrw}, ${row.side} ${row.traded}, settled ${row.settled}`,
  expected: row.expected,
  actual: (rules) => told(row, rules),
}))

function told(row: Row, rules: ChargeRules): string {
  const quantity = decimal(row.quantity)
  const notionalKrw = decimal(row.notionalKrw)
  const fill = { quantity, notionalKrw, price: SCALE, appliedExchangeRate: decimal(row.rate) }
  const charges = chargesBy(rules, {
    instrument: SUBJECTS[row.subject],
    side: row.side,
    order: { before: { quantity: 0n, notionalKrw: 0n }, fill },
    dates: { tradeDate: row.traded, settlementDate: row.settled },
  })
  const lines = charges
    .filter(({ kind }) => kind === row.kind)
    .map(({ rule, rate, unit, cap, amountKrw }) => {
      const limit = cap === null ? '' : ` ${formatDecimal(cap)}`
      const sign = unit === 'percent_of_notional' ? '%' : '$'
      return `${rule} ${formatDecimal(rate)}${sign}${limit}: ${formatDecimal(amountKrw)}`
    })
  return lines.join(', ') || 'none'
}
