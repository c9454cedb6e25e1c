// Forged, borrowed and outdated access tokens against the running edge: each is refused, and all of
// them in the same words.

import { randomUUID } from 'node:crypto'
import { request } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Problem } from '@motu/shared/problem.ts'
import type { Revocation } from '@motu/shared/upstream.ts'
import { EdgeUnderTest, limitOrder, until } from './edge-under-test.ts'
import { FORGERIES } from './forged-tokens.ts'

let edge: EdgeUnderTest
let userId: string
let token: string

beforeAll(async () => {
  edge = await new EdgeUnderTest().start()
  edge.home.answers.set('GET /api/v1/portfolio', { body: {} })
  edge.home.answers.set('GET /api/v1/api-keys', { body: {} })
  await until(() => edge.home.hubCount === 1)
  userId = randomUUID()
  token = await edge.home.token(userId, { claims: { sid: randomUUID() } })
})

afterAll(() => edge.stop())

/** An order, a read of one's own, and what needs a sign-in. */
const DOORS: readonly ((bearer: string) => Promise<Response>)[] = [
  (bearer) => edge.post('/api/v1/orders', limitOrder(), { token: bearer }),
  (bearer) => edge.get('/api/v1/portfolio', bearer),
  (bearer) => edge.get('/api/v1/api-keys', bearer),
]

async function expectRefusal(answer: Response): Promise<void> {
  const { instance, ...problem } = (await answer.json()) as Problem
  expect(answer.status).toBe(401)
  expect(answer.headers.get('content-type')).toBe('application/problem+json')
  expect(answer.headers.get('www-authenticate')).toBe('Bearer')
  expect(instance).toMatch(/^\/requests\//)
  expect(problem).toEqual({
    type: `${edge.url}/problems/unauthenticated`,
    title: 'A valid access token is required',
    status: 401,
    detail: 'A valid access token is required',
  })
}

async function expectOpen(bearer: string): Promise<void> {
  const [order, portfolio, keys] = await Promise.all(DOORS.map((door) => door(bearer)))
  expect([order!.status, portfolio!.status, keys!.status]).toEqual([202, 200, 200])
}

function revoke(kind: Revocation['kind'], id: string): void {
  const at = new Date().toISOString()
  const until = new Date(Date.now() + 60_000).toISOString()
  edge.home.tell({ t: 'revocations', revocations: [{ kind, id, at, until }] })
}

it('lets a good token in everywhere', () => expectOpen(token))

describe('a token', () => {
  it.each(Object.keys(FORGERIES))('with %s is refused at every door', async (name) => {
    const before = edge.home.clientCalls.length
    for (const door of DOORS) {
      await expectRefusal(await door(await FORGERIES[name]!(edge.home, userId)))
    }
    expect(edge.home.clientCalls.length).toBe(before)
  })

  it('of a megabyte is refused before anyone reads it', async () => {
    const headers = { authorization: `Bearer ${'a'.repeat(1_048_576)}` }
    const status = await new Promise<number | undefined>((resolve) => {
      const call = request(`${edge.url}/api/v1/portfolio`, { headers }, (answer) => {
        answer.resume()
        resolve(answer.statusCode)
      })
      call.on('error', () => resolve(undefined))
      call.end()
    })
    expect([401, 431, undefined]).toContain(status)
    await expectOpen(token)
  })

  it('of 64 KB is refused like any other', async () => {
    await expectRefusal(await edge.get('/api/v1/portfolio', 'a'.repeat(65_536)))
  })

  it('of a user who is shut out is refused, one he gets later is not', async () => {
    const sub = randomUUID()
    const early = await edge.home.token(sub, { claims: { sid: randomUUID() } })
    await expectOpen(early)
    revoke('user', sub)
    await until(async () => (await DOORS[1]!(early)).status === 401)
    for (const door of DOORS) await expectRefusal(await door(early))
    await sleep(1_100)
    await expectOpen(await edge.home.token(sub, { claims: { sid: randomUUID() } }))
  })

  it('of a sign-in that was ended elsewhere is refused, seen before or not', async () => {
    const sid = randomUUID()
    const seen = await edge.home.token(userId, { claims: { sid } })
    await expectOpen(seen)
    revoke('session', sid)
    await until(async () => (await DOORS[1]!(seen)).status === 401)
    const unseen = await edge.home.token(userId, { claims: { sid, role: 'ADMIN' } })
    for (const door of DOORS) {
      await expectRefusal(await door(seen))
      await expectRefusal(await door(unseen))
    }
    await expectOpen(token)
  })

  it('counts five seconds past its end, and not ten', async () => {
    const ended = (seconds: number) => {
      const exp = Math.floor(Date.now() / 1_000) - seconds
      return edge.home.token(userId, { claims: { exp, sid: randomUUID() } })
    }
    await expectOpen(await ended(2))
    await expectRefusal(await DOORS[0]!(await ended(10)))
  })

  it('of a clock that is a minute ahead counts, not of two', async () => {
    const ahead = (seconds: number) => {
      const iat = Math.floor(Date.now() / 1_000) + seconds
      return edge.home.token(userId, { claims: { iat, sid: randomUUID() } })
    }
    await expectOpen(await ahead(50))
    await expectRefusal(await DOORS[0]!(await ahead(120)))
  })
})

describe('a way of showing it', () => {
  it('other than one Authorization header is none', async () => {
    const twice = await new Promise<number | undefined>((resolve, reject) => {
      const call = request(`${edge.url}/api/v1/portfolio`, (answer) => {
        answer.resume()
        resolve(answer.statusCode)
      })
      call.setHeader('authorization', [`Bearer ${token}`, `Bearer ${token}`])
      call.on('error', reject)
      call.end()
    })
    expect(twice).toBe(401)
    await expectRefusal(await edge.get(`/api/v1/portfolio?access_token=${token}`))
    const headers = [
      { authorization: token },
      { authorization: `Basic ${token}` },
      { cookie: `access_token=${token}; authorization=Bearer ${token}` },
      { 'x-access-token': token },
    ]
    for (const shown of headers) {
      await expectRefusal(await fetch(`${edge.url}/api/v1/portfolio`, { headers: shown }))
    }
  })
})

it('refuses a token of a retired key once home shows the next', async () => {
  const retired = await edge.home.token(userId, { claims: { sid: randomUUID() } })
  await edge.home.replaceKey('next-key')
  const next = await edge.home.token(userId, { claims: { sid: randomUUID() } })
  await until(async () => (await DOORS[1]!(next)).status === 200, 6_000)
  await expectRefusal(await DOORS[1]!(retired))
  await expectOpen(next)
})
