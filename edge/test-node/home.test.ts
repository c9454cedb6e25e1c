// Reads through the edge: signed, with the last good answer for when home is dark.

import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { EdgeUnderTest, limitOrder, until } from './edge-under-test.ts'

const PORTFOLIO = '/api/v1/portfolio'
const QUOTES = '/api/v1/market/quotes?tickers=CRYPTO-COIN-BTC'
let edge: EdgeUnderTest
let userId: string
let token: string

beforeAll(async () => {
  edge = await new EdgeUnderTest().start()
  edge.home.answers.set(`GET ${PORTFOLIO}`, { body: { cash_krw: '100' } })
  edge.home.answers.set('GET /api/v1/market/quotes', { body: { quotes: [] } })
})

afterAll(() => edge.stop())

beforeEach(async () => {
  userId = randomUUID()
  token = await edge.home.token(userId, { claims: { sid: randomUUID() } })
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
  const call = edge.home.clientCalls.at(-1)!
  expect(call).toMatchObject({ method: 'GET', path: QUOTES })
  expect(call.headers['motu-client-address']).toBe('5.6.7.8')
})

it('forwards an encoded path as it was sent, and signs it so', async () => {
  const path = '/api/v1/market/quotes/A%20%EB%AA%A8?tickers=%2C'
  expect((await edge.get(path)).status).toBe(404)
  expect(edge.home.clientCalls.at(-1)!.path).toBe(path)
})

it('lets home answer what it refuses', async () => {
  edge.home.answers.set('POST /api/v1/auth/register', { status: 409, body: { title: 'taken' } })
  const answer = await edge.post('/api/v1/auth/register', { username: 'x' })
  expect(answer.status).toBe(409)
  expect(await answer.json()).toEqual({ title: 'taken' })
  expect(edge.home.clientCalls.at(-1)!.body).toBe('{"username":"x"}')
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
  const later = await edge.home.token(userId, { claims: { sid: 'session-2' } })
  await whileDark(async () => {
    expect((await edge.get(PORTFOLIO, later)).status).toBe(503)
  })
})

it('takes no order of a sign-in that was ended, nor shows it anything', async () => {
  await edge.post('/api/v1/logout', {}, { token })
  expect((await edge.post('/api/v1/orders', limitOrder(), { token })).status).toBe(401)
  expect((await edge.get(PORTFOLIO, token)).status).toBe(401)
})

it('lets a token that ends in the dark count until home is back', async () => {
  const endsAt = (seconds: number) => {
    const exp = Math.floor(Date.now() / 1_000) + seconds
    return edge.home.token(randomUUID(), { claims: { exp, sid: randomUUID() } })
  }
  const endedBefore = await endsAt(-60)
  const endsSoon = await endsAt(1)
  await whileDark(async () => {
    await sleep(1_500)
    expect((await edge.post('/api/v1/orders', limitOrder(), { token: endsSoon })).status).toBe(202)
    const late = await edge.post('/api/v1/orders', limitOrder(), { token: endedBefore })
    expect(late.status).toBe(401)
  })
  await until(async () => {
    const answer = await edge.post('/api/v1/orders', limitOrder(), { token: endsSoon })
    return answer.status === 401
  })
})

it('gives up on a home that does not answer', async () => {
  const slow = '/api/v1/market/candles/CRYPTO-COIN-BTC'
  edge.home.answers.set(`GET ${slow}`, { delayMs: 5_000, body: {} })
  const startedAt = Date.now()
  expect((await edge.get(slow)).status).toBe(503)
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
