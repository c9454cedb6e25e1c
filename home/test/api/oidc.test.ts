// Signing in at a provider: home's routes against a real provider on this machine.

import { randomUUID } from 'node:crypto'
import { pino } from 'pino'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Identities, Link, Providers } from '@motu/shared/contract/oidc.ts'
import type { Profile, Tokens, User } from '@motu/shared/contract/auth.ts'
import { PUBLIC_ORIGIN_HEADER } from '@motu/shared/internal.ts'
import { CLIENT_ID, CLIENT_SECRET, OidcServer, visit } from './oidc-server.ts'
import { type Answer, createWorld, problemIn, type World } from './world.ts'

const ORIGIN = 'https://motu.example'
const START = '/api/v1/auth/oidc/club/start'
const CALLBACK = '/api/v1/auth/oidc/club/callback'
const LINK = '/api/v1/auth/oidc/club/link'
const IDENTITIES = '/api/v1/auth/identities'
const REFUSED = '/sign-in?problem=sign-in-refused&provider=club'
const MINUTE = 60_000

let world: World
let oidc: OidcServer
/** What home wrote into its log, and all that must not be in it. */
let logged = ''
const secrets = new Set([CLIENT_SECRET])

beforeAll(async () => {
  oidc = await OidcServer.start(ORIGIN, ['club', 'plain'])
  const secrets = { client_id: CLIENT_ID, client_secret: CLIENT_SECRET }
  const providers = [
    { id: 'club', name: 'The Club', issuer: oidc.issuer, ...secrets },
    { id: 'gone', issuer: 'http://127.0.0.1:9', ...secrets },
    { id: 'plain', issuer: oidc.issuer, nonce: false, scopes: ['profile'], ...secrets },
  ]
  const env = { MOTU_OIDC_PROVIDERS: JSON.stringify(providers) }
  const output = { write: (line: string) => void (logged += line) }
  world = await createWorld(undefined, env, { log: pino({ level: 'trace' }, output) })
})
afterAll(async () => {
  await world.close()
  await oidc.stop()
})
beforeEach(() => {
  oidc.person = newPerson()
})

const newPerson = (name = `p${randomUUID().slice(0, 8)}`) => ({
  subject: randomUUID(),
  claims: { preferred_username: name, name: '민지' },
})

/** A browser: what it was told to keep, it sends along. */
class Browser {
  readonly cookies = new Map<string, string>()
  setCookies: string[] = []

  async go(path: string, token?: string): Promise<Answer> {
    return this.#send(path, token ? { method: 'POST', token } : {})
  }

  async #send(path: string, call: { method?: string; token?: string }): Promise<Answer> {
    const cookie = [...this.cookies].map((pair) => pair.join('=')).join('; ')
    const headers = { [PUBLIC_ORIGIN_HEADER]: ORIGIN, ...(cookie ? { cookie } : {}) }
    const answer = await world.call(path, { ...call, headers })
    this.setCookies = answer.headers.getSetCookie()
    for (const line of this.setCookies) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line)!
      this.cookies.set(name!, value!)
      secrets.add(value!)
    }
    return answer
  }

  /** Goes to the provider and back; answers where the browser is sent in the end. */
  async signIn(start = START): Promise<string> {
    return this.comeBack(await visit(locationOf(await this.go(start))))
  }

  async comeBack(url: URL): Promise<string> {
    expect(url.origin).toBe(ORIGIN)
    expect(url.pathname).toMatch(/^\/api\/v1\/auth\/oidc\/\w+\/callback$/)
    const answer = await this.go(url.pathname + url.search)
    for (const name of ['code', 'state']) secrets.add(url.searchParams.get(name) ?? CLIENT_SECRET)
    expect(answer.status).toBe(302)
    return locationOf(answer)
  }

  get refreshToken(): string | undefined {
    return this.cookies.get('__Secure-motu_refresh')
  }

  /** Who the browser is signed in as. */
  async me(): Promise<Profile> {
    const body = { refresh_token: this.refreshToken }
    const { body: tokens } = await world.call<Tokens>('/api/v1/login/refresh', { body })
    const me = await world.call<Profile>('/api/v1/users/me', { token: tokens.access_token })
    expect(me.status).toBe(200)
    return me.body
  }
}

const locationOf = (answer: Answer): string => answer.headers.get('location') ?? ''

async function linkedTo(user: Tokens, browser = new Browser()): Promise<string> {
  const answer = await browser.go(LINK, user.access_token)
  expect(answer.status).toBe(200)
  return browser.comeBack(await visit((answer.body as Link).authorization_url))
}

