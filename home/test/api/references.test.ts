// What a coin costs at other exchanges, over HTTP: what came over the bus, in won, and the premium.

import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { References } from '@motu/shared/contract/market.ts'
import type { ReferenceQuote } from '@motu/shared/market-data.ts'
import { USD_KRW } from '@motu/shared/ticker.ts'
import { marketEvent } from '../market-event.ts'
import { until } from '../until.ts'
import { createWorld, problemIn, type World } from './world.ts'

const BTC = 'CRYPTO-COIN-BTC'
const PATH = '/api/v1/market/references'

let world: World
beforeEach(async () => {
  world = await createWorld()
})
afterEach(() => world.close())

const at = (): string => new Date(world.clock.nowMs).toISOString()
const quoteOf = (overrides: Partial<ReferenceQuote> = {}): ReferenceQuote => ({
  ...{ exchange: 'binance', base: 'BTC', quote: 'USDT', price: '90000', bid: '89999.99' },
  ...{ ask: '90000', volume_24h: null, venue_time: at(), received_at: at(), source: 'binance-ws' },
  ...overrides,
})

async function tell(quotes: ReferenceQuote[]): Promise<void> {
  await world.bus.publish('market_references', quotes)
}
async function tellVenue(): Promise<void> {
  await world.bus.publishMarket([
    marketEvent(BTC, 1, { price: '135000000', source: 'upbit', simulated: false }),
    marketEvent(USD_KRW, 1, { price: '1460.2', bid: '1459', ask: '1461', source: 'walk' }),
  ])
}
async function read(ticker = BTC): Promise<References> {
  const { status, body } = await world.call<References>(`${PATH}?ticker=${ticker}`)
  expect(status).toBe(200)
  return body
}

describe('the references of a coin', () => {
  it('are in won at the mid, each with the premium of the venue over it', async () => {
    await tellVenue()
    const cheaper = quoteOf({ exchange: 'okx', price: '95000', bid: null, ask: null })
    await tell([cheaper, quoteOf(), quoteOf({ base: 'ETH', price: '3000' })])
    await until(async () => (await read()).references.length === 2)
    const body = await read()
    expect(body).toMatchObject({
      ticker_id: BTC,
      venue: { price: '135000000', source: 'upbit', simulated: false },
      usd_krw: { price: '1460', source: 'walk', simulated: true },
    })
    // 90,000 at 1,460 are 131,400,000: 135,000,000 is 2.74 % more. 95,000 are 138,700,000.
    expect(body.references).toEqual([
      { ...quoteOf(), ...{ price_krw: '131400000', kimchi_premium_pct: '2.74' } },
      { ...cheaper, ...{ price_krw: '138700000', kimchi_premium_pct: '-2.67' } },
    ])
  })

  it('have no premium without a venue or a rate, and are none when nobody tells them', async () => {
    expect(await read()).toMatchObject({ venue: null, usd_krw: null, references: [] })
    await tell([quoteOf()])
    await until(async () => (await read()).references.length === 1)
    const unknown = { price: '90000', price_krw: null, kimchi_premium_pct: null }
    expect((await read()).references).toMatchObject([unknown])
  })

  it('are the last of each exchange, for half a minute', async () => {
    await tell([quoteOf()])
    await tell([quoteOf({ price: '90001' })])
    await until(async () => (await read()).references[0]?.price === '90001')
    world.clock.nowMs += 30_000
    expect((await read()).references).toHaveLength(1)
    world.clock.nowMs += 1
    expect((await read()).references).toHaveLength(0)
  })

  it.each([
    ['?ticker=CRYPTO-COIN-NOPE', 404, 'not-found'],
    ['?ticker=US-STOCK-AAPL', 400, 'invalid-request'],
    ['', 400, 'invalid-request'],
  ])('%s: %i %s', async (query, status, code) => {
    expect(problemIn(await world.call(PATH + query)).slice(0, 2)).toEqual([status, code])
  })

  it('change no price of the ticker', async () => {
    await tellVenue()
    await tell([quoteOf({ price: '1' })])
    await until(async () => (await read()).references.length === 1)
    const { body } = await world.call<{ price: string; source: string }>(
      `/api/v1/market/quotes/${BTC}`,
    )
    expect([body.price, body.source]).toEqual(['135000000', 'upbit'])
  })
})
