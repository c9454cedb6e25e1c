// Every route of the contract, called as everyone who may come: through the edge, and at home behind
// it. Who gets what follows from what the route declares; nothing of it is written here twice.

import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { mayCall } from '@motu/shared/contract/access.ts'
import { type PublicRoute, routeOf, ROUTES } from '@motu/shared/contract/routes.ts'
import { belongingsOf } from './belongings.ts'
import { type Caller, type Cast, type Headers, bearer, JSON_TYPE, Stage } from './cast.ts'
import type { Answer, Request } from './http-client.ts'
import { RealMotu } from './real-motu.ts'
import { type Sample, SAMPLES, type Sent } from './samples.ts'
import { ServedDocument } from './served-document.ts'

/** The edge answers these itself; behind it there is no such address. */
const AT_THE_EDGE = new Set([
  'get /api/v1/status',
  'get /api/v1/openapi.json',
  'post /api/v1/orders',
  'post /api/v1/orders/batch',
  'patch /api/v1/orders/{id}',
  'delete /api/v1/orders/{id}',
])
const SIDES = ['edge', 'home'] as const
type Side = (typeof SIDES)[number]

const CODES: Readonly<Record<number, string>> = {
  ...{ 401: 'unauthenticated', 403: 'forbidden', 404: 'not-found' },
}
const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']

/** What the API answers to besides: the owner's paths, as `edge/src/alias.ts` has them. */
const ALIASES: readonly [method: string, path: string, meant: string][] = [
  ['post', '/login/access-token', '/api/v1/login/access-token'],
  ['post', '/auth/login', '/api/v1/login/access-token'],
  ['post', '/api/v1/auth/login', '/api/v1/login/access-token'],
  ['post', '/login/refresh', '/api/v1/login/refresh'],
  ['post', '/logout', '/api/v1/logout'],
  ['post', '/users/register', '/api/v1/auth/register'],
  ['post', '/api/v1/users/register', '/api/v1/auth/register'],
  ['post', '/api-keys', '/api/v1/api-keys'],
  ['get', '/api-keys', '/api/v1/api-keys'],
  ['post', '/api-keys/{id}/rotate', '/api/v1/api-keys/{id}/rotate'],
  ['delete', '/api-keys/{id}', '/api/v1/api-keys/{id}'],
  ['post', '/orders', '/api/v1/orders'],
  ['post', '/order', '/api/v1/orders'],
  ['post', '/api/v1/order', '/api/v1/orders'],
  ['get', '/orders', '/api/v1/orders'],
  ['get', '/portfolio', '/api/v1/portfolio'],
]

const nameOf = ({ method, path }: PublicRoute): string => `${method} ${path}`
const NAMED = ROUTES.map((route) => [nameOf(route), route] as const)

let motu: RealMotu
let stage: Stage
let cast: Cast
let document: ServedDocument

beforeAll(async () => {
  motu = await RealMotu.start()
  stage = new Stage(motu)
  cast = await stage.newCast()
  document = new ServedDocument((await motu.edge.get('/api/v1/openapi.json')).text)
})
afterAll(() => motu?.stop())

const send = (side: Side, request: Request): Promise<Answer> =>
  side === 'edge' ? motu.edge.send(request) : motu.home(request)

function requestOf(route: PublicRoute, sent: Sent, headers: Headers): Request {
  const path = route.path.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    const value = sent.params?.[name]
    if (value === undefined) throw new Error(`the sample of ${nameOf(route)} lacks ${name}`)
    return encodeURIComponent(value)
  })
  const body = sent.body === undefined ? {} : { body: JSON.stringify(sent.body) }
  const method = route.method.toUpperCase()
  return {
    method,
    path: path + (sent.query ?? ''),
    headers: { ...(sent.body === undefined ? {} : JSON_TYPE), ...headers },
    ...body,
  }
}

/** The status a caller must get. */
function verdict(route: PublicRoute, sample: Sample, { is, person }: Caller, side: Side): number {
  if (side === 'home' && AT_THE_EDGE.has(nameOf(route))) return 404
  if (sample.judge) return sample.judge(is)
  if (!mayCall(route['x-motu-access'], is)) return is ? 403 : 401
  return person === cast.owner ? sample.status : (sample.stranger ?? sample.status)
}

/** Whether a call of his may change or show nothing of the owner's. */
function isOutsider(route: PublicRoute, { is, person }: Caller): boolean {
  const who = route['x-motu-access']
  if (!mayCall(who, is)) return true
  return who !== 'anyone' && who !== 'admin' && person !== cast.owner
}

async function headersOf({ headers, is, person }: Caller, sample: Sample): Promise<Headers> {
  if (!sample.spends || is?.via.kind !== 'session' || !person) return headers
  return bearer(await stage.signIn(person.username))
}

function expectFit(route: PublicRoute, answer: Answer, caller: string): void {
  expect(document.complaint(route, answer), caller).toBeNull()
  const code = CODES[answer.status]
  if (!code) return
  expect(JSON.parse(answer.text), caller).toMatchObject({
    type: expect.stringMatching(`/problems/${code}$`) as string,
  })
  if (code === 'unauthenticated') expect(answer.headers['www-authenticate']).toBe('Bearer')
}

/** Nothing of the owner's stands in what someone else is shown, unless he sent it himself. */
function expectNothingOfOwner({ status, text }: Answer, sent: Sent, caller: string): void {
  const { userId, username } = cast.owner
  const named = status < 300 ? [] : Object.values(sent.params ?? {}).filter(isId)
  for (const his of [userId, username, ...named]) {
    expect(text.includes(his), `${caller} is shown ${his}`).toBe(false)
  }
}