const identitiesOf = async (token: string): Promise<Identities['identities']> =>
  (await world.call<Identities>(IDENTITIES, { token })).body.identities

describe('signing in at a provider', () => {
  it('is offered by name', async () => {
    const headers = { [PUBLIC_ORIGIN_HEADER]: ORIGIN }
    const answer = await world.call<Providers>('/api/v1/auth/providers', { headers })
    expect(answer.body).toEqual({
      providers: [
        { id: 'club', name: 'The Club' },
        { id: 'gone', name: 'gone' },
        { id: 'plain', name: 'plain' },
      ],
      passkeys: true,
      registration: 'open',
    })
  })

  it('makes a user with starting cash and no password, and signs him in', async () => {
    oidc.person = newPerson('Min.Ji')
    const browser = new Browser()
    expect(await browser.signIn(`${START}?next=/portfolio%23KRX`)).toBe('/portfolio#KRX')
    const me = await browser.me()
    expect(me).toMatchObject({ username: 'min.ji', nickname: 'Min.Ji', has_password: false })
    const [wallet] = await world.sql`SELECT balance_krw FROM wallets WHERE user_id = ${me.user_id}`
    expect(wallet).toEqual({ balance_krw: '100000000.00000000' })
  })

  it('gives the refresh token to no script and to no other site', async () => {
    const browser = new Browser()
    await browser.signIn()
    const [line, ...others] = browser.setCookies
    expect(others).toEqual([])
    expect(line).toMatch(/^__Secure-motu_refresh=[\w-]{43}; /)
    for (const part of [
      'HttpOnly',
      'Secure',
      'SameSite=Strict',
      'Path=/api/v1',
      'Max-Age=604800',
    ]) {
      expect(line).toContain(`; ${part}`)
    }
  })

  it('opens the same user again, whatever he is called there by now', async () => {
    const browser = new Browser()
    await browser.signIn()
    const first = await browser.me()
    oidc.person = { ...oidc.person!, claims: { preferred_username: 'someone-else' } }
    const other = new Browser()
    await other.signIn()
    expect(await other.me()).toEqual(first)
  })

  it('makes one user of one who comes several times at once', async () => {
    const browsers = Array.from({ length: 4 }, () => new Browser())
    const urls = await Promise.all(
      browsers.map(async (browser) => visit(locationOf(await browser.go(START)))),
    )
    const ends = await Promise.all(browsers.map((browser, index) => browser.comeBack(urls[index]!)))
    expect(ends).toEqual(['/', '/', '/', '/'])
    const ids = await Promise.all(browsers.map(async (browser) => (await browser.me()).user_id))
    expect(new Set(ids).size).toBe(1)
    const orphans = await world.sql`SELECT 1 FROM users u WHERE password_hash IS NULL
      AND NOT EXISTS (SELECT 1 FROM oidc_identities i WHERE i.user_id = u.id)`
    expect(orphans).toHaveLength(0)
  })

  it('finds another name when somebody has it, and never opens his account', async () => {
    const user = await world.signedIn()
    oidc.person = newPerson(user.username)
    const browser = new Browser()
    await browser.signIn()
    const me = await browser.me()
    expect(me.user_id).not.toBe(user.user_id)
    expect(me.username).toMatch(new RegExp(`^${user.username}-\\d{4}$`))
  })

  it('leaves who has no password out where one is asked for', async () => {
    const browser = new Browser()
    await browser.signIn()
    const { username } = await browser.me()
    for (const password of ['', 'null', 'a password that nobody has', 'x'.repeat(128)]) {
      const body = { username, password: password || ' ' }
      const answer = await world.call('/api/v1/login/access-token', { body })
      expect(problemIn(answer)).toEqual([401, 'invalid-credentials'])
    }
  })

  it('keeps out who was disabled', async () => {
    const browser = new Browser()
    await browser.signIn()
    const { user_id: userId } = await browser.me()
    await world.sql`UPDATE users SET disabled_at = now() WHERE id = ${userId}`
    const again = new Browser()
    expect(await again.signIn()).toBe(`${REFUSED}&next=%2F`)
    expect(again.refreshToken).toBeUndefined()
  })

  it('says so when he says no', async () => {
    oidc.person = null
    const browser = new Browser()
    expect(await browser.signIn(`${START}?next=/orders`)).toBe(`${REFUSED}&next=%2Forders`)
    const [last] = await world.sql`SELECT action, detail FROM audit_log ORDER BY id DESC LIMIT 1`
    const detail = { method: 'oidc:club', code: 'sign-in-refused' }
    expect(last).toEqual({ action: 'sign_in_refused', detail })
  })
})

