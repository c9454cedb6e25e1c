import { expect, it } from 'vitest'
import { feedReport, type FeedStates } from './feed-report.ts'

const NOW_MS = Date.parse('2026-11-20T05:04:03.000Z')
const NOTHING: FeedStates = { tickers: [], simulated: [], references: [], quarantined: [] }

const ago = (seconds: number): number => NOW_MS - seconds * 1_000
const iso = (seconds: number): string => new Date(ago(seconds)).toISOString()

it('is empty where there is nothing', () => {
  expect(feedReport(NOTHING, NOW_MS)).toEqual({ at: iso(0), feeds: [] })
})

it('puts the tickers of one source, group and state together, since the last of them joined', () => {
  const coin = (symbol: string, state: 'live' | 'stale', since: number, source: string | null) => ({
    ...{ tickerId: `CRYPTO-COIN-${symbol}`, state, source, sinceMs: ago(since) },
  })
  const { feeds } = feedReport(
    {
      ...NOTHING,
      tickers: [
        coin('BTC', 'live', 60, 'upbit-ws'),
        coin('ETH', 'live', 5, 'upbit-ws'),
        coin('XRP', 'stale', 7, 'upbit-ws'),
        coin('SOL', 'stale', 90, null),
        { tickerId: 'KRX-STOCK-005930', state: 'failed_over', source: 'kis', sinceMs: ago(1) },
      ],
      simulated: [{ tickerId: 'FX-RATE-USDKRW', source: 'walk', sinceMs: ago(100) }],
      references: [
        { exchange: 'okx', base: 'BTC', source: 'okx-ws', state: 'live', sinceMs: ago(3) },
      ],
      quarantined: [
        { source: 'upbit-ws', reason: 'spike', count: 2 },
        { source: 'bybit', reason: 'unreadable', count: 9 },
      ],
    },
    NOW_MS,
  )
  const group = (name: string, state: string, tickers: number, since: number) => ({
    ...{ group: name, state, tickers, since: iso(since) },
  })
  expect(feeds).toEqual([
    { source: 'bybit', groups: [], quarantined: [{ reason: 'unreadable', count: 9 }] },
    { source: 'kis', groups: [group('KRX-STOCK', 'failed_over', 1, 1)], quarantined: [] },
    { source: 'none', groups: [group('CRYPTO-COIN', 'stale', 1, 90)], quarantined: [] },
    { source: 'okx-ws', groups: [group('REFERENCE', 'live', 1, 3)], quarantined: [] },
    {
      source: 'upbit-ws',
      groups: [group('CRYPTO-COIN', 'live', 2, 5), group('CRYPTO-COIN', 'stale', 1, 7)],
      quarantined: [{ reason: 'spike', count: 2 }],
    },
    { source: 'walk', groups: [group('FX-RATE', 'simulated', 1, 100)], quarantined: [] },
  ])
})
