// Who may open an account where an invitation code is set: home's routes, beside an open home.

import { randomUUID } from 'node:crypto'
import { pino } from 'pino'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Link, Providers } from '@motu/shared/contract/oidc.ts'
import { PUBLIC_ORIGIN_HEADER } from '@motu/shared/internal.ts'
import { CLIENT_ID, CLIENT_SECRET, OidcServer, visit } from './oidc-server.ts'
import { type Answer, createWorld, PASSWORD, problemIn, type World } from './world.ts'

const ORIGIN = 'https://motu.example'
const REGISTER = '/api/v1/auth/register'
const PROVIDERS = '/api/v1/auth/providers'
const START = '/api/v1/auth/oidc/club/start?next=/portfolio'
const LINK = '/api/v1/auth/oidc/club/link?next=/settings'
const CODE = '친구만-2026-brave-otter'

let oidc: OidcServer
/** Anyone may register here; the other lets in who knows the code. Both have the same users. */
let open: World
let invited: World
let logged = ''

beforeAll(async () => {
  oidc = await OidcServer.start(ORIGIN, ['club'])
  const club = { id: 'club', issuer: oidc.issuer, client_id: CLIENT_ID }
  const env = {
    MOTU_OIDC_PROVIDERS: JSON.stringify([{ ...club, client_secret: CLIENT_SECRET }]),
  }
  open = await createWorld(undefined, env)
  const output = { write: (line: string) => void (logged += line) }
  const log = pino({ level: 'trace' }, output)
  invited = await createWorld(undefined, { ...env, MOTU_INVITE_CODE: CODE }, { beside: open, log })
})
afterAll(async () => {
  await invited.close()
  await open.close()
  await oidc.stop()
})
beforeEach(() => {
  oidc.person = { subject: randomUUID(), claims: { preferred_username: 'friend' } }
})

const registration = (more: Record<string, unknown> = {}) => ({
  ...{ username: `u${randomUUID().slice(0, 8)}`, password: PASSWORD, nickname: '민지' },
  ...more,
})
const isThere = async (username: string): Promise<boolean> =>
  (await open.sql`SELECT 1 FROM users WHERE username = ${username}`).length > 0
const countUsers = async (): Promise<number> =>
  (await open.sql<{ count: number }[]>`SELECT count(*)::int AS count FROM users`)[0]!.count
const lastEntry = async () => (await open.sql`SELECT * FROM audit_log ORDER BY id DESC LIMIT 1`)[0]!

describe('registering', () => {
  it.each([
    ['without a code', {}],
    ['with any code', { invite_code: 'whatever' }],
  ])('is open to anyone where no code is set, %s', async (_what, more) => {
    const body = registration(more)
    expect((await open.call(REGISTER, { body })).status).toBe(201)
    expect(await isThere(body.username)).toBe(true)
  })

  it('is open to who knows the code', async () => {
    const body = registration({ invite_code: CODE })
    expect((await invited.call(REGISTER, { body })).status).toBe(201)
    expect(await isThere(body.username)).toBe(true)
  })

  it.each([
    ['no code', {}],
    ['an empty code', { invite_code: '' }],
    ['another code', { invite_code: 'x'.repeat(128) }],
    ['one letter less', { invite_code: CODE.slice(0, -1) }],
    ['one letter more', { invite_code: `${CODE}r` }],
    ['other capitals', { invite_code: CODE.toUpperCase() }],
    ['half a letter', { invite_code: '\ud800' }],
  ])('is refused with %s', async (_what, more) => {
    const body = registration(more)
    const answer = await invited.call(REGISTER, { body })
    expect(problemIn(answer)).toEqual([403, 'invitation-needed', '#/invite_code'])
    expect(JSON.stringify(answer.body)).not.toContain(CODE)
    expect(await isThere(body.username)).toBe(false)
  })

  it.each([
    ['no text', 12345678],
    ['null', null],
    ['an endless text', 'x'.repeat(129)],
  ])('is no request with a code that is %s', async (_what, code) => {
    const answer = await invited.call(REGISTER, { body: registration({ invite_code: code }) })
    expect(problemIn(answer)).toEqual([400, 'invalid-request', '#/invite_code'])
  })

  it('tells nobody without the code which names are taken', async () => {
    const { username } = await open.signedIn()
    const answer = await invited.call(REGISTER, { body: registration({ username }) })
    expect(problemIn(answer)).toEqual([403, 'invitation-needed', '#/invite_code'])
  })

  it('is written down when it is refused, without what was typed', async () => {
    const body = registration({ invite_code: 'a secret of another site' })
    await invited.call(REGISTER, { body })
    const entry = await lastEntry()
    expect(entry).toMatchObject({ action: 'registration_refused', actor_id: null, target: null })
    expect(Object.values(entry).map(String).join()).not.toContain(body.username)
    expect(entry.detail).toEqual({})
  })

  it('says before it is tried whether a code is needed', async () => {
    for (const [world, registration] of [
      [open, 'open'],
      [invited, 'invited'],
    ] as const) {
      const { body } = await world.call<Providers>(PROVIDERS)
      expect(body.registration).toBe(registration)
    }
  })
})