describe('a browser that comes back', () => {
  type Case = [what: string, attack: (url: URL, browser: Browser) => void]
  const CASES: Case[] = [
    ['another state', (url) => url.searchParams.set('state', 'x'.repeat(43))],
    ['no state', (url) => url.searchParams.delete('state')],
    ['a state in two', (url) => url.searchParams.append('state', 'x'.repeat(43))],
    ['no code', (url) => url.searchParams.delete('code')],
    ['another code', (url) => url.searchParams.set('code', 'x'.repeat(43))],
    ['another issuer', (url) => url.searchParams.set('iss', 'https://evil.example')],
    ['no issuer', (url) => url.searchParams.delete('iss')],
    ['no cookie', (_, browser) => browser.cookies.clear()],
    ["another's cookie", (_, { cookies }) => cookies.set('__Secure-motu_oidc', 'x'.repeat(43))],
    ['eleven minutes', () => (world.clock.nowMs += 11 * MINUTE)],
  ]
  it.each(CASES)('with %s is not let in', async (_what, attack) => {
    const browser = new Browser()
    const url = await visit(locationOf(await browser.go(START)))
    attack(url, browser)
    const answer = await browser.go(url.pathname + url.search)
    if (answer.status === 400) expect(problemIn(answer)[1]).toBe('invalid-request')
    else expect(locationOf(answer).startsWith(REFUSED)).toBe(true)
    expect(browser.refreshToken).toBeUndefined()
    const subject = oidc.person!.subject
    expect(await world.sql`SELECT 1 FROM oidc_identities WHERE subject = ${subject}`).toEqual([])
  })

  it('a second time is not let in', async () => {
    const browser = new Browser()
    const url = await visit(locationOf(await browser.go(START)))
    expect(await browser.comeBack(url)).toBe('/')
    browser.cookies.delete('__Secure-motu_refresh')
    expect(await browser.comeBack(url)).toBe(REFUSED)
    expect(browser.refreshToken).toBeUndefined()
  })

  it("with another visit's code is not let in", async () => {
    const victim = new Browser()
    const stolen = await visit(locationOf(await victim.go(START)))
    const thief = new Browser()
    const own = await visit(locationOf(await thief.go(START)))
    own.searchParams.set('code', stolen.searchParams.get('code')!)
    expect(await thief.comeBack(own)).toBe(`${REFUSED}&next=%2F`)
    expect(thief.refreshToken).toBeUndefined()
  })

  it('with an ID token for another nonce is not let in', async () => {
    const browser = new Browser()
    const authorization = new URL(locationOf(await browser.go(START)))
    expect(authorization.searchParams.get('nonce')).toMatch(/^[\w-]{43}$/)
    authorization.searchParams.set('nonce', 'x'.repeat(43))
    expect(await browser.comeBack(await visit(authorization.href))).toBe(`${REFUSED}&next=%2F`)
  })

  it('brings no nonce from a provider that knows none', async () => {
    const browser = new Browser()
    const answer = await browser.go(START.replace('club', 'plain'))
    const { searchParams } = new URL(locationOf(answer))
    expect(searchParams.has('nonce')).toBe(false)
    expect(searchParams.get('scope')).toBe('openid profile')
    expect(searchParams.get('code_challenge')).toMatch(/^[\w-]{43}$/)
    expect(await browser.comeBack(await visit(locationOf(answer)))).toBe('/')
    expect(await browser.me()).toMatchObject({ has_password: false })
  })

  it('from one provider is not let in at another', async () => {
    const browser = new Browser()
    const url = await visit(locationOf(await browser.go(START)))
    const answer = await browser.go(`/api/v1/auth/oidc/gone/callback${url.search}`)
    expect(locationOf(answer)).toBe('/sign-in?problem=sign-in-refused&provider=gone')
  })

  it('from two tabs is let in from both', async () => {
    const browser = new Browser()
    const urls = [await browser.go(START), await browser.go(START)].map(locationOf)
    for (const url of urls) expect(await browser.comeBack(await visit(url))).toBe('/')
  })

  it('asks with PKCE, and stores nothing that would open a visit', async () => {
    const browser = new Browser()
    const url = new URL(locationOf(await browser.go(START)))
    expect(url.searchParams.get('code_challenge_method')).toBe('S256')
    const rows = await world.sql`SELECT id || detail::text AS text FROM challenges`
    const state = url.searchParams.get('state')!
    const cookie = browser.cookies.get('__Secure-motu_oidc')!
    for (const { text } of rows as unknown as { text: string }[]) {
      expect(text).not.toContain(state)
      expect(text).not.toContain(cookie)
    }
  })
})

