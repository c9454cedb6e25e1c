// Pure: no I/O, no clock, no randomness.
// What a US fill costs: a Korean broker's commission both ways, and two fees on sells that the
// broker passes on. Brokers round those up to a cent; here they are exact, and never rounded down.

import { decimal } from '../../decimal.ts'
import type { ChargeRow, ChargeTable } from '../charges.ts'

/**
 * Section 31 of the Exchange Act. The SEC names dollars in a million: 20.60 is 0.00206 %. The rate
 * of its fiscal year 2027 is not known here: the row of 2026 holds until someone adds the next.
 */
const SEC_FEES: readonly ChargeRow[] = [
  {
    id: 'sec-fee-2014',
    from: null,
    source: 'FINRA information notice 3/3/14, from 2014-03-18: $22.10; earlier rates not modelled',
    rate: decimal('0.00221'),
    cap: null,
  },
  {
    id: 'sec-fee-2015',
    from: '2015-02-14',
    source: 'SEC fee rate advisory: $18.40; general knowledge, not re-checked',
    rate: decimal('0.00184'),
    cap: null,
  },
  {
    id: 'sec-fee-2016',
    from: '2016-02-16',
    source: 'FINRA information notice 3/15/16: $21.80; its first day not re-checked',
    rate: decimal('0.00218'),
    cap: null,
  },
  {
    id: 'sec-fee-2017',
    from: '2017-07-04',
    source: 'SEC fee rate advisory: $23.10; its first day not re-checked',
    rate: decimal('0.00231'),
    cap: null,
  },
  {
    id: 'sec-fee-2018',
    from: '2018-05-22',
    source: 'FINRA information notice 5/7/18: $13.00',
    rate: decimal('0.0013'),
    cap: null,
  },
  {
    id: 'sec-fee-2019',
    from: '2019-04-16',
    source: 'SEC fee rate advisory 2 for fiscal year 2019: $20.70',
    rate: decimal('0.00207'),
    cap: null,
  },
  {
    id: 'sec-fee-2020',
    from: '2020-02-18',
    source: 'SEC fee rate advisory 2 for fiscal year 2020: $22.10',
    rate: decimal('0.00221'),
    cap: null,
  },
  {
    id: 'sec-fee-2021',
    from: '2021-02-25',
    source: 'SEC fee rate advisory 2 for fiscal year 2021: $5.10',
    rate: decimal('0.00051'),
    cap: null,
  },
  {
    id: 'sec-fee-2022',
    from: '2022-05-14',
    source: 'SEC fee rate advisory: $22.90; general knowledge, not re-checked',
    rate: decimal('0.00229'),
    cap: null,
  },
  {
    id: 'sec-fee-2023',
    from: '2023-02-27',
    source: 'SEC release 34-96724: $8.00; its first day not re-checked',
    rate: decimal('0.0008'),
    cap: null,
  },
  {
    id: 'sec-fee-2024',
    from: '2024-05-22',
    source: 'SEC fee rate advisory for fiscal year 2024: $27.80',
    rate: decimal('0.00278'),
    cap: null,
  },
  {
    id: 'sec-fee-2025',
    from: '2025-05-14',
    source: 'SEC fee rate advisory of 2025-04-08, FINRA information notice 4/24/25: $0.00',
    rate: decimal('0'),
    cap: null,
  },
  {
    id: 'sec-fee-2026',
    from: '2026-04-04',
    source: 'SEC fee rate advisory for fiscal year 2026: $20.60',
    rate: decimal('0.00206'),
    cap: null,
  },
]

/**
 * FINRA's trading activity fee: dollars a share, with a cap in dollars a trade. A holiday of the fee
 * late in 2026 is told by one third party only, so no row says so.
 */
const ACTIVITY_FEES: readonly ChargeRow[] = [
  {
    id: 'taf-2012',
    from: null,
    source: 'FINRA By-Laws, schedule A, since 2012-07-01; earlier rates not modelled',
    rate: decimal('0.000119'),
    cap: decimal('5.95'),
  },
  {
    id: 'taf-2022',
    from: '2022-01-01',
    source: 'FINRA By-Laws, schedule A (SR-FINRA-2020-032); first day general knowledge',
    rate: decimal('0.00013'),
    cap: decimal('6.49'),
  },
  {
    id: 'taf-2023',
    from: '2023-01-01',
    source: 'FINRA By-Laws, schedule A (SR-FINRA-2020-032); first day general knowledge',
    rate: decimal('0.000145'),
    cap: decimal('7.27'),
  },
  {
    id: 'taf-2024',
    from: '2024-01-01',
    source: 'FINRA By-Laws, schedule A (SR-FINRA-2020-032)',
    rate: decimal('0.000166'),
    cap: decimal('8.3'),
  },
  {
    id: 'taf-2026',
    from: '2026-01-01',
    source: 'SR-FINRA-2024-019',
    rate: decimal('0.000195'),
    cap: decimal('9.79'),
  },
  {
    id: 'taf-2027',
    from: '2027-01-01',
    source: 'SR-FINRA-2024-019',
    rate: decimal('0.000232'),
    cap: decimal('11.61'),
  },
  {
    id: 'taf-2028',
    from: '2028-01-01',
    source: 'SR-FINRA-2024-019',
    rate: decimal('0.00024'),
    cap: decimal('12.05'),
  },
  {
    id: 'taf-2029',
    from: '2029-01-01',
    source: 'SR-FINRA-2024-019',
    rate: decimal('0.000249'),
    cap: decimal('12.5'),
  },
]

export const US_CHARGES: readonly ChargeTable[] = [
  {
    kind: 'commission',
    venue: 'US',
    kinds: ['STOCK', 'ETF'],
    boards: null,
    sides: ['BUY', 'SELL'],
    unit: 'percent_of_notional',
    datedBy: 'trade',
    rows: [
      {
        id: 'us-commission',
        from: null,
        source: 'event rate of Toss Securities; the list rate of Korean brokers is 0.25 %',
        rate: decimal('0.1'),
        cap: null,
      },
    ],
  },
  {
    kind: 'sec_fee',
    venue: 'US',
    kinds: ['STOCK', 'ETF'],
    boards: null,
    sides: ['SELL'],
    unit: 'percent_of_notional',
    datedBy: 'trade',
    rows: SEC_FEES,
  },
  {
    kind: 'taf',
    venue: 'US',
    kinds: ['STOCK', 'ETF'],
    boards: null,
    sides: ['SELL'],
    unit: 'per_share',
    datedBy: 'trade',
    rows: ACTIVITY_FEES,
  },
]
