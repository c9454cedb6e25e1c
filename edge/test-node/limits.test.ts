// How much anyone may ask, from both sides of each limit, and who is not hurt by a flood of others.

import { randomBytes, randomUUID } from 'node:crypto'
import { once } from 'node:events'
import type { IncomingMessage } from 'node:http'
import { json } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { makeApiKey } from '@motu/shared/api-key.ts'
import type { Problem } from '@motu/shared/problem.ts'
import { EdgeUnderTest, limitOrder, until } from './edge-under-test.ts'

const SIGN_IN = '/api/v1/login/access-token'
const PORTFOLIO = '/api/v1/portfolio'
const QUOTES = '/api/v1/market/quotes'
/** Slow refills, so that a test sees none it does not wait for; a user's is fast enough to be waited for. */
const USER = { per_second: 2, burst: 5 }
const LIMITS = {
  user: USER,
  anonymous: { per_second: 0.01, burst: 4 },
  failure: { per_second: 0.01, burst: 3 },
  signIn: { per_second: 0.01, burst: 3 },
  register: { per_second: 0.01, burst: 2 },
  passwords: { per_second: 0.01, burst: 8 },
  keyQuestions: { per_second: 0.01, burst: 2 },
  socketsPerAddress: 3,
}

let edge: EdgeUnderTest
let address: string
let count = 0

const newAddress = (): string => `198.51.${100 + Math.floor(count / 250)}.${(count++ % 250) + 1}`
const from = (sender = address) => ({ 'x-forwarded-for': sender })
const signIn = (sender = address, password = 'wrong') =>
  edge.post(SIGN_IN, { username: 'minji', password }, { headers: from(sender) })

const statuses = async (answers: Promise<Response>[]): Promise<number[]> =>
  (await Promise.all(answers)).map(({ status }) => status)

async function inTurn(times: number, ask: () => Promise<Response>): Promise<number[]> {
  const seen: number[] = []
  for (let index = 0; index < times; index += 1) seen.push((await ask()).status)
  return seen
}

/** What a user's full bucket let through until it refused, the refusal too. */
async function untilRefused(ask: (turn: number) => Promise<Response>): Promise<Response[]> {
  const startedAt = performance.now()
  const answers: Response[] = []
  do answers.push(await ask(answers.length))
  while (answers.at(-1)!.ok && answers.length < 100)
  const refilled = ((performance.now() - startedAt) / 1_000) * USER.per_second
  expect(answers.at(-1)!.status).toBe(429)
  const passed = answers.length - 1
  expect(passed).toBeGreaterThanOrEqual(USER.burst)
  expect(passed).toBeLessThanOrEqual(USER.burst + refilled)
  return answers
}

beforeAll(async () => {
  edge = await new EdgeUnderTest({ limits: LIMITS }).start()
  edge.home.answers.set(`GET ${PORTFOLIO}`, { body: {} })
  edge.home.answers.set(`GET ${QUOTES}`, { body: { quotes: [] } })
  edge.home.answers.set('POST /internal/api-keys/usage', { status: 204 })
  edge.home.answers.set(`POST ${SIGN_IN}`, ({ body }) =>
    body.includes('right') ? { body: {} } : { status: 401, body: {} },
  )
  edge.home.answers.set('POST /api/v1/auth/register', { status: 201, body: {} })
})

afterAll(() => edge.stop())

beforeEach(() => {
  address = newAddress()
})

