// Pure: no I/O, no clock, no randomness.
// The ticks of Upbit's KRW market, by day (docs.upbit.com, "KRW market info" and its changelog).
// The live truth is GET /v1/orderbook/instruments.

import { decimal } from '../../decimal.ts'
import { tickLadder } from '../tick-ladder.ts'
import type { DatedLadder, TickException } from '../ticks.ts'

export const UPBIT_KRW_TICK_ROWS: readonly DatedLadder[] = [
  {
    id: 'upbit-ticks-before-2024',
    from: null,
    source: 'docs.upbit.com v1.4.1, KRW market ticks; how long it had held is not checked',
    ladder: tickLadder(
      ['2000000', '1000'],
      ['1000000', '500'],
      ['500000', '100'],
      ['100000', '50'],
      ['10000', '10'],
      ['1000', '5'],
      ['100', '1'],
      ['10', '0.1'],
      ['1', '0.01'],
      ['0.1', '0.001'],
      ['0', '0.0001'],
    ),
  },
  {
    id: 'upbit-ticks-2024',
    from: '2024-01-29',
    source: 'docs.upbit.com v1.4.5, KRW market ticks; changelog tick_unit_change',
    ladder: tickLadder(
      ['2000000', '1000'],
      ['1000000', '500'],
      ['500000', '100'],
      ['100000', '50'],
      ['10000', '10'],
      ['1000', '1'],
      ['100', '0.1'],
      ['10', '0.01'],
      ['1', '0.001'],
      ['0.1', '0.0001'],
      ['0.01', '0.00001'],
      ['0.001', '0.000001'],
      ['0.0001', '0.0000001'],
      ['0', '0.00000001'],
    ),
  },
  {
    id: 'upbit-ticks-2025',
    from: '2025-07-31',
    source: 'docs.upbit.com, KRW market info as of 2026-05; changelog krw_tick_unit_change_250731',
    ladder: tickLadder(
      ['1000000', '1000'],
      ['500000', '500'],
      ['100000', '100'],
      ['50000', '50'],
      ['10000', '10'],
      ['5000', '5'],
      ['100', '1'],
      ['10', '0.1'],
      ['1', '0.01'],
      ['0.1', '0.001'],
      ['0.01', '0.0001'],
      ['0.001', '0.00001'],
      ['0.0001', '0.000001'],
      ['0.00001', '0.0000001'],
      ['0', '0.00000001'],
    ),
  },
]

// prettier-ignore
const ONE_WON_COINS = [
  'ADA', 'ALGO', 'BLUR', 'CELO', 'ELF', 'EOS', 'GRS', 'GRT',
  'ICX', 'MANA', 'MINA', 'POL', 'SAND', 'SEI', 'STG', 'TRX',
] as const

/** Coins that for a while had a tick of their own in one band. */
export const UPBIT_KRW_TICK_EXCEPTIONS: readonly TickException[] = [
  {
    id: 'upbit-ticks-16-coins-2024',
    from: '2024-10-01',
    until: '2025-07-31',
    source: 'Upbit changelog krw_tick_unit_change: 2024-10-01; a later page of Upbit says 10-14',
    symbols: ONE_WON_COINS,
    lowest: decimal('100'),
    below: decimal('1000'),
    tick: decimal('1'),
  },
  {
    id: 'upbit-ticks-dollar-coins-2025',
    from: '2025-03-21',
    until: '2025-07-31',
    source: 'Upbit changelog usdtkrw_tick_unit_change; its end with the new ladder is derived',
    symbols: ['USDT', 'USDC'],
    lowest: decimal('1000'),
    below: decimal('10000'),
    tick: decimal('0.5'),
  },
]
