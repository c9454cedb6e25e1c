// Watch lists and preferences over HTTP: written whole, one's own, and no more than there may be.

import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { PreferencesView } from '@motu/shared/contract/preferences.ts'
import {
  WATCH_LIST_NAME_MAX,
  WATCH_LISTS_MAX,
  type WatchList,
  WATCHED_TICKERS_MAX,
} from '@motu/shared/contract/watch-lists.ts'
import { INSTRUMENTS, registerInstruments } from '@motu/shared/instrument.ts'
import { type Answer, createWorld, problemIn, type World } from './world.ts'

const BTC = 'CRYPTO-COIN-BTC'
const SAMSUNG = 'KRX-STOCK-005930'

let world: World
let token: string
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())
beforeEach(async () => {
  token = (await world.signedIn()).access_token
})

const put = (id: string, body: unknown, as = token): Promise<Answer<WatchList>> =>
  world.call(`/api/v1/watch-lists/${id}`, { method: 'PUT', body, token: as })
const remove = (id: string, as = token): Promise<Answer> =>
  world.call(`/api/v1/watch-lists/${id}`, { method: 'DELETE', token: as })

async function lists(as = token): Promise<WatchList[]> {
  const { status, body } = await world.call<{ watch_lists: WatchList[] }>('/api/v1/watch-lists', {
    token: as,
  })
  expect(status).toBe(200)
  return body.watch_lists
}

describe('a watch list', () => {
  it('is made, written anew under its id, and deleted', async () => {
    const [first, second] = [randomUUID(), randomUUID()]
    const made = await put(first, { name: ' 코인 ', tickers: [BTC] })
    expect([made.status, made.body]).toEqual([
      200,
      { watch_list_id: first, name: '코인', tickers: [BTC] },
    ])
    world.clock.nowMs += 1
    await put(second, { name: '반도체', tickers: [] })
    await put(first, { name: '섞어서', tickers: [SAMSUNG, BTC] })
    await put(first, { name: '섞어서', tickers: [SAMSUNG, BTC] })
    expect(await lists()).toEqual([
      { watch_list_id: first, name: '섞어서', tickers: [SAMSUNG, BTC] },
      { watch_list_id: second, name: '반도체', tickers: [] },
    ])
    expect((await remove(first)).status).toBe(204)
    expect(problemIn(await remove(first))).toEqual([404, 'not-found'])
    expect((await lists()).map(({ name }) => name)).toEqual(['반도체'])
  })

  it('is its owner’s alone, whoever chooses the same id', async () => {
    const id = randomUUID()
    await put(id, { name: '내 것', tickers: [BTC] })
    const { access_token: other } = await world.signedIn()
    expect(await lists(other)).toEqual([])
    const unknown = problemIn(await remove(randomUUID(), other))
    expect(problemIn(await remove(id, other))).toEqual(unknown)
    expect((await put(id, { name: '남의 것', tickers: [] }, other)).status).toBe(200)
    expect((await remove(id, other)).status).toBe(204)
    expect(await lists()).toEqual([{ watch_list_id: id, name: '내 것', tickers: [BTC] }])
  })

  it('keeps what was delisted, and names what is not listed', async () => {
    const gone = { ...INSTRUMENTS[0]!, tickerId: 'US-STOCK-GONE', status: 'DELISTED' as const }
    registerInstruments([gone], 'with one that is gone')
    const kept = await put(randomUUID(), { name: 'a', tickers: ['US-STOCK-GONE'] })
    registerInstruments([], 'built-in')
    expect(kept.status).toBe(200)
    const answer = await put(randomUUID(), { name: 'a', tickers: [BTC, 'KRX-STOCK-000000'] })
    expect(problemIn(answer)).toEqual([422, 'unknown-instrument', '#/tickers/1'])
  })

  const many = Array.from({ length: WATCHED_TICKERS_MAX + 1 }, (_, n) => `US-STOCK-T${n}`)
  it.each<[what: string, body: unknown, pointer: string]>([
    ['no name', { name: '  ', tickers: [] }, '#/name'],
    ['a long name', { name: 'x'.repeat(WATCH_LIST_NAME_MAX + 1), tickers: [] }, '#/name'],
    ['a name with a NUL', { name: 'a\0b', tickers: [] }, '#/name'],
    ['a name with half a letter', { name: 'a\ud800', tickers: [] }, '#/name'],
    ['a ticker twice', { name: 'x', tickers: [BTC, BTC] }, '#/tickers'],
    ['too many tickers', { name: 'x', tickers: many }, '#/tickers'],
    ['no tickers', { name: 'x' }, '#/tickers'],
  ])('is refused with %s', async (_, body, pointer) => {
    expect(problemIn(await put(randomUUID(), body))).toEqual([400, 'invalid-request', pointer])
  })

  it('takes as many tickers as it may, a name as long as it may be', async () => {
    const tickers = many.slice(1)
    const list = tickers.map((tickerId) => ({ ...INSTRUMENTS[20]!, tickerId }))
    registerInstruments(list, 'many')
    const name = '😀'.repeat(WATCH_LIST_NAME_MAX / 2)
    const { status, body } = await put(randomUUID(), { name, tickers })
    registerInstruments([], 'built-in')
    expect([status, body.name, body.tickers]).toEqual([200, name, tickers])
  })

  it('is the last one at the limit, however many are made at once', async () => {
    const body = { name: '목록', tickers: [] }
    for (let count = 0; count < WATCH_LISTS_MAX - 1; count += 1) await put(randomUUID(), body)
    const answers = await Promise.all(Array.from({ length: 6 }, () => put(randomUUID(), body)))
    const made = answers.filter(({ status }) => status === 200)
    expect(made).toHaveLength(1)
    for (const answer of answers) {
      if (answer !== made[0]) expect(problemIn(answer)).toEqual([409, 'too-many-watch-lists'])
    }
    const all = await lists()
    expect(all).toHaveLength(WATCH_LISTS_MAX)
    expect((await put(all[0]!.watch_list_id, { ...body, name: '새 이름' })).status).toBe(200)
    await remove(all[1]!.watch_list_id)
    expect((await put(randomUUID(), body)).status).toBe(200)
  })
})

describe('preferences', () => {
  const PATH = '/api/v1/users/me/preferences'
  const CHOSEN: PreferencesView = {
    ...{ locale: 'en', theme: 'dark', colours: 'up_green' },
    ...{ confirm_orders: false, fill_toasts: true },
  }

  it('are null until they are chosen, and then as chosen last, for their user', async () => {
    expect((await world.call(PATH, { token })).body).toEqual({ preferences: null })
    const write = (body: unknown) => world.call(PATH, { method: 'PUT', body, token })
    expect(await write(CHOSEN)).toMatchObject({ status: 200, body: { preferences: CHOSEN } })
    const other = { ...CHOSEN, locale: 'ko', fill_toasts: false }
    await Promise.all([write(other), write(other)])
    expect((await world.call(PATH, { token })).body).toEqual({ preferences: other })
    const { access_token: stranger } = await world.signedIn()
    expect((await world.call(PATH, { token: stranger })).body).toEqual({ preferences: null })
  })

  it.each<[name: string, value: unknown]>([
    ['locale', 'jp'],
    ['theme', 'sepia'],
    ['colours', 'up_blue'],
    ['confirm_orders', 'yes'],
    ['fill_toasts', undefined],
  ])('refuse %s %s', async (name, value) => {
    const body = { ...CHOSEN, [name]: value }
    const answer = await world.call(PATH, { method: 'PUT', body, token })
    expect(problemIn(answer)).toEqual([400, 'invalid-request', `#/${name}`])
  })
})
