// Who may call home at all: calls signed by the edge, each that writes once.

import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { signCall } from '@motu/shared/internal.ts'
import { createWorld, problemIn, SECRET, type World } from './world.ts'

const ANY = '/api/v1/market/instruments'
const REGISTER = '/api/v1/auth/register'

let world: World
let posted: unknown[]
beforeAll(async () => {
  world = await createWorld((partition, messages) => {
    if (partition === 7) return Promise.resolve('not_owner')
    posted.push(...messages)
    return Promise.resolve(messages.map(() => 'stored' as const))
  })
})
afterAll(() => world.close())

const at = () => ({ nowMs: world.clock.nowMs, nonce: randomUUID() })
const UNSIGNED = [401, 'unauthenticated']

describe('a call', () => {
  it('needs no signature for the health check, and for nothing else', async () => {
    const health = await world.call('/internal/health', { signature: null })
    expect(health.body).toEqual({ ok: true, home_ms: world.clock.nowMs })
    for (const path of [ANY, '/internal/keys', '/api/v1/portfolio', '/nothing', '/internal']) {
      expect(problemIn(await world.call(path, { signature: null }))).toEqual(UNSIGNED)
    }
  })

  it('is refused when anything of it is not what was signed', async () => {
    const get = { method: 'GET', path: ANY, body: '' }
    const cases = [
      await signCall('another secret', get, at()),
      await signCall(SECRET, { ...get, path: `${ANY}?x=1` }, at()),
      await signCall(SECRET, { ...get, method: 'POST' }, at()),
      await signCall(SECRET, get, { ...at(), nowMs: world.clock.nowMs - 61_000 }),
      await signCall(SECRET, get, { ...at(), nowMs: world.clock.nowMs + 61_000 }),
      'nonsense',
      '',
    ]
    for (const signature of cases) {
      expect(problemIn(await world.call(ANY, { signature }))).toEqual(UNSIGNED)
    }
    const signature = await world.sign(REGISTER, { method: 'POST', body: { username: 'a' } })
    const other = await world.call(REGISTER, { signature, body: { username: 'b' } })
    expect(problemIn(other)).toEqual(UNSIGNED)
    expect((await world.call(ANY)).status).toBe(200)
  })

  it('that writes is taken once, however often it is sent', async () => {
    const body = { username: 'replayed', password: 'correct horse', nickname: 'x' }
    const signature = await world.sign(REGISTER, { method: 'POST', body })
    expect((await world.call(REGISTER, { signature, body })).status).toBe(201)
    expect(problemIn(await world.call(REGISTER, { signature, body }))).toEqual(UNSIGNED)
    expect(problemIn(await world.call(REGISTER, { body }))[1]).toBe('username-taken')
  })

  it('with a query and escapes in its path is verified as it was sent', async () => {
    const path = '/api/v1/market/quotes/%ED%95%9C%EA%B8%80?a=%20b&c=d'
    expect(problemIn(await world.call(path))).toEqual([404, 'not-found'])
  })

  it('to a path or a method nobody answers is a problem too', async () => {
    expect(problemIn(await world.call('/api/v1/nothing'))).toEqual([404, 'not-found'])
    const put = await world.call('/api/v1/portfolio', { method: 'PUT', body: {} })
    expect([...problemIn(put), put.headers.get('allow')]).toEqual([
      ...[405, 'method-not-allowed', 'GET, HEAD'],
    ])
  })
})

describe("the courier's post", () => {
  const POST = '/internal/orders'
  const post = (body: unknown) => world.call(POST, { body })

  it('reaches the engine, which answers for each message', async () => {
    posted = []
    const answer = await post({ partition: 3, messages: [{ a: 1 }, { b: 2 }] })
    expect([answer.status, answer.body]).toEqual([200, { results: ['stored', 'stored'] }])
    expect(posted).toEqual([{ a: 1 }, { b: 2 }])
  })

  it('is sent elsewhere or later when no engine here owns the partition', async () => {
    const answer = await post({ partition: 7, messages: [{}] })
    expect(problemIn(answer)).toEqual([503, 'unavailable'])
  })

  it.each([
    ['a partition that is none', { partition: 8, messages: [{}] }, '#/partition'],
    ['half a partition', { partition: 0.5, messages: [{}] }, '#/partition'],
    ['no message', { partition: 0, messages: [] }, '#/messages'],
    ['too many', { partition: 0, messages: Array(201).fill({}) }, '#/messages'],
  ])('is refused with %s', async (_what, body, pointer) => {
    expect(problemIn(await post(body))).toEqual([400, 'invalid-request', pointer])
  })
})
