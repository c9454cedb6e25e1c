// Reads through the edge: signed, with the last good answer for when home is dark.

import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { EdgeUnderTest, until } from './edge-under-test.ts'

const PORTFOLIO = '/api/v1/portfolio'
const QUOTES = '/api/v1/market/quotes?tickers=CRYPTO-COIN-BTC'
let edge: EdgeUnderTest
let token: string

beforeAll(async () => {
  edge = await new EdgeUnderTest().start()
  edge.home.answers.set(`GET ${PORTFOLIO}`, { body: { cash_krw: '100' } })
  edge.home.answers.set('GET /api/v1/market/quotes', { body: { quotes: [] } })
})

afterAll(() => edge.stop())

beforeEach(async () => {
  token = await edge.home.token(randomUUID())
})

/** Takes home away for as long as `work` takes. */
async function whileDark(work: () => Promise<void>): Promise<void> {
  await edge.home.stop()
  await work()
  await edge.home.start()
}

it('forwards a call as it is, signed, with the address of the client', async () => {
  const answer = await fetch(edge.url + QUOTES, {
    headers: { 'x-forwarded-for': '1.2.3.4, 5.6.7.8' },
  })
  expect(await answer.json()).toEqual({ quotes: [] })
  expect(answer.headers.get('motu-stale')).toBeNull()
  const call = edge.home.calls.at(-1)!
  expect(call).toMatchObject({ method: 'GET', path: QUOTES })
  expect(call.headers['motu-client-address']).toBe('5.6.7.8')
})

it('lets home answer what it refuses', async () => {
  edge.home.answers.set('POST /api/v1/auth/register', { status: 409, body: { title: 'taken' } })
  const answer = await edge.post('/api/v1/auth/register', { username: 'x' })
  expect(answer.status).toBe(409)
  expect(await answer.json()).toEqual({ title: 'taken' })
  expect(edge.home.calls.at(-1)!.body).toBe('{"username":"x"}')
})

it('shows the last good answer while home is dark, to its owner only', async () => {
  await (await edge.get(PORTFOLIO, token)).text()
  await (await edge.get(QUOTES)).text()
  const stranger = await edge.home.token(randomUUID())
  await whileDark(async () => {
    const kept = await edge.get(PORTFOLIO, token)
    expect(await kept.json()).toEqual({ cash_krw: '100' })
    expect(kept.headers.get('motu-stale')).toBe('true')
    expect(Number(kept.headers.get('age'))).toBeLessThan(5)
    expect((await edge.get(QUOTES)).status).toBe(200)
    const refused = await edge.get(PORTFOLIO, stranger)
    expect(refused.status).toBe(503)
    expect(refused.headers.get('retry-after')).toBe('1')
    expect((await edge.get(PORTFOLIO)).status).toBe(401)
    expect((await edge.post('/api/v1/login/access-token', {})).status).toBe(503)
  })
})

it('forgets what was kept when its owner signs out', async () => {
  await (await edge.get(PORTFOLIO, token)).text()
  await edge.post('/api/v1/logout', {}, { token })
  await whileDark(async () => {
    expect((await edge.get(PORTFOLIO, token)).status).toBe(503)
  })
})

it('gives up on a home that does not answer', async () => {
  edge.home.answers.set('GET /api/v1/slow', { delayMs: 5_000, body: {} })
  const startedAt = Date.now()
  expect((await edge.get('/api/v1/slow')).status).toBe(503)
  expect(Date.now() - startedAt).toBeLessThan(4_000)
})

it('verifies tokens with the keys on its disk when it restarts in the dark', async () => {
  await (await edge.get(PORTFOLIO, token)).text()
  await edge.home.stop()
  await edge.kill()
  await edge.serve()
  expect((await edge.get(PORTFOLIO, token)).status).toBe(200)
  expect((await edge.get(PORTFOLIO, `${token}x`)).status).toBe(401)
  await edge.home.start()
  await until(async () => (await edge.status()).home === 'up')
})
