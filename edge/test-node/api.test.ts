// The API as a client meets it: tokens, bodies, refusals.

import { createHmac, randomUUID } from 'node:crypto'
import { exportSPKI, importJWK, SignJWT, generateKeyPair } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Problem } from '@motu/shared/problem.ts'
import { EdgeUnderTest, limitOrder } from './edge-under-test.ts'

let edge: EdgeUnderTest
let userId: string
let token: string

beforeAll(async () => {
  edge = await new EdgeUnderTest().start()
  userId = randomUUID()
  token = await edge.home.token(userId)
})

afterAll(() => edge.stop())

const base64url = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')

describe('a token', () => {
  const forgeries: Record<string, () => Promise<string>> = {
    'of nobody': async () => 'nonsense',
    'without a signature (alg none)': async () => {
      const [, payload] = token.split('.')
      return `${base64url({ alg: 'none', typ: 'at+jwt' })}.${payload}.`
    },
    'signed with the public key as an HMAC secret': async () => {
      const key = await importJWK(await edge.home.publicJwk(), 'EdDSA', { extractable: true })
      const secret = await exportSPKI(key as CryptoKey)
      const [, payload] = token.split('.')
      const signed = `${base64url({ alg: 'HS256', typ: 'at+jwt', kid: 'test-key' })}.${payload}`
      return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`
    },
    'of another issuer': () => edge.home.token(userId, { claims: { iss: 'other' } }),
    'for another audience': () => edge.home.token(userId, { claims: { aud: 'other' } }),
    'of another type': () => edge.home.token(userId, { header: { typ: 'JWT' } }),
    'of an unknown key': () => edge.home.token(userId, { header: { kid: 'other' } }),
    'that has expired': () => edge.home.token(userId, { claims: { exp: 1_700_000_000 } }),
    'without a subject': () => edge.home.token(userId, { claims: { sub: undefined } }),
    'whose subject is no user id': () => edge.home.token('admin'),
    'with an edited payload': async () => {
      const [header, payload, signature] = token.split('.')
      const claims = JSON.parse(Buffer.from(payload!, 'base64url').toString()) as object
      return `${header}.${base64url({ ...claims, sub: randomUUID() })}.${signature}`
    },
    'signed with a key of one’s own': async () => {
      const { privateKey } = await generateKeyPair('EdDSA')
      return new SignJWT({ sid: 's', role: 'USER' })
        .setProtectedHeader({ alg: 'EdDSA', typ: 'at+jwt', kid: 'test-key' })
        .setIssuer('motu')
        .setAudience('motu-api')
        .setSubject(userId)
        .setExpirationTime('1h')
        .sign(privateKey)
    },
  }

  it.each(Object.keys(forgeries))('%s is refused like any other', async (name) => {
    const answer = await edge.post('/api/v1/orders', limitOrder(), {
      token: await forgeries[name]!(),
    })
    const { instance: _instance, ...problem } = (await answer.json()) as Problem
    expect(answer.status).toBe(401)
    expect(answer.headers.get('content-type')).toBe('application/problem+json')
    expect(problem).toEqual({
      type: `${edge.url}/problems/unauthenticated`,
      title: 'A valid access token is required',
      status: 401,
      detail: 'A valid access token is required',
    })
  })

  it('that is valid places an order', async () => {
    const answer = await edge.post('/api/v1/orders', limitOrder(), { token })
    expect(answer.status).toBe(202)
    const { order_id } = (await answer.json()) as { order_id: string }
    expect(answer.headers.get('location')).toBe(`/api/v1/orders/${order_id}`)
  })
})

describe('a body', () => {
  const bodies: [name: string, body: unknown, status: number, pointer: string | undefined][] = [
    ['that is not JSON', '{"ticker_id":', 400, '#'],
    ['that is empty', '', 400, '#'],
    ['that is a list', [], 400, '#'],
    ['with a number for a quantity', limitOrder({ quantity: 0.01 }), 400, '#/quantity'],
    ['with a negative quantity', limitOrder({ quantity: '-1' }), 400, '#/quantity'],
    ['with no quantity at all', limitOrder({ quantity: '0' }), 400, '#/quantity'],
    ['with an exponent', limitOrder({ quantity: '1e308' }), 400, '#/quantity'],
    ['with nine decimals', limitOrder({ quantity: '0.000000001' }), 400, '#/quantity'],
    ['with a field we do not know', limitOrder({ leverage: 3 }), 400, '#/leverage'],
    ['with a ticker that is none', limitOrder({ ticker_id: 'btc' }), 400, '#/ticker_id'],
    ['with an unlisted ticker', limitOrder({ ticker_id: 'CRYPTO-COIN-NO' }), 422, '#/ticker_id'],
    ['with a price off its tick', limitOrder({ limit_price: '9500001' }), 422, '#/limit_price'],
    ['without the price of a LIMIT', limitOrder({ limit_price: null }), 400, '#/limit_price'],
    ['for DAY on crypto', limitOrder({ time_in_force: 'DAY' }), 422, '#/time_in_force'],
    ['with a blank client id', limitOrder({ client_order_id: 'a b' }), 400, '#/client_order_id'],
    ['larger than 64 KiB', `{"x":"${'y'.repeat(70_000)}"}`, 413, undefined],
  ]

  it.each(bodies)('%s is refused', async (_name, body, status, pointer) => {
    const before = edge.home.stored.length
    const answer = await edge.post('/api/v1/orders', body, { token })
    const problem = (await answer.json()) as Problem
    expect(answer.status).toBe(status)
    expect(answer.headers.get('content-type')).toBe('application/problem+json')
    expect(problem.errors?.[0]?.pointer).toBe(pointer)
    expect(edge.home.stored).toHaveLength(before)
  })

  it('must say that it is JSON', async () => {
    const headers = { 'content-type': 'text/plain' }
    const answer = await edge.post('/api/v1/orders', '{}', { token, headers })
    expect(answer.status).toBe(415)
  })
})

describe('a client order id', () => {
  it('comes from the Idempotency-Key header as well', async () => {
    const headers = { 'idempotency-key': 'from-header' }
    const body = limitOrder({ client_order_id: undefined })
    const answer = await edge.post('/api/v1/orders', body, { token, headers })
    expect(await answer.json()).toMatchObject({ client_order_id: 'from-header' })
  })

  it('may not differ between body and header', async () => {
    const headers = { 'idempotency-key': 'one' }
    const body = limitOrder({ client_order_id: 'two' })
    const answer = await edge.post('/api/v1/orders', body, { token, headers })
    expect(answer.status).toBe(400)
    expect(((await answer.json()) as Problem).errors?.[0]?.pointer).toBe('#/client_order_id')
  })

  it('used for other content is refused', async () => {
    await edge.post('/api/v1/orders', limitOrder({ client_order_id: 'mine' }), { token })
    const other = limitOrder({ client_order_id: 'mine', quantity: '0.02' })
    const answer = await edge.post('/api/v1/orders', other, { token })
    expect(answer.status).toBe(422)
    expect(((await answer.json()) as Problem).type).toMatch(/duplicate-mismatch$/)
  })
})

describe('a batch', () => {
  it('judges each order on its own, in order', async () => {
    const orders = [limitOrder(), limitOrder({ quantity: '-1' }), limitOrder()]
    const answer = await edge.post('/api/v1/orders/batch', { orders }, { token })
    expect(answer.status).toBe(202)
    const { results } = (await answer.json()) as { results: Record<string, unknown>[] }
    expect(results.map(({ index }) => index)).toEqual([0, 1, 2])
    expect(results.map(({ status }) => status)).toEqual(['PENDING', undefined, 'PENDING'])
    expect(results[1]!.problem).toMatchObject({ status: 400, errors: [{ pointer: '#/quantity' }] })
  })

  it('is 422 when nothing was accepted', async () => {
    const orders = [limitOrder({ side: 'HOLD' })]
    const answer = await edge.post('/api/v1/orders/batch', { orders }, { token })
    expect(answer.status).toBe(422)
    expect(await answer.json()).toMatchObject({ results: [{ index: 0 }] })
  })

  it('numbers its orders under one Idempotency-Key', async () => {
    const orders = [1, 2].map(() => limitOrder({ client_order_id: undefined }))
    const headers = { 'idempotency-key': 'batch-1' }
    await edge.post('/api/v1/orders/batch', { orders }, { token, headers })
    const ids = edge.home.stored.slice(-2).map((m) => m.kind === 'place' && m.client_order_id)
    expect(ids).toEqual(['batch-1:0', 'batch-1:1'])
  })

  it('of more than a hundred orders is refused', async () => {
    const orders = Array.from({ length: 101 }, () => limitOrder())
    const answer = await edge.post('/api/v1/orders/batch', { orders }, { token })
    expect(answer.status).toBe(400)
  })
})

describe('a path', () => {
  it('of the owner’s, without the prefix, answers too', async () => {
    for (const path of ['/order', '/api/v1/order']) {
      expect((await edge.post(path, limitOrder(), { token })).status).toBe(202)
    }
    edge.home.answers.set('POST /api/v1/login/access-token', { body: { ok: 1 } })
    for (const path of ['/auth/login', '/api/v1/auth/login', '/login/access-token']) {
      const answer = await edge.post(path, {})
      expect(await answer.json()).toEqual({ ok: 1 })
    }
  })

  it('that leads nowhere is a problem', async () => {
    for (const path of ['/api/v2/x', '/internal/keys', '/ws/nothing']) {
      const answer = await edge.get(path)
      expect(answer.status).toBe(404)
      expect(answer.headers.get('content-type')).toBe('application/problem+json')
    }
  })

  it('of orders with another method is 405', async () => {
    const answer = await fetch(`${edge.url}/api/v1/orders`, { method: 'PUT' })
    expect(answer.status).toBe(405)
  })

  it('of an order to cancel must be an order id', async () => {
    expect((await edge.delete('/api/v1/orders/nonsense', token)).status).toBe(400)
    const answer = await edge.delete(`/api/v1/orders/${randomUUID()}`, token)
    expect(answer.status).toBe(202)
    expect(await answer.json()).toHaveProperty('cancel_requested_at')
  })

  it('of a problem explains it', async () => {
    const answer = await edge.get('/problems/price-off-tick')
    expect(answer.headers.get('content-type')).toMatch(/^text\/html/)
    expect(answer.headers.get('content-security-policy')).toContain("frame-ancestors 'none'")
    expect(await answer.text()).toContain('호가 단위')
    expect((await edge.get('/problems/nonsense')).status).toBe(404)
  })
})
