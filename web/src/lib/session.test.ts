// Tabs of one browser against a home that rotates refresh tokens and punishes reuse. Channel and
// locks between the tabs are the real ones.

import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Http } from './http.ts'
import { Session } from './session.svelte.ts'
import { openTabs, type Tabs } from './tabs.ts'

const MINUTE_MS = 60_000
const MINJI = { user_id: randomUUID(), username: 'minji', nickname: '민지', role: 'USER' as const }
const SIGN_IN = { username: 'minji', password: 'a-long-password' }

/** Home and the browser's cookie jar, seen through `fetch`. */
class FakeHome {
  isDark = false
  cookie: string | null = null
  latencyMs = 5
  /** The answer brings its cookie, but the page that asked is going away. */
  isPageGone = false
  requests: string[] = []
  #used = new Set<string>()
  #families = new Map<string, string>()
  readonly #revoked = new Set<string>()

  readonly fetch: typeof fetch = async (input, init) => {
    const path = String(input).replace('/api/v1', '')
    const headers = new Headers(init?.headers)
    this.requests.push(path)
    const cookie = headers.get('motu-session') === 'cookie' ? this.cookie : null
    await sleep(this.latencyMs)
    if (this.isDark) return refusal('unavailable', 503)
    if (path === '/users/me') return Response.json(MINJI)
    if (path === '/login/access-token') return this.#tokens(randomUUID())
    if (path === '/login/refresh') {
      const answer = this.#refresh(cookie)
      if (this.isPageGone) throw new TypeError('Failed to fetch')
      return answer
    }
    if (path === '/logout') return this.#signOut(cookie)
    return refusal('not-found', 404)
  }

  count(path: string): number {
    return this.requests.filter((each) => each === path).length
  }

  get isRevoked(): boolean {
    return this.#revoked.size > 0
  }

  #refresh(cookie: string | null): Response {
    const family = cookie && this.#families.get(cookie)
    if (!cookie || !family || this.#revoked.has(family)) return refusal('unauthenticated', 401)
    if (this.#used.has(cookie)) {
      this.#revoked.add(family)
      return refusal('unauthenticated', 401)
    }
    this.#used.add(cookie)
    return this.#tokens(family)
  }

  #signOut(cookie: string | null): Response {
    if (!cookie) return refusal('unauthenticated', 401)
    this.#revoked.add(this.#families.get(cookie)!)
    this.cookie = null
    return new Response(null, { status: 204 })
  }

  #tokens(family: string): Response {
    this.cookie = randomUUID()
    this.#families.set(this.cookie, family)
    return Response.json({ access_token: randomUUID(), token_type: 'bearer', expires_in: 1_800 })
  }
}

function refusal(code: string, status: number): Response {
  return Response.json({ type: `https://motu.test/problems/${code}`, status }, { status })
}

