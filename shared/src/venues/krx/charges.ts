// Pure: no I/O, no clock, no randomness.
// What a KRX fill costs: a broker's commission both ways, and the transaction tax on sells.

import { decimal } from '../../decimal.ts'
import type { ChargeTable } from '../charges.ts'

const BANKIS = 'Korea Investment & Securities, BanKIS online; how long it has held is not checked'
const TAX_ACT = 'Enforcement Decree of the Securities Transaction Tax Act'

/**
 * Percent of the notional, by the day the shares are transferred (the settlement date, T+2): what
 * is sold on 2024-12-27 settles in 2025 and pays its rate. The rates are sums: on KOSPI the tax
 * proper (0.05 in 2026) and 0.15 rural special tax, on KOSDAQ one tax as high as both. ETFs are
 * exempt. Brokers floor the tax to a won; here it is exact, and never rounded down.
 */
export const KRX_CHARGES: readonly ChargeTable[] = [
  {
    kind: 'commission',
    venue: 'KRX',
    kinds: ['STOCK'],
    boards: null,
    sides: ['BUY', 'SELL'],
    unit: 'percent_of_notional',
    datedBy: 'trade',
    rows: [
      {
        id: 'krx-commission-stock',
        from: null,
        source: BANKIS,
        rate: decimal('0.0140527'),
        cap: null,
      },
    ],
  },
  {
    kind: 'commission',
    venue: 'KRX',
    kinds: ['ETF'],
    boards: null,
    sides: ['BUY', 'SELL'],
    unit: 'percent_of_notional',
    datedBy: 'trade',
    rows: [
      {
        id: 'krx-commission-etf',
        from: null,
        source: BANKIS,
        rate: decimal('0.0146527'),
        cap: null,
      },
    ],
  },
  {
    kind: 'transaction_tax',
    venue: 'KRX',
    kinds: ['STOCK'],
    boards: ['KOSPI', 'KOSDAQ'],
    sides: ['SELL'],
    unit: 'percent_of_notional',
    datedBy: 'settlement',
    rows: [
      {
        id: 'krx-tax-1996',
        from: null,
        source: `${TAX_ACT} before 2019-06-03; unchanged since 1996 (fntimes.com, 2019-04-02)`,
        rate: decimal('0.3'),
        cap: null,
      },
      {
        id: 'krx-tax-2019',
        from: '2019-06-03',
        source: `${TAX_ACT}, cabinet decision of 2019-05-21: sold from 2019-05-30`,
        rate: decimal('0.25'),
        cap: null,
      },
      { id: 'krx-tax-2021', from: '2021-01-01', source: TAX_ACT, rate: decimal('0.23'), cap: null },
      { id: 'krx-tax-2023', from: '2023-01-01', source: TAX_ACT, rate: decimal('0.2'), cap: null },
      { id: 'krx-tax-2024', from: '2024-01-01', source: TAX_ACT, rate: decimal('0.18'), cap: null },
      {
        id: 'krx-tax-2025',
        from: '2025-01-01',
        source: `${TAX_ACT}; sold from 2024-12-27 (notice of Hanyang Securities)`,
        rate: decimal('0.15'),
        cap: null,
      },
      {
        id: 'krx-tax-2026',
        from: '2026-01-01',
        source: `${TAX_ACT}; sold from 2025-12-29, derived by the same T+2`,
        rate: decimal('0.2'),
        cap: null,
      },
    ],
  },
  {
    kind: 'transaction_tax',
    venue: 'KRX',
    kinds: ['STOCK'],
    boards: ['KONEX'],
    sides: ['SELL'],
    unit: 'percent_of_notional',
    datedBy: 'settlement',
    rows: [
      {
        id: 'krx-tax-konex-2013',
        from: null,
        source: `${TAX_ACT} before 2019-06-03`,
        rate: decimal('0.3'),
        cap: null,
      },
      {
        id: 'krx-tax-konex-2019',
        from: '2019-06-03',
        source: `${TAX_ACT}, cabinet decision of 2019-05-21`,
        rate: decimal('0.1'),
        cap: null,
      },
    ],
  },
]
