// Sign-ins over HTTP, on a real Postgres: how they are opened, renewed, seen and ended.

import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Profile, Tokens } from '@motu/shared/contract/auth.ts'
import type { Notice, Session } from '@motu/shared/contract/sessions.ts'
import { until } from '../until.ts'
import { type Answer, createWorld, PASSWORD, problemIn, type World } from './world.ts'

const SIGN_IN = '/api/v1/login/access-token'
const REFRESH = '/api/v1/login/refresh'
const LOGOUT = '/api/v1/logout'
const ME = '/api/v1/users/me'
const NOTICES = '/api/v1/users/me/notices'
const SESSIONS = '/api/v1/auth/sessions'
const NOT_IN = [401, 'unauthenticated']
const COOKIE = '__Secure-motu_refresh'
const BROWSER = { 'motu-session': 'cookie', 'motu-public-origin': 'https://motu.example' }

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())

const refresh = (refresh_token: string | undefined) =>
  world.call<Tokens>(REFRESH, { body: { refresh_token } })
const isIn = async (token: string) => (await world.call(ME, { token })).status === 200

async function signInAgain(username: string, headers: Record<string, string> = {}) {
  const body = { username, password: PASSWORD }
  return (await world.call<Tokens>(SIGN_IN, { body, headers })).body
}

/** How many statements that say this wait for a lock in the world's database. */
async function waitingFor(statement: string): Promise<number> {
  const rows = await world.sql`SELECT 1 FROM pg_stat_activity
    WHERE datname = current_database() AND wait_event_type = 'Lock'
      AND query LIKE ${`%${statement}%`}`
  return rows.length
}

const auditOf = async (userId: string) =>
  (
    await world.sql<{ action: string }[]>`
      SELECT action FROM audit_log WHERE actor_id = ${userId} OR target = ${`user:${userId}`}
      ORDER BY id`
  ).map(({ action }) => action)

describe('a refresh token that comes back', () => {
  it('ends its whole family at once, and its owner is told', async () => {
    const user = await world.signedIn()
    const first = await refresh(user.refresh_token)
    const second = await refresh(first.body.refresh_token)
    expect([first.status, second.status]).toEqual([200, 200])
    const other = await signInAgain(user.username)

    expect(problemIn(await refresh(user.refresh_token))).toEqual(NOT_IN)

    expect(problemIn(await refresh(second.body.refresh_token))).toEqual(NOT_IN)
    for (const token of [user, first.body, second.body].map((tokens) => tokens.access_token)) {
      expect(problemIn(await world.call(ME, { token }))).toEqual(NOT_IN)
    }
    // Another sign-in of his was in nobody else's hands.
    expect(await isIn(other.access_token)).toBe(true)
    const { body } = await world.call<{ notices: Notice[] }>(NOTICES, { token: other.access_token })
    expect(body.notices).toMatchObject([{ kind: 'refresh_reused', read_at: null }])
    expect(await auditOf(user.user_id)).toContain('refresh_reused')
  })

  it('tells its owner once, however often it comes', async () => {
    const user = await world.signedIn()
    await refresh(user.refresh_token)
    for (let time = 0; time < 3; time += 1) await refresh(user.refresh_token)
    const notices = await world.sql`SELECT 1 FROM notices WHERE user_id = ${user.user_id}`
    expect(notices).toHaveLength(1)
  })

  it('is not believed when it was never ours', async () => {
    const user = await world.signedIn()
    for (const token of ['x', 'x'.repeat(43), user.access_token.slice(0, 256)]) {
      expect(problemIn(await refresh(token))).toEqual(NOT_IN)
    }
    expect(problemIn(await world.call(REFRESH, { body: {} }))).toEqual(NOT_IN)
    expect((await refresh(user.refresh_token)).status).toBe(200)
  })
})

