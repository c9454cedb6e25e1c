// What is listed: found by anyone, handed to the edge.

import { type Instrument, INSTRUMENTS, registerInstruments } from '@motu/shared/instrument.ts'
import {
  instrumentListSchema,
  INSTRUMENTS_PATH,
  unpackInstrument,
} from '@motu/shared/instrument-list.ts'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createWorld, problemIn, type World } from './world.ts'

const APPLE = INSTRUMENTS.find(({ tickerId }) => tickerId === 'US-STOCK-AAPL')!
const ALPHABET: Instrument = {
  ...{ ...APPLE, tickerId: 'KRX-ETF-069500', venue: 'KRX', kind: 'ETF', board: 'KOSPI' },
  ...{ nameKo: '코덱스 200', nameEn: 'KODEX 200', currency: 'KRW', status: 'HALTED' },
  ...{ sector: '금융', referencePrice: 5_432_500_000_000n },
}
type Found = { instruments: { ticker_id: string }[] }

let world: World
beforeAll(async () => {
  world = await createWorld()
  registerInstruments([ALPHABET], 'mine')
})
afterAll(async () => {
  registerInstruments([], 'built-in')
  await world.close()
})

const find = async (query: string): Promise<string[]> => {
  const { status, body } = await world.call<Found>(`/api/v1/market/instruments${query}`)
  expect(status).toBe(200)
  return body.instruments.map(({ ticker_id }) => ticker_id)
}
const asked = (text: string): string => `?query=${encodeURIComponent(text)}`

it('lists the first set while nothing is asked', async () => {
  const ids = INSTRUMENTS.map(({ tickerId }) => tickerId)
  expect(await find('')).toEqual(ids)
  expect(await find('?query=%20')).toEqual(ids)
  expect(await find('?venue=US&limit=2')).toEqual(['US-STOCK-AAPL', 'US-STOCK-MSFT'])
})

it.each([
  ['ㅅㅅㅈㅈ', ['KRX-STOCK-005930']],
  ['삼성ㅈㅈ', ['KRX-STOCK-005930']],
  ['ㅋㄷㅅ', ['KRX-ETF-069500']],
  ['kodex', ['KRX-ETF-069500']],
  ['없는이름', []],
])('finds %s among all that is known', async (typed, ids) => {
  expect(await find(asked(typed))).toEqual(ids)
  expect(await find(`${asked(typed)}&venue=US`)).toEqual([])
})

it('says what an instrument is', async () => {
  const { body } = await world.call<Found>(`/api/v1/market/instruments${asked('069500')}`)
  expect(body.instruments).toEqual([
    {
      ...{ ticker_id: 'KRX-ETF-069500', venue: 'KRX', kind: 'ETF', board: 'KOSPI' },
      ...{ status: 'HALTED', name_ko: '코덱스 200', name_en: 'KODEX 200', sector: '금융' },
      ...{ currency: 'KRW', lot: '1', tick: '5', commission_percent: expect.any(String) },
    },
  ])
})

it.each(['?limit=101', '?limit=0', '?venue=MARS', `?query=${'a'.repeat(65)}`])(
  'refuses %s',
  async (query) => {
    const answer = await world.call(`/api/v1/market/instruments${query}`)
    expect(problemIn(answer).slice(0, 2)).toEqual([400, 'invalid-request'])
  },
)

it('hands the list to the edge once per version', async () => {
  const { body } = await world.call(`${INSTRUMENTS_PATH}?known=other`)
  const list = instrumentListSchema.parse(body)
  expect(list.version).toBe('mine')
  expect(list.instruments!.map(unpackInstrument)).toEqual([...INSTRUMENTS, ALPHABET])
  const again = await world.call(`${INSTRUMENTS_PATH}?known=mine`)
  expect(again.body).toEqual({ version: 'mine', instruments: null })
  expect((await world.call(INSTRUMENTS_PATH, { signature: null })).status).toBe(401)
})