describe('where to go on', () => {
  it.each([
    ...['https://evil.example', '//evil.example', '/\\evil.example', '\\\\evil.example', '', 'x'],
    ...['/\t/evil.example', '/\n/evil.example', '/a b', 'javascript:alert(1)', '/%00\0', '/가'],
    ...[`/${'x'.repeat(512)}`, '/\\/evil.example', ' //evil.example', '/a\\b'],
  ])('is refused at another site or as no path: %j', async (next) => {
    const answer = await world.call(`${START}?next=${encodeURIComponent(next)}`)
    expect(problemIn(answer).slice(0, 2)).toEqual([400, 'invalid-request'])
  })

  it.each(['/', '/portfolio', '/a/b?c=d&e=%2F#f', '/a//b', `/${'x'.repeat(511)}`])(
    'is taken within this site: %j',
    async (next) => {
      const browser = new Browser()
      expect(await browser.signIn(`${START}?next=${encodeURIComponent(next)}`)).toBe(next)
      expect(new URL(next, ORIGIN).origin).toBe(ORIGIN)
    },
  )
})

describe('a provider that is not there', () => {
  it('is no page when nobody configured it', async () => {
    for (const path of [START, CALLBACK]) {
      const answer = await world.call(path.replace('club', 'nobody'))
      expect(problemIn(answer)).toEqual([404, 'not-found'])
    }
  })

  it('sends the browser back with the reason', async () => {
    const answer = await new Browser().go('/api/v1/auth/oidc/gone/start?next=/orders')
    expect(locationOf(answer)).toBe('/sign-in?problem=unavailable&provider=gone&next=%2Forders')
    const user = await world.signedIn()
    const link = await new Browser().go(LINK.replace('club', 'gone'), user.access_token)
    expect(problemIn(link)).toEqual([503, 'unavailable'])
  })

  it('does so when it goes away halfway', async () => {
    const dying = await OidcServer.start(ORIGIN, ['club'])
    const secrets = { client_id: CLIENT_ID, client_secret: CLIENT_SECRET }
    const providers = JSON.stringify([{ id: 'club', issuer: dying.issuer, ...secrets }])
    const other = await createWorld(undefined, { MOTU_OIDC_PROVIDERS: providers })
    const main = world
    world = other
    try {
      dying.person = newPerson()
      const browser = new Browser()
      const url = await visit(locationOf(await browser.go(START)))
      await dying.stop()
      const end = await browser.comeBack(url)
      expect(end).toBe('/sign-in?problem=unavailable&provider=club&next=%2F')
    } finally {
      world = main
      await other.close()
    }
  })
})