describe('the samples', () => {
  it('are of every route, and of no other', () => {
    expect(Object.keys(SAMPLES).sort()).toEqual(ROUTES.map(nameOf).sort())
  })
})

describe.each(SIDES)('at the %s', (side) => {
  it.each(NAMED)('%s answers those it declares, and nobody else', async (name, route) => {
    const sample = SAMPLES[name]!
    const isHere = side === 'edge' || !AT_THE_EDGE.has(name)
    const make = async (caller: Caller): Promise<Sent> => {
      if (!isHere) return { params: { id: randomUUID() }, body: {} }
      const isBySession = caller.is?.via.kind === 'session'
      return sample.make(stage, cast, (isBySession && caller.person) || cast.owner)
    }
    const callers = Object.entries(cast.callers)
    const outsiders = callers.filter(([, caller]) => isOutsider(route, caller))
    const insiders = callers.filter(([, caller]) => !isOutsider(route, caller))
    expect(insiders.length).toBeGreaterThan(0)

    // One thing for all who may not touch it; the first who may finds it as it was.
    let thing: Sent | null = await make(cast.callers['the owner']!)
    const people = [cast.owner.userId, ...Object.values(thing.params ?? {}).filter(isUuid)]
    const before = await belongingsOf(motu.sql, people)
    for (const [who, caller] of outsiders) {
      const answer = await send(side, requestOf(route, thing, caller.headers))
      expect(`${who}: ${answer.status}`).toBe(`${who}: ${verdict(route, sample, caller, side)}`)
      expectFit(route, answer, who)
      expectNothingOfOwner(answer, thing, who)
    }
    expect(await belongingsOf(motu.sql, people)).toEqual(before)
    for (const [who, caller] of insiders) {
      const sent: Sent = thing ?? (await make(caller))
      thing = null
      const request = requestOf(route, sent, await headersOf(caller, sample))
      const answer = await send(side, request)
      expect(`${who}: ${answer.status}`).toBe(`${who}: ${verdict(route, sample, caller, side)}`)
      expectFit(route, answer, who)
    }
  })

  const readable = NAMED.filter(([, { method }]) => method === 'get')
  it.each(readable)('%s answers HEAD as it would GET, without a body', async (name, route) => {
    const sample = SAMPLES[name]!
    const isAdmins = route['x-motu-access'] === 'admin'
    for (const who of ['nobody', isAdmins ? 'an admin' : 'the owner']) {
      const caller = cast.callers[who]!
      const sent = await sample.make(stage, cast, cast.owner)
      const request = { ...requestOf(route, sent, caller.headers), method: 'HEAD' }
      const answer = await send(side, request)
      expect(`${who}: ${answer.status}`).toBe(`${who}: ${verdict(route, sample, caller, side)}`)
      expect(answer.text).toBe('')
    }
  })

  const paths = [...new Set(ROUTES.map(({ path }) => path))]
  it.each(paths)('%s refuses every other method, and names its own', async (path) => {
    const address = path.replaceAll(/\{\w+\}/g, randomUUID())
    let refused = 0
    for (const method of METHODS) {
      const match = routeOf(method, address)
      if (!match || 'route' in match) continue
      refused += 1
      const { headers } = cast.callers['an admin']!
      const answer = await send(side, { method, path: address, headers })
      expect(`${method}: ${answer.status}`).toBe(`${method}: 405`)
      expect(answer.headers.allow?.split(', ')).toEqual(match.allow)
      if (method !== 'HEAD') expect(document.complaintOfNone(answer), method).toBeNull()
    }
    expect(refused).toBeGreaterThan(1)
  })
})

describe('a cancel of another user', () => {
  it('is taken, finds nothing, and leaves him knowing nothing', async () => {
    const { params } = await SAMPLES['delete /api/v1/orders/{id}']!.make(stage, cast, cast.owner)
    const path = `/api/v1/orders/${params!.id}`
    const ask = (method: string, who: string): Promise<Answer> =>
      motu.edge.send({ method, path, headers: cast.callers[who]!.headers })
    expect((await ask('DELETE', 'another user')).status).toBe(202)
    expect((await ask('GET', 'another user')).status).toBe(404)
    const kept = JSON.parse((await ask('GET', 'the owner')).text) as object
    expect(kept).toMatchObject({ status: 'OPEN', cancel_requested_at: null })
  })
})

describe('an address of the owner’s own spelling', () => {
  const callers = ['nobody', 'the owner', "the owner's key that reads", 'another user']

  it.each(ALIASES)('%s %s is that of the contract', async (method, path, meant) => {
    const route = ROUTES.find((one) => nameOf(one) === `${method} ${meant}`)!
    const sample = SAMPLES[nameOf(route)]!
    for (const who of [...callers, 'an ended sign-in', 'a revoked key']) {
      const caller = cast.callers[who]!
      const sent = await sample.make(stage, cast, caller.person ?? cast.owner)
      const headers = await headersOf(caller, sample)
      const answer = await motu.edge.send(requestOf({ ...route, path }, sent, headers))
      expect(`${who}: ${answer.status}`).toBe(`${who}: ${verdict(route, sample, caller, 'edge')}`)
      expectFit(route, answer, who)
    }
    const wrong = { method: 'PATCH', path: path.replace('{id}', 'AbCdEfGhIjKl') }
    const refused = await motu.edge.send(wrong)
    expect(refused.status).toBe(405)
    const match = routeOf('PATCH', meant.replace('{id}', 'AbCdEfGhIjKl'))
    expect(match).toEqual({ allow: refused.headers.allow!.split(', ') })
  })
})

/** No name of a provider or a ticker, but of one thing. */
const isId = (text: string): boolean => isUuid(text) || /^[\w-]{12,}$/.test(text)
const isUuid = (text: string): boolean => /^[0-9a-f-]{36}$/.test(text)
