import { describe, expect, it } from 'vitest'
import { decimal, isMultiple } from '@motu/shared/decimal.ts'
import { findInstrument, INSTRUMENTS } from '@motu/shared/instrument.ts'
import { marketEventSchema } from '@motu/shared/market-data.ts'
import { USD_KRW } from '@motu/shared/ticker.ts'
import { CandleBook, minuteOf, simulatedCandle } from '../candle-book.ts'
import { changePercent } from '../observation.ts'
import { parseRecording } from './recordings.ts'
import { observe, volumeBetween } from './simulated-ticker.ts'
import { simulatedTickers } from './simulation.ts'
import { STEP_MS } from './price-path.ts'

const tickers = await simulatedTickers('motu')
const NOON = Date.parse('2026-11-20T12:00:00Z')
const instants = Array.from({ length: 200 }, (_, index) => NOON + index * 7_919_500)

describe('the simulated tickers', () => {
  it('are all instruments and the exchange rate; three of them play a recording', () => {
    const names = tickers.map(({ tickerId }) => tickerId)
    expect(names).toEqual([...INSTRUMENTS.map(({ tickerId }) => tickerId), USD_KRW])
    const sources = tickers.map(({ path }) => path.source).filter((source) => source !== 'walk')
    expect(sources).toEqual([
      'replay:coinbase-btcusd-2019',
      'replay:krx-005930-2018',
      'replay:us-aapl-2015',
    ])
  })

  it.each(tickers.map((ticker) => [ticker.tickerId, ticker] as const))(
    '%s: a quote on the grid, around its price, with something to trade, within thirty percent',
    (tickerId, ticker) => {
      for (const nowMs of instants) {
        const seen = observe(ticker, { nowMs, sinceMs: nowMs - STEP_MS })
        marketEventSchema.parse({ ...seen, epoch: 'e', seq: 1 })
        const [bid, price, ask] = [decimal(seen.bid), decimal(seen.price), decimal(seen.ask)]
        expect(bid <= price && price <= ask && bid < ask).toBe(true)
        expect(isMultiple(bid, ticker.tickAt(bid)) && isMultiple(ask, ticker.tickAt(ask))).toBe(
          true,
        )
        expect(decimal(seen.bid_size) > 0n && decimal(seen.ask_size) > 0n).toBe(true)
        expect(Math.abs(Number(seen.change_pct))).toBeLessThan(30)
        expect(seen.simulated).toBe(true)
        expect(seen.currency).toBe(findInstrument(tickerId)?.currency ?? 'KRW')
      }
    },
  )

  it.each(tickers.map((ticker) => [ticker.tickerId, ticker] as const))(
    '%s: a book on the ticks of its venue, from the quote outwards',
    (tickerId, ticker) => {
      const levels = /^(KRX|CRYPTO)-/.test(tickerId) ? 10 : undefined
      for (const nowMs of instants) {
        const seen = observe(ticker, { nowMs, sinceMs: nowMs - STEP_MS })
        expect([seen.bids?.length, seen.asks?.length]).toEqual([levels, levels])
        if (!seen.bids || !seen.asks) continue
        expect(seen.bids[0]).toEqual([seen.bid, seen.bid_size])
        expect(seen.asks[0]).toEqual([seen.ask, seen.ask_size])
        const upwards = [...seen.bids.toReversed(), ...seen.asks].map(([price]) => decimal(price))
        for (const [index, price] of upwards.entries()) {
          expect(price).toBeGreaterThan(index === 0 ? 0n : upwards[index - 1]!)
          expect(isMultiple(price, ticker.tickAt(price))).toBe(true)
        }
        expect([...seen.bids, ...seen.asks].every(([, size]) => decimal(size) > 0n)).toBe(true)
      }
    },
  )

  it.each(tickers.map((ticker) => [ticker.tickerId, ticker] as const))(
    '%s: a day of whole minutes, that began where the one before had closed',
    (_, ticker) => {
      for (const nowMs of instants) {
        const seen = observe(ticker, { nowMs, sinceMs: nowMs - STEP_MS })
        const openedAt = Date.parse(seen.day_opened_at!)
        expect(minuteOf(openedAt)).toBe(openedAt)
        expect(openedAt).toBeLessThanOrEqual(Date.parse(seen.venue_time))
        const before = observe(ticker, { nowMs: openedAt - STEP_MS, sinceMs: openedAt - STEP_MS })
        expect(before.price).toBe(seen.base_price)
        expect(before.day_opened_at).not.toBe(seen.day_opened_at)
      }
    },
  )

  it.each(['CRYPTO-COIN-BTC', 'KRX-STOCK-005930'])(
    '%s: ten million won trade within three levels',
    (tickerId) => {
      const ticker = tickers.find((one) => one.tickerId === tickerId)!
      for (const nowMs of instants) {
        const { asks } = observe(ticker, { nowMs, sinceMs: nowMs - STEP_MS })
        const worth = asks!
          .slice(0, 3)
          .reduce((sum, [price, size]) => sum + Number(price) * Number(size), 0)
        expect(worth).toBeGreaterThan(10_000_000)
      }
    },
  )

  it('print what they trade: each unit once, at the prices of the path', () => {
    for (const ticker of tickers) {
      const minute = minuteOf(NOON)
      const [at, since] = [minute + 20_000, minute]
      const seen = observe(ticker, { nowMs: at, sinceMs: since })
      if (ticker.tickerId === USD_KRW) {
        expect(seen.prints).toBeUndefined()
        continue
      }
      const printed = seen.prints!.reduce((sum, [, quantity]) => sum + decimal(quantity), 0n)
      expect(printed).toBe(decimal(seen.volume))
      const { high, low } = simulatedCandle(ticker, minute)
      expect(seen.prints!.every(([price]) => decimal(price) <= high && decimal(price) >= low)).toBe(
        true,
      )
      for (const [index, [price, , side]] of seen.prints!.entries()) {
        const before = index === 0 ? null : decimal(seen.prints![index - 1]![0])
        // A print after a step that traded nothing is counted from that step's price.
        if (before === null || seen.prints!.length < 40) continue
        if (decimal(price) > before) expect(side).toBe('BUY')
        if (decimal(price) < before) expect(side).toBe('SELL')
      }
    }
  })

  it('print the newest fifty when they were not looked at for long', () => {
    const ticker = tickers[0]!
    const { prints } = observe(ticker, { nowMs: NOON, sinceMs: NOON - 120_000 })
    expect(prints).toHaveLength(50)
    const last = observe(ticker, { nowMs: NOON, sinceMs: NOON - STEP_MS }).prints!
    expect(prints!.at(-1)).toEqual(last.at(-1))
  })

  it('show the same in two runs', async () => {
    const again = await simulatedTickers('motu')
    const look = (all: typeof tickers) =>
      all.map((ticker) => observe(ticker, { nowMs: NOON, sinceMs: NOON - STEP_MS }))
    expect(look(again)).toEqual(look(tickers))
    expect(look(await simulatedTickers('other'))).not.toEqual(look(tickers))
  })

  it('report each traded unit once, however often they are asked', () => {
    for (const ticker of tickers) {
      const total = volumeBetween(ticker, { fromStep: 1_000, toStep: 1_240 })
      const parts = [1_000, 1_001, 1_050, 1_239, 1_240].map((to, index, steps) =>
        index === 0 ? 0n : volumeBetween(ticker, { fromStep: steps[index - 1]!, toStep: to }),
      )
      expect(parts.reduce((sum, part) => sum + part)).toBe(total)
    }
  })

  it('are observed step by step into the very candle that is computed afterwards', () => {
    const minute = minuteOf(NOON)
    for (const ticker of tickers) {
      const book = new CandleBook()
      for (let nowMs = minute; nowMs < minute + 60_000; nowMs += STEP_MS) {
        book.add(observe(ticker, { nowMs, sinceMs: nowMs - STEP_MS }))
      }
      expect(book.takeChanged()).toEqual([simulatedCandle(ticker, minute)])
    }
  })

  it('are gone on with after a restart in the middle of a minute', () => {
    const minute = minuteOf(NOON)
    const ticker = tickers[0]!
    const book = new CandleBook()
    const restartedAt = minute + 20_250
    book.resume(simulatedCandle(ticker, minute, restartedAt))
    let sinceMs = restartedAt
    for (let nowMs = minute + 20_500; nowMs < minute + 60_000; nowMs += STEP_MS) {
      book.add(observe(ticker, { nowMs, sinceMs }))
      sinceMs = nowMs
    }
    expect(book.takeChanged()).toEqual([simulatedCandle(ticker, minute)])
  })
})

describe('the change in percent', () => {
  it.each([
    ['101', '100', '1'],
    ['98.75', '100', '-1.25'],
    ['100', '100', '0'],
    ['1', '3', '-66.67'],
  ])('of %s against %s is %s', (price, base, percent) => {
    expect(changePercent(decimal(price), decimal(base))).toBe(percent)
  })
})

describe('a recording', () => {
  const header = 'time,open,high,low,close,volume\n'

  it.each([
    ['another header', 'date,open\n2019,1'],
    ['a high below its close', `${header}2019,1,1,1,2,5`],
    ['a low above its open', `${header}2019,1,3,2,2,5`],
    ['a price of zero', `${header}2019,0,0,0,0,5`],
    ['a missing column', `${header}2019,1,1,1,1`],
    ['what is no number', `${header}2019,1,1,x,1,1`],
  ])('is refused with %s', (_why, text) => {
    expect(() => parseRecording(text)).toThrow()
  })

  it('is read line by line', () => {
    expect(parseRecording(`${header}2019,1.5,2,1,1.75,10\n`)).toEqual([
      {
        open: decimal('1.5'),
        high: decimal('2'),
        low: decimal('1'),
        close: decimal('1.75'),
        volume: decimal('10'),
      },
    ])
  })
})
