// Who is let through to home, and what goes with him: the routes of the contract and no others, cookies
// only where and from where they belong, nobody home has shut out.

import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { ROUTES } from '@motu/shared/contract/routes.ts'
import type { Problem } from '@motu/shared/problem.ts'
import type { Revocation } from '@motu/shared/upstream.ts'
import { EdgeUnderTest, limitOrder, until } from './edge-under-test.ts'

const REFRESH = '/api/v1/login/refresh'
const COOKIE = '__Secure-motu_refresh=secret-of-a-sign-in'
const MODE = { 'motu-session': 'cookie' }

let edge: EdgeUnderTest
let userId: string
let sid: string
let token: string

const ask = (method: string, path: string, headers: Record<string, string> = {}) =>
  fetch(edge.url + path, { method, headers })

beforeAll(async () => {
  edge = await new EdgeUnderTest().start()
  edge.home.answers.set('GET /api/v1/portfolio', { body: {} })
  edge.home.answers.set('POST /api/v1/logout', { status: 204 })
  edge.home.answers.set(`POST ${REFRESH}`, {
    body: { access_token: 'a' },
    headers: { 'set-cookie': ['__Secure-motu_refresh=next; Path=/api/v1', 'b=c'] },
  })
  await until(() => edge.home.hubCount === 1)
})

afterAll(() => edge.stop())

beforeEach(async () => {
  userId = randomUUID()
  sid = randomUUID()
  token = await edge.home.token(userId, { claims: { sid } })
})

describe('a route', () => {
  const paths = [...new Set(ROUTES.map(({ path }) => path))]
  const addressOf = (path: string) => path.replaceAll(/\{\w+\}/g, randomUUID())

  it.each(paths)('%s answers its methods, and says which they are to any other', async (path) => {
    const methods = ROUTES.filter((route) => route.path === path).map(({ method }) =>
      method.toUpperCase(),
    )
    const other = ['PUT', 'PATCH', 'DELETE', 'GET', 'POST'].find(
      (method) =>
        !methods.includes(method) &&
        !ROUTES.some(
          (route) =>
            route.method === method.toLowerCase() &&
            new RegExp(`^${route.path.replaceAll(/\{\w+\}/g, '[^/]+')}$`).test(path),
        ),
    )!
    const before = edge.home.clientCalls.length
    const answer = await ask(other, addressOf(path))
    expect(answer.status).toBe(405)
    const allowed = answer.headers.get('allow')!.split(', ')
    expect(allowed).toEqual(expect.arrayContaining(methods))
    expect(allowed).not.toContain(other)
    expect(edge.home.clientCalls).toHaveLength(before)
  })

  it.each(
    ROUTES.filter((route) => route['x-motu-access'] !== 'anyone').map(
      ({ method, path }) => `${method.toUpperCase()} ${path}`,
    ),
  )('%s is closed to who shows nothing, before home is asked', async (line) => {
    const [method = '', path = ''] = line.split(' ')
    const before = edge.home.clientCalls.length
    expect((await ask(method, addressOf(path))).status).toBe(401)
    expect(edge.home.clientCalls).toHaveLength(before)
  })

  it.each(
    ROUTES.filter((route) => route['x-motu-access'] === 'admin').map(
      ({ method, path }) => `${method.toUpperCase()} ${path}`,
    ),
  )('%s is closed to a user, open to an admin', async (line) => {
    const [method = '', path = ''] = line.split(' ')
    const bearer = (text: string) => ({ authorization: `Bearer ${text}` })
    const before = edge.home.clientCalls.length
    expect((await ask(method, addressOf(path), bearer(token))).status).toBe(403)
    expect(edge.home.clientCalls).toHaveLength(before)
    const admin = await edge.home.token(randomUUID(), { claims: { role: 'ADMIN' } })
    await ask(method, addressOf(path), bearer(admin))
    expect(edge.home.clientCalls).toHaveLength(before + 1)
  })

  it('that is none never reaches home', async () => {
    const before = edge.home.clientCalls.length
    for (const path of ['/api/v1/nothing', '/api/v1/portfolio/', '/api/v1/orders/x/y', '/api/v1']) {
      const answer = await edge.get(path, token)
      expect(answer.status, path).toBe(404)
      expect(((await answer.json()) as Problem).type).toMatch(/not-found$/)
    }
    expect(edge.home.clientCalls).toHaveLength(before)
  })

  it('has the owner’s names as well', async () => {
    const aliases: [path: string, home: string][] = [
      ['/login/refresh', REFRESH],
      ['/users/register', '/api/v1/auth/register'],
      ['/api/v1/users/register', '/api/v1/auth/register'],
      ['/login/passkey', '/api/v1/login/passkey'],
    ]
    for (const [path, home] of aliases) {
      await edge.post(path, {})
      expect(edge.home.clientCalls.at(-1)!.path).toBe(home)
    }
    const id = 'AbCdEfGhIjKl'
    await edge.get('/api-keys', token)
    expect(edge.home.clientCalls.at(-1)!.path).toBe('/api/v1/api-keys')
    await edge.post(`/api-keys/${id}/rotate`, {}, { token })
    expect(edge.home.clientCalls.at(-1)!.path).toBe(`/api/v1/api-keys/${id}/rotate`)
    expect((await edge.delete(`/api-keys/${id}`, token)).status).toBe(404)
    expect((await edge.post('/orders', limitOrder(), { token })).status).toBe(202)
  })
})