describe('a user', () => {
  it('may ask as often as his bucket gives, and is told what is left', async () => {
    const token = await edge.home.token(randomUUID())
    const startedAt = performance.now()
    const answers = await untilRefused(() => edge.get(PORTFOLIO, token))
    const refilled = ((performance.now() - startedAt) / 1_000) * USER.per_second
    const refusal = answers.pop()!
    for (const [index, { headers }] of answers.entries()) {
      const spare = Number(headers.get('ratelimit-remaining')) - (USER.burst - index - 1)
      expect(spare).toBeGreaterThanOrEqual(0)
      expect(spare).toBeLessThanOrEqual(refilled)
    }
    expect(answers[0]!.headers.get('ratelimit-limit')).toBe('5')
    expect(answers[0]!.headers.get('ratelimit-remaining')).toBe('4')
    expect(answers[0]!.headers.get('ratelimit-reset')).toBe('1')
    expect(refusal.headers.get('ratelimit-remaining')).toBe('0')
    expect(refusal.headers.get('retry-after')).toBe('1')
    expect(((await refusal.json()) as Problem).type).toMatch(/rate-limited$/)
    await sleep(1_000)
    expect((await edge.get(PORTFOLIO, token)).status).toBe(200)
  })

  it('has one bucket for all his sign-ins, addresses and orders, and nobody else’s', async () => {
    const userId = randomUUID()
    const tokens = await Promise.all(
      [1, 2].map(() => edge.home.token(userId, { claims: { sid: randomUUID() } })),
    )
    const order = (token: string) =>
      edge.post('/api/v1/orders', limitOrder(), { token, headers: from(newAddress()) })
    await untilRefused((turn) => order(tokens[turn % 2]!))
    expect((await order(await edge.home.token(randomUUID()))).status).toBe(202)
  })

  it('counts as himself where anyone may ask, once he is known', async () => {
    const token = await edge.home.token(randomUUID())
    const quotes = () =>
      fetch(edge.url + QUOTES, { headers: { ...from(), authorization: `Bearer ${token}` } })
    await untilRefused((turn) => (turn === 0 ? edge.get(PORTFOLIO, token) : quotes()))
    expect((await fetch(edge.url + QUOTES, { headers: from() })).status).toBe(200)
  })
})

describe('an API key', () => {
  it('has the quota its owner gave it', async () => {
    edge.home.answers.set('POST /internal/api-keys/verify', {
      body: {
        user_id: randomUUID(),
        role: 'USER',
        scopes: ['read'],
        allowed_networks: [],
        quota_per_minute: 3,
        expires_at: null,
      },
    })
    const { text } = makeApiKey(randomBytes)
    const read = () => fetch(edge.url + PORTFOLIO, { headers: { 'x-api-key': text, ...from() } })
    expect(await inTurn(4, read)).toEqual([200, 200, 200, 429])
    const refusal = await read()
    expect(refusal.headers.get('ratelimit-limit')).toBe('3')
    expect(Number(refusal.headers.get('retry-after'))).toBeGreaterThan(10)
  })

  it('that may be one is asked about only so often, whoever sends it', async () => {
    edge.home.answers.delete('POST /internal/api-keys/verify')
    const guess = () => {
      const headers = { 'x-api-key': makeApiKey(randomBytes).text, ...from(newAddress()) }
      return fetch(edge.url + PORTFOLIO, { headers })
    }
    // The test before asked once.
    expect(await inTurn(3, guess)).toEqual([401, 429, 429])
  })
})

describe('an address', () => {
  it('may ask for what is open to anyone as often as its bucket gives', async () => {
    const quotes = (sender: string) => fetch(edge.url + QUOTES, { headers: from(sender) })
    expect(await inTurn(5, () => quotes(address))).toEqual([200, 200, 200, 200, 429])
    expect((await quotes(newAddress())).status).toBe(200)
  })

  it('of IPv6 counts with its network', async () => {
    const quotes = (sender: string) => fetch(edge.url + QUOTES, { headers: from(sender) })
    let host = 1
    const seen = await inTurn(5, () => quotes(`2001:db8:1:1::${host++}`))
    expect(seen).toEqual([200, 200, 200, 200, 429])
    expect((await quotes('2001:db8:1:2::1')).status).toBe(200)
  })

  it('is the peer’s own when no proxy of ours can have named it', async () => {
    const quotes = (headers: Record<string, string>) =>
      fetch(edge.url + QUOTES, { headers }).then(({ status }) => status)
    const forged = { 'cf-connecting-ip': newAddress(), 'x-real-ip': newAddress(), ...from() }
    expect(await statusesOf(4, () => quotes(forged))).toEqual([200, 200, 200, 200])
    expect(await quotes({ ...forged, 'cf-connecting-ip': newAddress() })).toBe(429)
    expect(await quotes({ 'x-forwarded-for': `${newAddress()}, ${address}` })).toBe(429)
  })

  it('that shows what is not good is soon not listened to; who is known there goes on', async () => {
    const friend = await edge.home.token(randomUUID())
    const show = (token: string) =>
      fetch(edge.url + PORTFOLIO, { headers: { authorization: `Bearer ${token}`, ...from() } })
    expect((await show(friend)).status).toBe(200)
    expect(await inTurn(4, () => show('bad'))).toEqual([401, 401, 401, 429])
    expect((await show(friend)).status).toBe(200)
    const stranger = await edge.home.token(randomUUID())
    expect((await show(stranger)).status).toBe(429)
    const headers = { authorization: `Bearer ${stranger}`, ...from(newAddress()) }
    expect((await fetch(edge.url + PORTFOLIO, { headers })).status).toBe(200)
  })

  it('may open few accounts', async () => {
    const register = () => edge.post('/api/v1/users/register', {}, { headers: from() })
    expect(await inTurn(3, register)).toEqual([201, 201, 429])
  })

  it('that tries an invitation code shows something that is not good', async () => {
    const register = { status: 403, body: {} }
    edge.home.answers.set('POST /api/v1/auth/register', register)
    const guess = () => edge.post('/api/v1/auth/register', {}, { headers: from() })
    expect(await inTurn(2, guess)).toEqual([403, 403])
    const show = () =>
      fetch(edge.url + PORTFOLIO, { headers: { authorization: 'Bearer bad', ...from() } })
    expect(await inTurn(2, show)).toEqual([401, 429])
    address = newAddress()
    expect(await inTurn(3, show)).toEqual([401, 401, 401])
    expect((await guess()).status).toBe(429)
  })
})

