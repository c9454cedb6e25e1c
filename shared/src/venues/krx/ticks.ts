// Pure: no I/O, no clock, no randomness.
// The tick ladders of KRX, by board and by day (KRX business regulations, as told by the exchange's
// notice of 2023-01-17 in the press).

import { tickLadder } from '../tick-ladder.ts'
import type { DatedLadder } from '../ticks.ts'

/** KOSPI, KOSDAQ and KONEX alike: the reform of 2023 gave them one ladder. */
const KRX_2023: DatedLadder = {
  id: 'krx-ticks-2023',
  from: '2023-01-25',
  source: 'KRX notice on tick sizes, 2023-01-17 (ekn.kr, etoday.co.kr)',
  ladder: tickLadder(
    ['500000', '1000'],
    ['200000', '500'],
    ['50000', '100'],
    ['20000', '50'],
    ['5000', '10'],
    ['2000', '5'],
    ['0', '1'],
  ),
}

/** Shares of the KOSPI board. */
export const KRX_KOSPI_TICKS: readonly DatedLadder[] = [
  {
    id: 'krx-ticks-kospi-2010',
    from: null,
    source: 'KRX business regulations since 2010-10-04; what held before that day is not modelled',
    ladder: tickLadder(
      ['500000', '1000'],
      ['100000', '500'],
      ['50000', '100'],
      ['10000', '50'],
      ['5000', '10'],
      ['1000', '5'],
      ['0', '1'],
    ),
  },
  KRX_2023,
]

/** Shares of the KOSDAQ and KONEX boards, whose ticks ended at 100 won before 2023. */
export const KRX_KOSDAQ_TICKS: readonly DatedLadder[] = [
  {
    id: 'krx-ticks-kosdaq-2010',
    from: null,
    source: 'KRX business regulations since 2010-10-04; what held before that day is not modelled',
    ladder: tickLadder(
      ['50000', '100'],
      ['10000', '50'],
      ['5000', '10'],
      ['1000', '5'],
      ['0', '1'],
    ),
  },
  KRX_2023,
]

/** ETFs, and ETNs if they are ever listed here. */
export const KRX_ETF_TICKS: readonly DatedLadder[] = [
  {
    id: 'krx-ticks-etf',
    from: null,
    source: 'KRX business regulations: five won at every price',
    ladder: tickLadder(['0', '5']),
  },
  {
    id: 'krx-ticks-etf-2023',
    from: '2023-12-18',
    source: 'KRX business regulations: one won below 2,000 won since 2023-12-18',
    ladder: tickLadder(['2000', '5'], ['0', '1']),
  },
]