describe('linking', () => {
  it('lets the account open the user who asked', async () => {
    const user = await world.signedIn()
    expect(await linkedTo(user)).toBe('/settings')
    expect(await identitiesOf(user.access_token)).toMatchObject([
      { provider: 'club', label: oidc.person!.claims!.preferred_username },
    ])
    const browser = new Browser()
    await browser.signIn()
    expect((await browser.me()).user_id).toBe(user.user_id)
  })

  it('is written down, as is unlinking', async () => {
    const user = await world.signedIn()
    await linkedTo(user)
    await world.call(`${IDENTITIES}/club`, { method: 'DELETE', token: user.access_token })
    const rows = await world.sql`SELECT action, actor_id, actor_via, detail FROM audit_log
      WHERE target = ${`user:${user.user_id}`} AND action LIKE 'identity%' ORDER BY id`
    const who = {
      actor_id: user.user_id,
      actor_via: expect.stringMatching(/^session:/) as string,
      detail: { provider: 'club' },
    }
    expect(rows).toEqual([
      { action: 'identity_linked', ...who },
      { action: 'identity_unlinked', ...who },
    ])
  })

  it('is told to the user, the first time', async () => {
    const user = await world.signedIn()
    const notices = () =>
      world.sql`SELECT kind, detail FROM notices WHERE user_id = ${user.user_id}`
    await linkedTo(user)
    await linkedTo(user)
    const label = oidc.person!.claims!.preferred_username
    const detail = { provider: 'club', label, address: expect.any(String) as string }
    expect(await notices()).toEqual([{ kind: 'account_linked', detail }])
    const stranger = await world.signedIn()
    await linkedTo(stranger)
    expect(await notices()).toHaveLength(1)
    expect(await world.sql`SELECT 1 FROM notices WHERE user_id = ${stranger.user_id}`).toEqual([])
  })

  it('signs nobody in', async () => {
    const browser = new Browser()
    await linkedTo(await world.signedIn(), browser)
    expect(browser.refreshToken).toBeUndefined()
  })

  it('twice is as good as once', async () => {
    const user = await world.signedIn()
    await linkedTo(user)
    expect(await linkedTo(user)).toBe('/settings')
    expect(await identitiesOf(user.access_token)).toHaveLength(1)
  })

  it("is refused for another's account, and for a second one", async () => {
    const [one, other] = [await world.signedIn(), await world.signedIn()]
    await linkedTo(one)
    expect(await linkedTo(other)).toBe('/settings?problem=way-in-taken&provider=club')
    oidc.person = newPerson()
    expect(await linkedTo(one)).toBe('/settings?problem=way-in-taken&provider=club')
    expect(await identitiesOf(other.access_token)).toEqual([])
  })

  it('is refused when the link was begun in another browser', async () => {
    const attacker = await world.signedIn()
    const answer = await new Browser().go(LINK, attacker.access_token)
    const url = await visit((answer.body as Link).authorization_url)
    expect(await new Browser().comeBack(url)).toBe(REFUSED)
    expect(await identitiesOf(attacker.access_token)).toEqual([])
  })

  it('is refused when he has signed out since', async () => {
    const user = await world.signedIn()
    const browser = new Browser()
    const answer = await browser.go(LINK, user.access_token)
    const url = await visit((answer.body as Link).authorization_url)
    await world.call('/api/v1/logout', { method: 'POST', token: user.access_token })
    expect(await browser.comeBack(url)).toBe('/settings?problem=sign-in-refused&provider=club')
  })

  it.each([LINK, IDENTITIES])('needs a sign-in: %s', async (path) => {
    const method = path === LINK ? 'POST' : 'GET'
    expect(problemIn(await world.call(path, { method }))).toEqual([401, 'unauthenticated'])
  })
})

describe('unlinking', () => {
  const unlink = (token: string, provider = 'club') =>
    world.call(`${IDENTITIES}/${provider}`, { method: 'DELETE', token })

  async function elsewhereOnly(): Promise<User & { token: string }> {
    const browser = new Browser()
    await browser.signIn()
    const body = { refresh_token: browser.refreshToken }
    const { body: tokens } = await world.call<Tokens>('/api/v1/login/refresh', { body })
    const me = await world.call<User>('/api/v1/users/me', { token: tokens.access_token })
    return { ...me.body, token: tokens.access_token }
  }

  it('shuts that way in', async () => {
    const user = await world.signedIn()
    await linkedTo(user)
    expect((await unlink(user.access_token)).status).toBe(204)
    expect(await identitiesOf(user.access_token)).toEqual([])
    const browser = new Browser()
    await browser.signIn()
    expect((await browser.me()).user_id).not.toBe(user.user_id)
  })

  it('never takes the last way in', async () => {
    const user = await elsewhereOnly()
    expect(problemIn(await unlink(user.token))).toEqual([409, 'last-way-in'])
    expect(await identitiesOf(user.token)).toHaveLength(1)
  })

  it('does not count a provider that is no longer there as a way in', async () => {
    const user = await elsewhereOnly()
    await world.sql`INSERT INTO oidc_identities (provider, subject, user_id, label, linked_at)
      VALUES ('former', ${user.user_id}, ${user.user_id}, 'x', now())`
    expect(problemIn(await unlink(user.token))).toEqual([409, 'last-way-in'])
    expect((await unlink(user.token, 'former')).status).toBe(204)
  })

  it('leaves one of two that are taken away at once', async () => {
    const user = await elsewhereOnly()
    await world.sql`INSERT INTO oidc_identities (provider, subject, user_id, label, linked_at)
      VALUES ('gone', ${user.user_id}, ${user.user_id}, 'x', now())`
    const answers = await Promise.all([unlink(user.token), unlink(user.token, 'gone')])
    expect(answers.map(({ status }) => status).toSorted()).toEqual([204, 409])
    expect(await identitiesOf(user.token)).toHaveLength(1)
  })

  it('finds nothing where nothing is linked', async () => {
    const { access_token } = await world.signedIn()
    expect(problemIn(await unlink(access_token))).toEqual([404, 'not-found'])
  })
})

it('leaves nothing secret in the log, whatever went wrong', () => {
  expect(logged).toContain('no OIDC answer')
  expect(secrets.size).toBeGreaterThan(50)
  expect([...secrets].filter((secret) => logged.includes(secret))).toEqual([])
})