describe('the password form of OAuth2', () => {
  const send = (form: Record<string, string>) =>
    world.call<Tokens>(SIGN_IN, {
      raw: new URLSearchParams(form).toString(),
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    })

  it('signs in as JSON does, and ignores what it does not know', async () => {
    const { username } = await world.signedIn()
    const asked = { username, password: PASSWORD, scope: 'read', client_id: 'a client' }
    for (const form of [asked, { ...asked, grant_type: 'password' }]) {
      const { status, body } = await send(form)
      expect([status, body.token_type]).toEqual([200, 'bearer'])
      expect(await isIn(body.access_token)).toBe(true)
    }
    expect(problemIn(await send({ ...asked, password: 'wrong' }))[0]).toBe(401)
  })

  it('is refused when it asks for something else', async () => {
    const asked = { username: 'x', password: PASSWORD }
    const other = await send({ ...asked, grant_type: 'client_credentials' })
    expect(problemIn(other)).toEqual([400, 'invalid-request', '#/grant_type'])
    expect(problemIn(await send({ username: 'x' }))).toEqual([400, 'invalid-request', '#/password'])
  })

  it.each(['text/plain', 'application/xml'])('is no %s', async (type) => {
    const headers = { 'content-type': type }
    const answer = await world.call(SIGN_IN, { raw: 'username=x&password=y', headers })
    expect(problemIn(answer)).toEqual([415, 'unsupported-media-type'])
  })

  it('asks for both when nothing was sent', async () => {
    const { status, body } = await world.call(SIGN_IN, { method: 'POST' })
    expect({ status, body }).toMatchObject({ status: 400, body: { title: expect.any(String) } })
  })
})

describe('a browser', () => {
  type Jar = { cookie: string; tokens: Tokens; answer: Answer<Tokens> }

  function jarOf(answer: Answer<Tokens>): Jar {
    const cookie = answer.headers.get('set-cookie') ?? ''
    return { cookie: cookie.split(';')[0]!, tokens: answer.body, answer }
  }

  async function open(): Promise<Jar & { username: string }> {
    const { username } = await world.signedIn()
    const body = { username, password: PASSWORD }
    const answer = await world.call<Tokens>(SIGN_IN, { body, headers: BROWSER })
    return { ...jarOf(answer), username }
  }

  const renew = async (cookie: string, headers: Record<string, string> = BROWSER) =>
    world.call<Tokens>(REFRESH, { body: {}, headers: { ...headers, cookie } })

  it('gets its refresh token where no script can read it', async () => {
    const { answer, tokens } = await open()
    expect(tokens).toEqual({
      access_token: expect.any(String) as string,
      token_type: 'bearer',
      expires_in: 1_800,
    })
    const [pair, ...attributes] = answer.headers.get('set-cookie')!.split('; ')
    expect(pair).toMatch(new RegExp(`^${COOKIE}=[\\w-]{43}$`))
    expect(attributes.toSorted()).toEqual(
      ['HttpOnly', 'Max-Age=604800', 'Path=/api/v1', 'SameSite=Strict', 'Secure'].toSorted(),
    )
    expect(answer.headers.get('cache-control')).toBe('no-store')
  })

  it('renews with the cookie, which is replaced; the old one ends the family', async () => {
    const first = await open()
    const second = jarOf(await renew(`other=1; ${first.cookie}; more=2`))
    expect(second.cookie).not.toBe(first.cookie)
    expect(second.tokens.refresh_token).toBe(undefined)
    expect(await isIn(second.tokens.access_token)).toBe(true)
    const reused = await renew(first.cookie)
    expect(problemIn(reused)).toEqual(NOT_IN)
    expect(reused.headers.get('set-cookie')).toMatch(/^__Secure-motu_refresh=;.*Max-Age=0/)
    expect(problemIn(await renew(second.cookie))).toEqual(NOT_IN)
  })

  it('is not taken at its cookie without the header, or from the page of another', async () => {
    const { cookie } = await open()
    expect(problemIn(await renew(cookie, {}))).toEqual(NOT_IN)
    expect((await renew(cookie, { 'motu-session': 'yes' })).status).toBe(400)
    for (const origin of ['https://evil.example', 'null', 'https://motu.example.evil.example']) {
      const answer = await renew(cookie, { ...BROWSER, origin })
      expect(problemIn(answer)).toEqual([403, 'forbidden'])
    }
    expect((await renew(cookie, { ...BROWSER, origin: 'https://motu.example' })).status).toBe(200)
  })

  it('brings a token it had before into the cookie', async () => {
    const { refresh_token } = await world.signedIn()
    const answer = await world.call<Tokens>(REFRESH, { body: { refresh_token }, headers: BROWSER })
    expect(answer.body.refresh_token).toBe(undefined)
    expect((await renew(jarOf(answer).cookie)).status).toBe(200)
  })

  it('signs out with the cookie alone', async () => {
    const { cookie, tokens } = await open()
    const headers = { ...BROWSER, cookie }
    const answer = await world.call(LOGOUT, { body: {}, headers })
    expect(answer.status).toBe(204)
    expect(answer.headers.get('set-cookie')).toMatch(/Max-Age=0; Path=\/api\/v1/)
    expect(await isIn(tokens.access_token)).toBe(false)
    expect(problemIn(await renew(cookie))).toEqual(NOT_IN)
  })
})

