// Home's own guard, on every route of the contract: each is called as everyone there is, and answers
// those it declares. The edge has looked already; nothing here relies on it.

import { randomUUID } from 'node:crypto'
import { OpenAPIHono, z } from '@hono/zod-openapi'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  type Access,
  access,
  mayCall,
  type Principal,
  type Scope,
} from '@motu/shared/contract/access.ts'
import type { CreatedApiKey } from '@motu/shared/contract/api-keys.ts'
import { type PublicRoute, ROUTES } from '@motu/shared/contract/routes.ts'
import { Guard } from '../../src/api/guard.ts'
import { marketEvent } from '../market-event.ts'
import { type Answer, createWorld, PASSWORD, problemIn, type World } from './world.ts'

/** The edge answers these itself. */
const AT_THE_EDGE = new Set([
  'get /api/v1/status',
  'get /api/v1/openapi.json',
  'post /api/v1/orders',
  'post /api/v1/orders/batch',
  'delete /api/v1/orders/{id}',
  'patch /api/v1/orders/{id}',
])
/** These look at credentials themselves. */
const OWN_JUDGES = new Set(['post /api/v1/login/refresh', 'post /api/v1/logout'])
const SAMPLES: Readonly<Record<string, string>> = {
  ...{ ticker_id: 'CRYPTO-COIN-BTC', provider: 'nobody', exchange: 'upbit' },
}
const nameOf = ({ method, path }: PublicRoute): string => `${method} ${path}`
const HOME_ROUTES = ROUTES.filter((route) => !AT_THE_EDGE.has(nameOf(route)))

type Headers = Record<string, string>
/** Who calls: what he shows, and who he is by it; null for nobody. */
type Callers = Record<string, { headers: Headers; is: Principal | null }>
type User = Awaited<ReturnType<World['signedIn']>>

let world: World
let callers: Callers
beforeAll(async () => {
  world = await createWorld()
  callers = await makeCallers()
  await world.bus.publishMarket([marketEvent('CRYPTO-COIN-BTC', 1)])
})
afterAll(() => world.close())

const bearer = (token: string): Headers => ({ authorization: `Bearer ${token}` })
const byKey = (key: string): Headers => ({ 'x-api-key': key })

async function newAdmin(): Promise<User> {
  const user = await world.signedIn()
  await world.sql`UPDATE users SET role = 'ADMIN' WHERE id = ${user.user_id}`
  const body = { username: user.username, password: PASSWORD }
  return { ...user, ...(await world.call<User>('/api/v1/login/access-token', { body })).body }
}

async function newKey({ access_token: token }: User, scopes: Scope[]): Promise<CreatedApiKey> {
  const body = { name: 'bot', scopes }
  const { status, body: key } = await world.call<CreatedApiKey>('/api/v1/api-keys', { body, token })
  expect(status).toBe(201)
  return key
}

