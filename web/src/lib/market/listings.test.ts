import { describe, expect, it, vi } from 'vitest'
import * as format from '#lib/format.ts'
import { Listings } from './listings.svelte.ts'

const view = (ticker: string) => ({
  ...{ ticker_id: ticker, venue: 'KRX', kind: 'ETF', board: 'KOSPI', status: 'LISTED' },
  ...{ name_ko: '코덱스 200', name_en: 'KODEX 200', sector: null, currency: 'KRW' },
  ...{ lot: '1', tick: '5', commission_percent: '0.01' },
})
const said = (...tickers: string[]) => ({
  ...{ ok: true, data: { instruments: tickers.map(view) }, staleSince: null },
})
const NO_ANSWER = { ok: false, failure: { kind: 'network' } }

function setUp(answer: () => unknown) {
  const instruments = vi.fn(async () => answer())
  const onLearnt = vi.fn()
  return {
    instruments,
    onLearnt,
    listings: new Listings({ instruments } as never, onLearnt),
  }
}

describe('an instrument nobody here knows', () => {
  it('is met when home knows it, and has its name from then on', async () => {
    const { listings, onLearnt } = setUp(() => said('KRX-ETF-100001'))
    expect(format.tickerName('KRX-ETF-100001')).toBe('KRX-ETF-100001')
    const answer = await listings.look('KRX-ETF-100001')
    expect(answer).toMatchObject({ data: { instrument: { nameKo: '코덱스 200' } } })
    expect(listings.find('KRX-ETF-100001')?.kind).toBe('ETF')
    expect(format.tickerName('KRX-ETF-100001')).not.toBe('KRX-ETF-100001')
    expect(onLearnt).toHaveBeenCalledExactlyOnceWith(['KRX-ETF-100001'])
  })

  it('stays unknown when home knows only one of a similar name', async () => {
    const { listings, onLearnt } = setUp(() => said('KRX-ETF-1000022'))
    expect(await listings.look('KRX-ETF-100002')).toMatchObject({ data: { instrument: null } })
    expect(listings.find('KRX-ETF-100002')).toBeUndefined()
    expect(onLearnt).not.toHaveBeenCalled()
  })

  it('is asked for once, and again only where there was no answer', async () => {
    let answer: unknown = NO_ANSWER
    const { listings, instruments } = setUp(() => answer)
    await listings.learn(['KRX-ETF-100003', 'KRX-ETF-100003', 'CRYPTO-COIN-BTC'])
    expect(instruments).toHaveBeenCalledTimes(1)
    answer = said()
    await listings.learn(['KRX-ETF-100003'])
    await listings.learn(['KRX-ETF-100003'])
    expect(instruments).toHaveBeenCalledTimes(2)
  })
})
