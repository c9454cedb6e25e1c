// The whole order books of a poll of Upbit.

import { pino } from 'pino'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type OrderBook, orderBookSchema } from '@motu/shared/market-data.ts'
import { createUpbitFeed, type UpbitFeed } from '../../src/feeder/upbit/upbit.ts'
import { openUpbit } from '../../src/feeder/upbit/upbit-exchange.ts'
import { BTC, type Coin, START_MS, UpbitServer } from './upbit-server.ts'

type Level = NonNullable<Coin['deeper']>[number]

let server: UpbitServer
let feed: UpbitFeed
let lines: Record<string, unknown>[]
beforeEach(async () => {
  server = new UpbitServer()
  server.listed.push('KRW-ETH')
  server.coins.set('KRW-ETH', BTC)
  lines = []
  const baseUrl = await server.start()
  const log = pino({}, { write: (line) => lines.push(JSON.parse(line) as never) })
  const tickerIds = ['CRYPTO-COIN-BTC', 'CRYPTO-COIN-ETH']
  feed = createUpbitFeed({ open: () => openUpbit(baseUrl), tickerIds, now: () => START_MS, log })
})
afterEach(() => server.stop())

async function booksWith(...deeper: Level[]): Promise<OrderBook[]> {
  server.coins.set('KRW-BTC', { ...BTC, deeper })
  return (await feed.poll()).books
}

describe('an order book', () => {
  it('is what Upbit wrote, level by level, without a float', async () => {
    const [book] = await booksWith(
      ['134980000.00000000', '1.3501E8', '2.540e-5', '0.1'],
      ['134900000', '135010000.00000001', '12345678901.12345679', '3'],
    )
    expect(book).toEqual({
      ticker_id: 'CRYPTO-COIN-BTC',
      bids: [
        ['134990000', '0.12345678'],
        ['134980000', '0.0000254'],
        ['134900000', '12345678901.12345679'],
      ],
      asks: [
        ['135000000', '0.00000015'],
        ['135010000', '0.1'],
        ['135010000.00000001', '3'],
      ],
      currency: 'KRW',
      venue_time: '2026-11-20T05:04:03.000Z',
      received_at: '2026-11-20T05:04:03.000Z',
      source: 'upbit',
      simulated: false,
    })
    expect(orderBookSchema.parse(book)).toEqual(book)
  })

  it('has thirty levels at the most', async () => {
    const deeper = Array.from({ length: 40 }, (_, index): Level => [
      `${134_980_000 - index}`,
      `${135_010_000 + index}`,
      '1',
      '1',
    ])
    const [book] = await booksWith(...deeper)
    expect([book!.bids.length, book!.asks.length]).toEqual([30, 30])
  })

  it.each<[string, Level, string]>([
    ['a bid above the one before', ['134990001', '135010000', '1', '1'], 'levels out of order'],
    ['a bid twice', ['134990000', '135010000', '1', '1'], 'levels out of order'],
    ['an ask below the one before', ['134980000', '134999999', '1', '1'], 'levels out of order'],
    ['an ask twice', ['134980000', '135000000', '1', '1'], 'levels out of order'],
    ['a price that is no number', ['"NaN"', '135010000', '1', '1'], 'no usable level'],
    ['a size of zero', ['134980000', '135010000', '0', '1'], 'no usable level'],
    ['a negative size', ['134980000', '135010000', '1', '-1'], 'no usable level'],
    ['more than eight places', ['134980000', '135010000', '1', '0.000000001'], 'no usable level'],
  ])('is left out with %s, the quotes and the other books go on', async (_name, level, reason) => {
    server.coins.set('KRW-BTC', { ...BTC, deeper: [level] })
    const { snapshots, books } = await feed.poll()
    expect(snapshots).toHaveLength(2)
    expect(books.map(({ ticker_id }) => ticker_id)).toEqual(['CRYPTO-COIN-ETH'])
    expect(lines).toMatchObject([{ ticker_id: 'CRYPTO-COIN-BTC', reason }])
  })

  it('is left out together with its coin, and reported once, until it is back', async () => {
    server.coins.set('KRW-BTC', { ...BTC, bid: '135000000' })
    expect((await feed.poll()).books).toHaveLength(1)
    expect(await booksWith(['135000000', '135010000', '1', '1'])).toHaveLength(1)
    expect(await booksWith(['135000000', '135010000', '1', '1'])).toHaveLength(1)
    expect(await booksWith()).toHaveLength(2)
    expect(lines.map(({ msg }) => msg)).toEqual([
      'upbit: the coin is left out',
      'upbit: the coin can be read again',
      'upbit: the order book is left out',
      'upbit: the order book can be read again',
    ])
  })
})