describe('a cookie', () => {
  const refresh = (headers: Record<string, string>) => edge.post(REFRESH, {}, { headers })
  const cookieAtHome = () => edge.home.clientCalls.at(-1)!.headers.cookie

  it('of ours goes to home with the header no other site can send, others never', async () => {
    const cookie = `theme=dark; ${COOKIE}; __Secure-motu_oidc=x; session=1`
    await refresh({ cookie, ...MODE })
    expect(cookieAtHome()).toBe(`${COOKIE}; __Secure-motu_oidc=x`)
    expect(edge.home.clientCalls.at(-1)!.headers['motu-session']).toBe('cookie')
    await refresh({ cookie })
    expect(cookieAtHome()).toBe('__Secure-motu_oidc=x')
    await edge.get('/api/v1/portfolio', token)
    await fetch(`${edge.url}/api/v1/portfolio`, {
      headers: { cookie, ...MODE, authorization: `Bearer ${token}` },
    })
    expect(cookieAtHome()).toBeUndefined()
  })

  it('of home’s goes to the browser, each in its own header', async () => {
    const answer = await refresh({ cookie: COOKIE, ...MODE })
    expect(answer.headers.getSetCookie()).toEqual([
      '__Secure-motu_refresh=next; Path=/api/v1',
      'b=c',
    ])
  })

  it('does nothing for another site', async () => {
    const before = edge.home.clientCalls.length
    const sites = ['https://attacker.example', 'null', edge.url.replace(/:\d+$/, ':1')]
    for (const origin of sites) {
      expect((await refresh({ cookie: COOKIE, ...MODE, origin })).status, origin).toBe(403)
    }
    expect(edge.home.clientCalls).toHaveLength(before)
    expect((await refresh({ cookie: COOKIE, ...MODE, origin: edge.url })).status).toBe(200)
  })
})

describe('a forwarded request', () => {
  it('names the client, and the origin he called through a proxy of ours', async () => {
    await fetch(`${edge.url}/api/v1/portfolio`, {
      headers: {
        authorization: `Bearer ${token}`,
        'x-forwarded-for': '203.0.113.9',
        'x-forwarded-proto': 'https',
        'user-agent': `a browser${' '.repeat(500)}of ours`,
        'motu-client-address': '1.2.3.4',
        'motu-public-origin': 'https://attacker.example',
      },
    })
    const { headers } = edge.home.clientCalls.at(-1)!
    expect(headers['motu-client-address']).toBe('203.0.113.9')
    expect(headers['motu-public-origin']).toBe(edge.url.replace('http:', 'https:'))
    expect(headers['user-agent']).toMatch(/^a browser/)
    expect(headers['user-agent']!.length).toBeLessThanOrEqual(400)
  })
})

