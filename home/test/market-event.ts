// A market event for tests.

import type { MarketEvent } from '@motu/shared/market-data.ts'

export function marketEvent(
  tickerId: string,
  seq: number,
  overrides: Partial<MarketEvent> = {},
): MarketEvent {
  const at = new Date().toISOString()
  return {
    ticker_id: tickerId,
    price: '100',
    bid: '99',
    ask: '101',
    bid_size: '5',
    ask_size: '5',
    currency: tickerId.startsWith('US-') ? 'USD' : 'KRW',
    change_pct: '0',
    venue_time: at,
    received_at: at,
    source: 'test',
    simulated: true,
    epoch: 'e1',
    seq,
    base_price: '100',
    volume: '0',
    ...overrides,
  }
}