describe('the session', () => {
  let home: FakeHome
  let storage: Map<string, string>
  let now: number
  let channel: string
  let open: Tabs[]

  beforeEach(() => {
    home = new FakeHome()
    storage = new Map()
    now = 1_000_000
    channel = randomUUID()
    open = []
  })
  afterEach(() => open.forEach((tabs) => tabs.close()))

  /** Opens a tab, or reloads one: what was in memory is gone. */
  function tab(): Session {
    const tabs = openTabs(channel)
    open.push(tabs)
    return new Session({
      http: new Http({ fetch: home.fetch, now: () => now }),
      storage: {
        getItem: (key) => storage.get(key) ?? null,
        setItem: (key, value) => void storage.set(key, value),
        removeItem: (key) => void storage.delete(key),
      },
      tabs,
      now: () => now,
      wait: (delayMs) => sleep(Math.min(delayMs, 300)),
    })
  }

  /** All tabs are gone, as at a reload of the only one. */
  function closeAll(): void {
    for (const tabs of open.splice(0)) tabs.close()
  }

  async function signedIn(): Promise<Session> {
    const session = tab()
    expect(await session.signIn(SIGN_IN)).toBeNull()
    return session
  }

  it('keeps no token where a script of another visit could read it', async () => {
    storage.set('motu.session', '{"refreshToken":"of an earlier version"}')
    const session = await signedIn()
    const stored = [...storage.values()].join()
    expect(storage.has('motu.session')).toBe(false)
    expect(stored).not.toContain(await session.token())
    expect(stored).not.toContain(home.cookie)
    expect(session.user).toEqual(MINJI)
  })

  it('is there again after a reload, by one renewal', async () => {
    await signedIn()
    closeAll()
    const session = tab()
    expect([session.state, session.user]).toEqual(['restoring', MINJI])
    const tokens = await Promise.all([session.restore(), session.token(), session.token()])
    expect(session.state).toBe('in')
    expect(tokens[1]).toBe(tokens[2])
    expect(home.count('/login/refresh')).toBe(1)
  })

  it('asks nobody for a visitor who was never signed in', async () => {
    const session = tab()
    await session.restore()
    expect([session.state, await session.token(), home.requests]).toEqual(['out', null, []])
  })

  it('gives a second tab the token of the first, without a renewal', async () => {
    const first = await signedIn()
    const second = tab()
    await second.restore()
    expect(await second.token()).toBe(await first.token())
    expect(home.count('/login/refresh')).toBe(0)
  })

  it('renews once for ten tabs whose token ends at the same moment', async () => {
    const first = await signedIn()
    const tabs = [first, ...Array.from({ length: 9 }, () => tab())]
    await Promise.all(tabs.map((each) => each.restore()))
    expect(home.count('/login/refresh')).toBe(0)
    for (let round = 1; round <= 5; round += 1) {
      now += 29 * MINUTE_MS + 1
      const tokens = await Promise.all(tabs.map((each) => each.token()))
      expect(new Set(tokens).size).toBe(1)
      expect(home.count('/login/refresh')).toBe(round)
    }
    expect(home.isRevoked).toBe(false)
  })

  it.each([
    [29 * MINUTE_MS, 0],
    [29 * MINUTE_MS + 1, 1],
  ])('after %i ms has renewed %i times', async (ageMs, renewals) => {
    const session = await signedIn()
    now += ageMs
    await session.token()
    expect(home.count('/login/refresh')).toBe(renewals)
  })

  it('signs all tabs out, and tells the server once', async () => {
    const first = await signedIn()
    const second = tab()
    await second.restore()
    await first.signOut()
    await expect.poll(() => second.state).toBe('out')
    expect([first.state, await second.token()]).toEqual(['out', null])
    expect(home.count('/logout')).toBe(1)
    expect(home.isRevoked).toBe(true)
    expect(second.hasExpired).toBe(false)
  })

  it('is not brought back by a renewal that was under way when it ended', async () => {
    const first = await signedIn()
    const second = tab()
    await second.restore()
    home.latencyMs = 60
    const renewal = second.renew()
    await sleep(20)
    await first.signOut()
    await renewal
    expect([first.state, second.state]).toEqual(['out', 'out'])
    expect(storage.has('motu.user')).toBe(false)
    expect(home.cookie).toBeNull()
  })

  it('keeps its token while home is dark, however old', async () => {
    const session = await signedIn()
    const token = await session.token()
    home.isDark = true
    now += 11 * 60 * MINUTE_MS
    expect(await session.token()).toBe(token)
    expect(session.state).toBe('in')
    await session.token()
    expect(home.count('/login/refresh')).toBe(1)
  })

  it('knows its user after a reload in the dark, and goes on when home is back', async () => {
    await signedIn()
    closeAll()
    home.isDark = true
    const session = tab()
    await session.restore()
    expect([session.state, session.user, await session.token()]).toEqual(['waiting', MINJI, null])
    home.isDark = false
    now += 2_500
    expect(await session.token()).not.toBeNull()
    expect(session.state).toBe('in')
  })

  it('takes over in the dark what another tab still has', async () => {
    const first = await signedIn()
    home.isDark = true
    now += 2 * 60 * MINUTE_MS
    const second = tab()
    await second.restore()
    expect(second.state).toBe('in')
    expect(await second.token()).toBe(await first.token())
  })

  it('tells the server of a sign-out in the dark as soon as home is back', async () => {
    const session = await signedIn()
    home.isDark = true
    await session.signOut()
    expect([session.state, home.isRevoked]).toEqual(['out', false])
    closeAll()
    home.isDark = false
    const next = tab()
    await next.restore()
    expect([next.state, home.isRevoked, home.cookie]).toEqual(['out', true, null])
    await next.finishSignOut()
    expect(home.count('/logout')).toBe(2)
  })

  it('does not sign a new sign-in out for an old sign-out', async () => {
    const session = await signedIn()
    home.isDark = true
    await session.signOut()
    home.isDark = false
    await session.signIn(SIGN_IN)
    await session.finishSignOut()
    expect([session.state, home.isRevoked]).toEqual(['in', false])
  })

  it('says that it expired when home refuses to renew it', async () => {
    const first = await signedIn()
    const second = tab()
    await second.restore()
    home.cookie = null
    now += 30 * MINUTE_MS
    expect(await first.token()).toBeNull()
    expect([first.state, first.hasExpired]).toEqual(['out', true])
    await expect.poll(() => second.state).toBe('out')
  })

  it('waits for a renewal that a reload left behind', async () => {
    await signedIn()
    closeAll()
    home.latencyMs = 150
    storage.set('motu.session.renewing', `${now}`)
    const headers = { 'motu-session': 'cookie' }
    const leftBehind = home.fetch('/api/v1/login/refresh', { method: 'POST', headers })
    const session = tab()
    await session.restore()
    await leftBehind
    expect([session.state, home.isRevoked]).toEqual(['in', false])
  })

  it('finds out who came back from a provider', async () => {
    const session = tab()
    session.expectReturn()
    // The provider's answer was a redirect with a cookie.
    await home.fetch('/api/v1/login/access-token')
    closeAll()
    const back = tab()
    await back.restore()
    expect([back.state, back.user]).toEqual(['in', MINJI])
  })

  it.each([
    ['the dark', 'isDark'],
    ['a page that went away at once', 'isPageGone'],
  ] as const)('still finds out after %s', async (_what, trouble) => {
    tab().expectReturn()
    await home.fetch('/api/v1/login/access-token')
    closeAll()
    home[trouble] = true
    await tab().restore()
    closeAll()
    home[trouble] = false
    now += 2_500
    const back = tab()
    await back.restore()
    expect([back.state, back.user, home.isRevoked]).toEqual(['in', MINJI, false])
  })

  it('gives a renewal time that a page left behind as it went away', async () => {
    await signedIn()
    closeAll()
    home.isPageGone = true
    await tab().restore()
    expect(storage.get('motu.session.renewing')).toBe(`${now}`)
  })

  it('says nothing of an expiry when nobody came back from a provider', async () => {
    tab().expectReturn()
    const back = tab()
    await back.restore()
    expect([back.state, back.hasExpired]).toEqual(['out', false])
    await back.restore()
    expect(home.count('/login/refresh')).toBe(1)
  })

  it('follows another user who signs in in another tab', async () => {
    const first = await signedIn()
    const other = { ...MINJI, user_id: randomUUID(), username: 'junho' }
    storage.set('motu.user', JSON.stringify(other))
    first.adoptStored()
    expect([first.user?.username, first.state]).toEqual(['junho', 'restoring'])
  })
})