describe('signing out', () => {
  it.each<[string, (tokens: Tokens) => Parameters<World['call']>[1]]>([
    ['the access token', ({ access_token }) => ({ method: 'POST', token: access_token })],
    ['the refresh token', ({ refresh_token }) => ({ body: { refresh_token } })],
    [
      'both',
      ({ access_token, refresh_token }) => ({ body: { refresh_token }, token: access_token }),
    ],
  ])('with %s ends both', async (_with, callOf) => {
    const user = await world.signedIn()
    const answer = await world.call(LOGOUT, callOf(user))
    expect([answer.status, answer.body]).toEqual([204, undefined])
    expect(await isIn(user.access_token)).toBe(false)
    expect(problemIn(await refresh(user.refresh_token))).toEqual(NOT_IN)
    const [row] = await world.sql`SELECT revoked_reason FROM auth_sessions
      WHERE user_id = ${user.user_id}`
    expect(row!.revoked_reason).toBe('signed_out')
    // What was ended on purpose was not stolen.
    expect(await auditOf(user.user_id)).toEqual(['registered', 'sign_in', 'sign_out'])
  })

  it('needs one of them', async () => {
    expect(problemIn(await world.call(LOGOUT, { method: 'POST' }))).toEqual(NOT_IN)
    expect(problemIn(await world.call(LOGOUT, { body: { refresh_token: 'x' } }))).toEqual(NOT_IN)
    const key = { 'x-api-key': 'motu_x' }
    expect(problemIn(await world.call(LOGOUT, { body: {}, headers: key }))).toEqual(NOT_IN)
  })
})

describe('signing out in the dark', () => {
  const tell = (body: unknown) => world.call('/internal/sign-outs', { body })

  it('ends the refresh token too, when home hears of it, once', async () => {
    const user = await world.signedIn()
    const [row] = await world.sql<{ id: string }[]>`
      SELECT id FROM auth_sessions WHERE user_id = ${user.user_id}`
    for (const sids of [[row!.id, randomUUID()], [row!.id]]) {
      expect((await tell({ session_ids: sids })).status).toBe(204)
    }
    expect(problemIn(await refresh(user.refresh_token))).toEqual(NOT_IN)
    expect(await isIn(user.access_token)).toBe(false)
    const actions = await auditOf(user.user_id)
    expect(actions.filter((action) => action === 'sign_out')).toHaveLength(1)
  })

  it.each([[{}], [{ session_ids: [] }], [{ session_ids: ['x'] }]])(
    'is nothing home understands as %j',
    async (body) => {
      expect((await tell(body)).status).toBe(400)
    },
  )
})

describe('the sign-ins of a user', () => {
  const list = async (token: string) =>
    (await world.call<{ sessions: Session[] }>(SESSIONS, { token })).body.sessions

  it('are listed, the newest first, with where they came from', async () => {
    const user = await world.signedIn()
    world.clock.nowMs += 1_000
    const agent = `curl/8 ${'x'.repeat(400)}`
    const headers = { 'motu-client-address': '198.51.100.7', 'user-agent': agent }
    const later = await signInAgain(user.username, headers)
    const sessions = await list(later.access_token)
    expect(sessions).toMatchObject([
      { method: 'password', address: '198.51.100.7', current: true, last_used_at: null },
      { method: 'password', address: 'unknown', current: false },
    ])
    expect(sessions[0]!.user_agent).toBe(agent.slice(0, 256))
    expect(Date.parse(sessions[0]!.expires_at) - world.clock.nowMs).toBe(7 * 86_400_000)
    await refresh(later.refresh_token)
    expect((await list(user.access_token))[0]!.last_used_at).not.toBe(null)
  })

  it('are ended one at a time', async () => {
    const user = await world.signedIn()
    const other = await signInAgain(user.username)
    const id = (await list(user.access_token)).find(({ current }) => !current)!.session_id
    const end = (token: string) => world.call(`${SESSIONS}/${id}`, { method: 'DELETE', token })
    expect((await end(user.access_token)).status).toBe(204)
    expect(await isIn(other.access_token)).toBe(false)
    expect(problemIn(await refresh(other.refresh_token))).toEqual(NOT_IN)
    expect(await isIn(user.access_token)).toBe(true)
    expect(await list(user.access_token)).toHaveLength(1)
    expect((await end(user.access_token)).status).toBe(204)
  })

  it('are nobody else’s to end', async () => {
    const [user, thief] = [await world.signedIn(), await world.signedIn()]
    const [{ session_id } = { session_id: '' }] = await list(user.access_token)
    for (const id of [session_id, randomUUID()]) {
      const path = `${SESSIONS}/${id}`
      const answer = await world.call(path, { method: 'DELETE', token: thief.access_token })
      expect(problemIn(answer)).toEqual([404, 'not-found'])
    }
    expect(await isIn(user.access_token)).toBe(true)
    const none = await world.call(`${SESSIONS}/x`, { method: 'DELETE', token: user.access_token })
    expect(problemIn(none)[0]).toBe(400)
  })

  it('are ended but for the one that asks', async () => {
    const user = await world.signedIn()
    const others = [await signInAgain(user.username), await signInAgain(user.username)]
    const answer = await world.call(SESSIONS, { method: 'DELETE', token: user.access_token })
    expect(answer.status).toBe(204)
    for (const { access_token } of others) expect(await isIn(access_token)).toBe(false)
    expect(await isIn(user.access_token)).toBe(true)
    expect((await refresh(user.refresh_token)).status).toBe(200)
  })
})