describe('the sockets of an address', () => {
  const opened: WebSocket[] = []
  afterEach(() => {
    for (const socket of opened.splice(0)) socket.terminate()
  })

  /** An open socket, or the answer that refused it. */
  function open(sender = address): Promise<WebSocket | IncomingMessage> {
    const socket = new WebSocket(`${edge.url.replace('http', 'ws')}/ws/quotes/CRYPTO-COIN-BTC`, {
      headers: from(sender),
    })
    return new Promise((resolve, reject) => {
      socket.once('open', () => {
        opened.push(socket)
        resolve(socket)
      })
      socket.once('unexpected-response', (_request, answer) => resolve(answer))
      socket.once('error', reject)
    })
  }

  it('are so many and no more; closing one makes room', async () => {
    for (let index = 0; index < 3; index += 1) expect(await open()).toBeInstanceOf(WebSocket)
    const refusal = (await open()) as IncomingMessage
    expect(refusal.statusCode).toBe(429)
    expect(refusal.headers['retry-after']).toBe('5')
    expect(((await json(refusal)) as Problem).type).toMatch(/rate-limited$/)
    expect(await open(newAddress())).toBeInstanceOf(WebSocket)
    address = newAddress()
    for (let index = 0; index < 3; index += 1) expect(await open()).toBeInstanceOf(WebSocket)
    const last = opened.at(-1)!
    const closed = once(last, 'close')
    last.close()
    await closed
    expect(await open()).toBeInstanceOf(WebSocket)
  })

  it('of IPv6 are those of its network', async () => {
    for (let host = 1; host <= 3; host += 1) {
      expect(await open(`2001:db8:3:1::${host}`)).toBeInstanceOf(WebSocket)
    }
    expect(((await open('2001:db8:3:1::4')) as IncomingMessage).statusCode).toBe(429)
    expect(await open('2001:db8:3:2::1')).toBeInstanceOf(WebSocket)
  })
})

it('what home refuses is told to its audit log too', async () => {
  edge.home.answers.set('POST /api/v1/login/refresh', { status: 401, body: {} })
  const refreshed = await edge.post('/api/v1/login/refresh', {}, { headers: from() })
  expect(refreshed.status).toBe(401)
  const told = () =>
    edge.home.calls.some(
      ({ path, body }) => path === '/internal/api-keys/usage' && body.includes('login/refresh'),
    )
  await until(told, 15_000)
})

describe('signing in', () => {
  it('is tried a few times by an address, then no more, and home hears no more of it', async () => {
    const calls = () => edge.home.calls.filter(({ path }) => path === SIGN_IN).length
    const before = calls()
    expect(await inTurn(5, signIn)).toEqual([401, 401, 401, 429, 429])
    expect(calls() - before).toBe(3)
  })

  it('from everywhere at once reaches home only so often; who came in lately still does', async () => {
    const friend = newAddress()
    expect((await signIn(friend, 'right')).status).toBe(200)
    const flood = await statuses(Array.from({ length: 30 }, () => signIn(newAddress())))
    expect(flood.filter((status) => status === 401).length).toBeLessThanOrEqual(8)
    expect(flood.filter((status) => status === 429).length).toBeGreaterThanOrEqual(22)
    expect((await signIn(newAddress(), 'right')).status).toBe(429)
    expect((await signIn(friend, 'right')).status).toBe(200)
  })
})

async function statusesOf(times: number, ask: () => Promise<number>): Promise<number[]> {
  const seen: number[] = []
  for (let index = 0; index < times; index += 1) seen.push(await ask())
  return seen
}
