import { describe, expect, it } from 'vitest'
import { parseTickerId, TICKER_ID_LENGTH_MAX, USD_KRW } from './ticker.ts'

describe('a ticker id', () => {
  it.each([
    ['KRX-STOCK-005930', 'KRX', 'STOCK', '005930'],
    ['US-STOCK-BRK.B', 'US', 'STOCK', 'BRK.B'],
    ['CRYPTO-COIN-BTC', 'CRYPTO', 'COIN', 'BTC'],
    ['US-ET-A', 'US', 'ET', 'A'],
    ['US-ABCDEFGHIJ-12345678901234567890', 'US', 'ABCDEFGHIJ', '12345678901234567890'],
    [USD_KRW, 'FX', 'RATE', 'USDKRW'],
  ])('%s has three parts', (text, market, type, symbol) => {
    expect(parseTickerId(text)).toEqual({ market, type, symbol })
    expect(text.length).toBeLessThanOrEqual(TICKER_ID_LENGTH_MAX)
  })

  it.each([
    '',
    'BTC',
    'CRYPTO-BTC',
    'CRYPTO-COIN-',
    'CRYPTO--BTC',
    'CRYPTO-C-BTC',
    'US-ABCDEFGHIJK-AAPL',
    'US-STOCK-123456789012345678901',
    'LSE-STOCK-VOD',
    'crypto-coin-btc',
    'CRYPTO-COIN-btc',
    'CRYPTO-COIN-BTC-KRW',
    'CRYPTO-COIN-BT C',
    'CRYPTO-COIN-BTC\n',
    'CRYPTO-COIN-비트',
  ])('is not %j', (text) => {
    expect(parseTickerId(text)).toBeNull()
  })
})