describe('the profile', () => {
  it('takes another nickname, and nothing else', async () => {
    const { access_token: token, username } = await world.signedIn()
    const change = (body: unknown) => world.call<Profile>(ME, { method: 'PATCH', body, token })
    const answer = await change({ nickname: ' 새 이름 ' })
    expect(answer.body).toMatchObject({ nickname: '새 이름', username, has_password: true })
    expect((await world.call<Profile>(ME, { token })).body).toEqual(answer.body)
    for (const body of [
      {},
      { nickname: '' },
      { nickname: 'x', role: 'ADMIN' },
      { username: 'x' },
    ]) {
      expect(problemIn(await change(body)).slice(0, 2)).toEqual([400, 'invalid-request'])
    }
  })
})

describe('a password change', () => {
  const CHANGE = `${ME}/password`
  const change = (token: string, body: unknown) => world.call(CHANGE, { body, token })
  const fresh = { current_password: PASSWORD, new_password: 'another horse battery' }

  it('ends every other sign-in, and opens to the new password only', async () => {
    const user = await world.signedIn()
    const other = await signInAgain(user.username)
    expect((await change(user.access_token, fresh)).status).toBe(204)
    expect(await isIn(user.access_token)).toBe(true)
    expect(await isIn(other.access_token)).toBe(false)
    expect(problemIn(await refresh(other.refresh_token))).toEqual(NOT_IN)
    const signIn = (password: string) =>
      world.call(SIGN_IN, { body: { username: user.username, password } })
    expect((await signIn(PASSWORD)).status).toBe(401)
    expect((await signIn(fresh.new_password)).status).toBe(200)
    const { body } = await world.call<{ notices: Notice[] }>(NOTICES, { token: user.access_token })
    expect(body.notices).toMatchObject([{ kind: 'password_changed' }])
    expect(await auditOf(user.user_id)).toContain('password_changed')
  })

  it('needs the current password, and counts the wrong ones', async () => {
    const { access_token } = await world.signedIn()
    const wrong = { ...fresh, current_password: 'wrong' }
    const refused = [400, 'invalid-request', '#/current_password']
    const { current_password: _, ...none } = fresh
    expect(problemIn(await change(access_token, none))).toEqual(refused)
    for (let tries = 0; tries < 4; tries += 1) {
      expect(problemIn(await change(access_token, wrong))).toEqual(refused)
    }
    expect(problemIn(await change(access_token, fresh))).toEqual([429, 'rate-limited'])
  })

  it('needs none of a user who has none', async () => {
    const { access_token, user_id, username } = await world.signedIn()
    await world.sql`UPDATE users SET password_hash = NULL WHERE id = ${user_id}`
    const before = await world.call<Profile>(ME, { token: access_token })
    expect(before.body.has_password).toBe(false)
    const { new_password } = fresh
    expect((await change(access_token, { new_password })).status).toBe(204)
    const body = { username, password: new_password }
    expect((await world.call(SIGN_IN, { body })).status).toBe(200)
    const told = await world.call<{ notices: Notice[] }>(NOTICES, { token: access_token })
    expect(told.body.notices).toMatchObject([{ kind: 'password_set', read_at: null }])
  })

  it('leaves out a sign-in with the old one that was checked a moment before', async () => {
    const { user_id, username } = await world.signedIn()
    let entering: Promise<Answer> | undefined
    await world.sql.begin(async (tx) => {
      await tx`SELECT 1 FROM users WHERE id = ${user_id} FOR UPDATE`
      entering = world.call(SIGN_IN, { body: { username, password: PASSWORD } })
      // It has checked the password, and waits for the user's row.
      await until(async () => (await waitingFor('FOR SHARE')) === 1)
      await tx`UPDATE users SET password_hash = 'another' WHERE id = ${user_id}`
    })
    expect(problemIn(await entering!)).toEqual([401, 'invalid-credentials'])
  })

  it('of two at once is one', async () => {
    const { access_token } = await world.signedIn()
    const answers = await Promise.all([
      change(access_token, fresh),
      change(access_token, { ...fresh, new_password: 'a third horse battery' }),
    ])
    expect(answers.map(({ status }) => status).toSorted()).toEqual([204, 400])
  })
})