describe('a socket', () => {
  type Browser = { socket: WebSocket; ops: string[]; closed: Promise<number> }

  async function open(shown: string, headers: Record<string, string> = {}): Promise<Browser> {
    const socket = new WebSocket(`${edge.url.replace('http', 'ws')}/ws/orders`, { headers })
    const ops: string[] = []
    socket.on('message', (data) => ops.push((JSON.parse(String(data)) as { op: string }).op))
    const closed = new Promise<number>((resolve) => socket.on('close', resolve))
    await new Promise((resolve, reject) => socket.on('open', resolve).on('error', reject))
    socket.send(JSON.stringify({ op: 'auth', token: shown }))
    return { socket, ops, closed }
  }

  function revoke(kind: Revocation['kind'], id: string): void {
    const at = new Date().toISOString()
    const end = new Date(Date.now() + 60_000).toISOString()
    edge.home.tell({ t: 'revocations', revocations: [{ kind, id, at, until: end }] })
  }

  it.each(['session', 'user'] as const)('is closed with its %s, no other is', async (kind) => {
    const other = await edge.home.token(randomUUID(), { claims: { sid: randomUUID() } })
    const [mine, theirs] = await Promise.all([open(token), open(other)])
    await until(() => mine.ops.includes('ready') && theirs.ops.includes('ready'))
    revoke(kind, kind === 'session' ? sid : userId)
    expect(await mine.closed).toBe(4401)
    expect(theirs.socket.readyState).toBe(WebSocket.OPEN)
    theirs.socket.terminate()
    expect(await (await open(token)).closed).toBe(4401)
  })

  it('survives what home repeats of a user who was let in again', async () => {
    const at = new Date(Date.now() - 60_000).toISOString()
    const end = new Date(Date.now() + 60_000).toISOString()
    const mine = await open(token)
    await until(() => mine.ops.includes('ready'))
    edge.home.tell({
      t: 'revocations',
      revocations: [{ kind: 'user', id: userId, at, until: end }],
    })
    await sleep(200)
    expect(mine.socket.readyState).toBe(WebSocket.OPEN)
    mine.socket.terminate()
  })

  it('is not opened by another site', async () => {
    for (const origin of ['https://attacker.example', 'null']) {
      await expect(open(token, { origin })).rejects.toThrow('403')
    }
    const ours = await open(token, { origin: edge.url })
    ours.socket.terminate()
  })
})

describe('in the dark', () => {
  it('the status says how long grace lasts; signing out counts; what was revoked stays so', async () => {
    const revoked = await edge.home.token(randomUUID(), { claims: { sid: 'revoked-1' } })
    expect((await edge.post('/api/v1/orders', limitOrder(), { token: revoked })).status).toBe(202)
    edge.home.tell({
      t: 'revocations',
      revocations: [
        {
          kind: 'session',
          id: 'revoked-1',
          at: new Date().toISOString(),
          until: new Date(Date.now() + 60_000).toISOString(),
        },
      ],
    })
    const order = (shown: string) =>
      edge.post('/api/v1/orders', limitOrder(), { token: shown }).then(({ status }) => status)
    await until(async () => (await order(revoked)) === 401)
    expect((await edge.status()).grace_until).toBeNull()
    await edge.home.stop()
    await until(async () => (await edge.status()).grace_until !== null)
    const hours = (Date.parse((await edge.status()).grace_until!) - Date.now()) / 3_600_000
    expect(hours).toBeGreaterThan(11.9)
    expect(hours).toBeLessThanOrEqual(12)

    const out = await edge.post('/api/v1/logout', {}, { token, headers: MODE })
    expect(out.status).toBe(204)
    expect(out.headers.getSetCookie()[0]).toMatch(/^__Secure-motu_refresh=;.*Max-Age=0/)
    expect((await edge.post('/api/v1/logout', {})).status).toBe(503)
    expect(await order(token)).toBe(401)
    await edge.kill()
    await edge.serve()
    expect(await order(token)).toBe(401)
    expect(await order(revoked)).toBe(401)
    const other = await edge.home.token(randomUUID(), { claims: { sid: randomUUID() } })
    expect(await order(other)).toBe(202)
    edge.home.answers.set('POST /internal/sign-outs', { status: 204 })
    await edge.home.start()
    const told = () => edge.home.calls.filter(({ path }) => path === '/internal/sign-outs')
    await until(() => told().length > 0, 20_000)
    expect(JSON.parse(told()[0]!.body)).toEqual({ session_ids: [sid] })
  })
})