/** Where a browser ends that goes to the provider and comes back, and whether it is signed in. */
async function comeBack(world: World, start: Answer): Promise<{ to: string; isIn: boolean }> {
  const location = start.headers.get('location')
  const { pathname, search } = await visit(location ?? (start.body as Link).authorization_url)
  const cookie = start.headers.getSetCookie().map((line) => line.split(';')[0]!)
  const headers = { [PUBLIC_ORIGIN_HEADER]: ORIGIN, cookie: cookie.join('; ') }
  const answer = await world.call(pathname + search, { headers })
  const isIn = answer.headers.getSetCookie().some((line) => line.includes('motu_refresh='))
  return { to: answer.headers.get('location') ?? '', isIn }
}

async function signIn(world: World) {
  return comeBack(world, await world.call(START, { headers: { [PUBLIC_ORIGIN_HEADER]: ORIGIN } }))
}

describe('the first visit from a provider', () => {
  it('makes a user where registration is open', async () => {
    expect(await signIn(open)).toEqual({ to: '/portfolio', isIn: true })
  })

  it('makes none where a code is needed, and ends on the sign-in page with the reason', async () => {
    const before = await countUsers()
    const refused = '/sign-in?problem=invitation-needed&provider=club&next=%2Fportfolio'
    expect(await signIn(invited)).toEqual({ to: refused, isIn: false })
    expect(await countUsers()).toBe(before)
    const detail = { method: 'oidc:club', code: 'invitation-needed' }
    expect(await lastEntry()).toMatchObject({ action: 'sign_in_refused', detail })
  })
})

describe('a user with an account at a provider', () => {
  it('comes in where a code is needed', async () => {
    await signIn(open)
    expect(await signIn(invited)).toEqual({ to: '/portfolio', isIn: true })
  })

  it('may have registered with the code and linked it afterwards', async () => {
    const { username } = registration()
    await invited.call(REGISTER, { body: registration({ username, invite_code: CODE }) })
    const { body: tokens } = await invited.call<{ access_token: string }>(
      '/api/v1/login/access-token',
      { body: { username, password: PASSWORD } },
    )
    const start = await invited.call(LINK, {
      ...{ method: 'POST', token: tokens.access_token },
      headers: { [PUBLIC_ORIGIN_HEADER]: ORIGIN },
    })
    expect((await comeBack(invited, start)).to).toBe('/settings')
    expect(await signIn(invited)).toEqual({ to: '/portfolio', isIn: true })
  })
})

it('leaves the code in no log, even when something breaks', async () => {
  await open.sql`ALTER TABLE audit_log
    ADD CONSTRAINT nobody_registers CHECK (action <> 'registered') NOT VALID`
  const answer = await invited.call(REGISTER, { body: registration({ invite_code: CODE }) })
  await open.sql`ALTER TABLE audit_log DROP CONSTRAINT nobody_registers`
  expect(answer.status).toBe(500)
  expect(logged).toContain('request failed')
  expect(logged).not.toContain(CODE)
})
