import { describe, expect, it } from 'vitest'
import { REFERENCE_EXCHANGES, type ReferenceExchange } from '@motu/shared/market-data.ts'
import { decimal } from '@motu/shared/decimal.ts'
import { readReference, type TickerRow } from './reference-row.ts'

const AT_MS = Date.parse('2026-11-20T05:04:03.000Z')
const read = (exchange: ReferenceExchange, row: TickerRow) =>
  readReference(row, {
    ...{ exchange, base: 'BTC', tick: '0.01', source: exchange, receivedMs: AT_MS + 5 },
  })

/** One ticker in the words of each, and of their streams. */
const INFOS: readonly [ReferenceExchange, Record<string, string>][] = [
  ['binance', { c: '9.12', b: '9.11', a: '9.13', o: '9', v: '7.123456789' }],
  [
    'binance',
    { lastPrice: '9.12', bidPrice: '9.11', askPrice: '9.13', openPrice: '9', volume: '7.12345678' },
  ],
  ['okx', { last: '9.12', bidPx: '9.11', askPx: '9.13', open24h: '9', vol24h: '7.12345678' }],
  [
    'bybit',
    {
      ...{ lastPrice: '9.12', bid1Price: '9.11', ask1Price: '9.13' },
      ...{ prevPrice24h: '9.0', volume24h: '7.12345678' },
    },
  ],
  ['bitget', { lastPr: '9.12', bidPr: '9.11', askPr: '9.13', open: '9', baseVolume: '7.12345678' }],
]

describe('a ticker', () => {
  it.each(INFOS)('of %s is read in its own words: %j', (exchange, info) => {
    const reading = read(exchange, { info, timestamp: AT_MS })
    expect(reading).toEqual({
      quote: {
        ...{ exchange, base: 'BTC', quote: 'USDT', price: '9.12', bid: '9.11', ask: '9.13' },
        ...{ volume_24h: '7.12345678', source: exchange },
        venue_time: '2026-11-20T05:04:03.000Z',
        received_at: '2026-11-20T05:04:03.005Z',
      },
      open: decimal('9'),
      tick: decimal('0.01'),
    })
  })

  it('of every exchange is among these', () => {
    expect(new Set(INFOS.map(([exchange]) => exchange))).toEqual(new Set(REFERENCE_EXCHANGES))
  })

  it('takes its best prices from beside it, the time of receipt where there is none', () => {
    const quote = { bid: '9.10', ask: '9.14' }
    expect(read('bybit', { info: { lastPrice: '9.12' }, quote })).toMatchObject({
      quote: { bid: '9.1', ask: '9.14', volume_24h: null, venue_time: '2026-11-20T05:04:03.005Z' },
      open: null,
    })
    const empty = { last: '9.12', bidPx: '', askPx: '' }
    expect(read('okx', { info: empty })).toMatchObject({ quote: { bid: null, ask: null } })
  })

  it.each([
    [{}, 'no ticker'],
    [{ info: null }, 'no ticker'],
    // What ccxt has reckoned is not what the exchange said.
    [{ info: {}, last: '9.12' }, 'no usable price'],
    [{ info: { last: 9.12 } }, 'no usable price'],
    [{ info: { last: '9.123456789' } }, 'no usable price'],
    [{ info: { last: 'NaN' } }, 'no usable price'],
    [{ info: { last: '9', bidPx: 'x' } }, 'no usable bid or ask'],
    [{ info: { last: '9' }, timestamp: '1700000000000' }, 'no usable time'],
    [{ info: { last: '9' }, timestamp: 1_700_000_000 }, 'no usable time'],
    [{ info: { last: '9' }, timestamp: Number.NaN }, 'no usable time'],
  ] satisfies [TickerRow & { last?: string }, string][])('%j: %s', (row, reason) => {
    expect(read('okx', row)).toEqual({ reason })
  })
})