describe('a notice', () => {
  it('is read once, by whom it is for', async () => {
    const [user, other] = [await world.signedIn(), await world.signedIn()]
    const id = randomUUID()
    await world.sql`INSERT INTO notices (id, user_id, kind, created_at)
      VALUES (${id}, ${user.user_id}, 'password_changed', now())`
    const path = `${NOTICES}/${id}/read`
    const read = (token: string) => world.call(path, { method: 'POST', token })
    expect(problemIn(await read(other.access_token))).toEqual([404, 'not-found'])
    expect((await read(user.access_token)).status).toBe(204)
    const firstRead = new Date(world.clock.nowMs).toISOString()
    world.clock.nowMs += 1_000
    expect((await read(user.access_token)).status).toBe(204)
    const { body } = await world.call<{ notices: Notice[] }>(NOTICES, { token: user.access_token })
    expect(body.notices).toMatchObject([{ notice_id: id, detail: {}, read_at: firstRead }])
  })
})

describe('wrong passwords', () => {
  const from = (address: string) => ({ 'motu-client-address': address })
  const attempt = (username: string, address: string, password = 'wrong') =>
    world.call(SIGN_IN, { body: { username, password }, headers: from(address) })

  it('are few for one address, for users and for nobody alike', async () => {
    const { username } = await world.signedIn()
    for (const name of [username, 'nobody-at-all']) {
      for (let tries = 0; tries < 5; tries += 1) {
        expect((await attempt(name, '203.0.113.1')).status).toBe(401)
      }
      const refused = await attempt(name, '203.0.113.1', PASSWORD)
      expect(problemIn(refused)).toEqual([429, 'rate-limited'])
      expect(refused.headers.get('retry-after')).toBe('12')
    }
    world.clock.nowMs += 12_000
    expect((await attempt(username, '203.0.113.1', PASSWORD)).status).toBe(200)
  })

  it('of many strangers do not lock out who was there before', async () => {
    const { username } = await world.signedIn()
    expect((await attempt(username, '198.51.100.1', PASSWORD)).status).toBe(200)
    for (let stranger = 0; stranger < 20; stranger += 1) {
      expect((await attempt(username, `203.0.113.${stranger}`)).status).toBe(401)
    }
    expect((await attempt(username, '203.0.113.77', PASSWORD)).status).toBe(429)
    expect((await attempt(username, '198.51.100.1', PASSWORD)).status).toBe(200)
  })

  it('of an IPv6 network are those of one address, known or not', async () => {
    const { username } = await world.signedIn()
    expect((await attempt(username, '2001:db8:1:2::1', PASSWORD)).status).toBe(200)
    for (let stranger = 0; stranger < 20; stranger += 1) {
      expect((await attempt(username, `203.0.113.${stranger}`)).status).toBe(401)
    }
    for (let tries = 0; tries < 5; tries += 1) {
      expect((await attempt(username, `2001:db8:1:2:${tries}::9`)).status).toBe(401)
    }
    expect((await attempt(username, '2001:db8:1:2:a::9', PASSWORD)).status).toBe(429)
  })

  it('leave no name in the audit log, which may be a password', async () => {
    await attempt('hunter2-hunter2', '203.0.113.9')
    const rows = await world.sql`SELECT * FROM audit_log WHERE action = 'sign_in_refused'`
    expect(rows.length).toBeGreaterThan(0)
    expect(JSON.stringify(rows, (_key, value: unknown) => String(value))).not.toContain('hunter2')
  })
})