async function makeCallers(): Promise<Callers> {
  const [user, gone, disabled] = [
    await world.signedIn(),
    await world.signedIn(),
    await world.signedIn(),
  ]
  const admin = await newAdmin()
  const as = (role: Principal['role'], via: Principal['via']): Principal => ({
    ...{ userId: '', role, via },
  })
  const session = { kind: 'session', sid: '', exp: 0 } as const
  const key = (...scopes: Scope[]) => ({ kind: 'key', keyId: '', scopes }) as const
  const [reads, trades] = [await newKey(user, ['read']), await newKey(user, ['trade'])]
  const [adminReads, adminKey] = [await newKey(admin, ['read']), await newKey(admin, ['admin'])]
  const [goneKey, disabledKey] = [await newKey(user, ['trade']), await newKey(disabled, ['trade'])]
  const { access_token: token } = user
  const end = { method: 'DELETE', token }
  expect((await world.call(`/api/v1/api-keys/${goneKey.api_key_id}`, end)).status).toBe(204)
  const signOut = { method: 'POST', token: gone.access_token }
  expect((await world.call('/api/v1/logout', signOut)).status).toBe(204)
  const disable = `/api/v1/admin/users/${disabled.user_id}/disable`
  const byAdmin = { method: 'POST', token: admin.access_token }
  expect((await world.call(disable, byAdmin)).status).toBe(204)
  const [head, claims] = token.split('.')
  return {
    nobody: { headers: {}, is: null },
    'who makes things up': { headers: bearer('a.b.c'), is: null },
    'who took the signature off': { headers: bearer(`${head}.${claims}.`), is: null },
    'a key that is none': { headers: byKey('motu_x'), is: null },
    'who signed out': { headers: bearer(gone.access_token), is: null },
    'who was disabled': { headers: bearer(disabled.access_token), is: null },
    'a key of who was disabled': { headers: byKey(disabledKey.api_key), is: null },
    'a key that was revoked': { headers: byKey(goneKey.api_key), is: null },
    'a refresh token': { headers: bearer(user.refresh_token!), is: null },
    'a user': { headers: bearer(token), is: as('USER', session) },
    'a key that reads': { headers: byKey(reads.api_key), is: as('USER', key('read')) },
    'a key that trades': { headers: byKey(trades.api_key), is: as('USER', key('trade')) },
    'an admin': { headers: bearer(admin.access_token), is: as('ADMIN', session) },
    "an admin's key that reads": {
      ...{ headers: byKey(adminReads.api_key), is: as('ADMIN', key('read')) },
    },
    "an admin's key": { headers: byKey(adminKey.api_key), is: as('ADMIN', key('admin')) },
  }
}

function callRoute({ method, path }: PublicRoute, headers: Headers): Promise<Answer> {
  const at = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => SAMPLES[name] ?? randomUUID())
  const body = method === 'get' || method === 'delete' ? {} : { body: {} }
  return world.call(at, { method: method.toUpperCase(), headers, ...body })
}

describe('a route', () => {
  it.each(HOME_ROUTES.map((route) => [nameOf(route), route] as const))(
    '%s answers those it declares, and nobody else',
    async (name, route) => {
      const who = route['x-motu-access']
      for (const [caller, { headers, is }] of Object.entries(callers)) {
        // What is for anyone looks at nobody: it need not be called as each.
        if (who === 'anyone' && caller !== 'nobody') continue
        const answer = await callRoute(route, headers)
        const refused = `${caller}: ${[401, 403].includes(answer.status) ? answer.status : 'let in'}`
        expect(answer.status).toBeLessThan(500)
        if (OWN_JUDGES.has(name)) expect(answer.status).toBe(401)
        else expect(refused).toBe(`${caller}: ${verdict(who, is)}`)
      }
    },
  )

  it.each([...AT_THE_EDGE])('%s is not here', async (name) => {
    const route = ROUTES.find((one) => nameOf(one) === name)
    expect(problemIn(await callRoute(route!, callers['an admin']!.headers))[0]).toBe(404)
  })

  it('takes one way to show who one is, not two', async () => {
    const headers = { ...callers['a user']!.headers, ...callers['a key that reads']!.headers }
    const answer = await world.call('/api/v1/portfolio', { headers })
    expect(problemIn(answer)).toEqual([400, 'invalid-request'])
  })

  it('refuses whoever is nobody alike, and says how to show it', async () => {
    const bodies = new Set<string>()
    for (const { headers, is } of Object.values(callers)) {
      if (is) continue
      const answer = await world.call('/api/v1/portfolio', { headers })
      expect(answer.headers.get('www-authenticate')).toBe('Bearer')
      bodies.add(JSON.stringify({ ...(answer.body as object), instance: '' }))
    }
    expect(bodies.size).toBe(1)
  })

  it('is not served when it does not say whom it is for', () => {
    const app = new OpenAPIHono<never>()
    new Guard({} as never).protect(app as never)
    const route = {
      ...{ method: 'get' as const, path: '/x', responses: { 200: { description: '' } } },
    }
    const answer = () => new Response('')
    expect(() => app.openapi(route, answer)).toThrow('/x does not declare')
    const declared = { ...route, ...access('anyone'), request: { query: z.object({}) } }
    expect(() => app.openapi(declared, answer)).not.toThrow()
  })
})

function verdict(who: Access, is: Principal | null): 401 | 403 | 'let in' {
  if (mayCall(who, is)) return 'let in'
  return is ? 403 : 401
}
