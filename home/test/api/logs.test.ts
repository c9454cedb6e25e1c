// What goes through the doors is secret, and nothing of it is in the log: neither when all goes well
// nor when Postgres fails in the middle. The log is read before anything is hidden in it.

import { pino } from 'pino'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Tokens } from '@motu/shared/contract/auth.ts'
import { createWorld, PASSWORD, SECRET, type World } from './world.ts'

const SIGN_IN = '/api/v1/login/access-token'
const REFRESH = '/api/v1/login/refresh'
const LOGOUT = '/api/v1/logout'
const ME = '/api/v1/users/me'
const KEYS = '/api/v1/api-keys'
const BROWSER = { 'motu-session': 'cookie' }
/** A piece this long of a secret is as bad as all of it. */
const PIECE_LENGTH = 12

let world: World
const lines: string[] = []
const secrets = new Set<string>([SECRET, PASSWORD])
beforeAll(async () => {
  const output = { write: (line: string) => void lines.push(line) }
  world = await createWorld(undefined, {}, { log: pino({ level: 'trace' }, output) })
})
afterAll(() => world.close())

function remember(tokens: Tokens, cookie?: string | null): void {
  const [, , signature] = tokens.access_token.split('.')
  secrets.add(signature!)
  if (tokens.refresh_token) secrets.add(tokens.refresh_token)
  if (cookie) secrets.add(/=([^;]+)/.exec(cookie)![1]!)
}

/** Everything a user does with secrets; answers the statuses. */
async function traffic(username: string): Promise<number[]> {
  const statuses: number[] = []
  const call = async <T>(...[path, options]: Parameters<World['call']>) => {
    const answer = await world.call<T>(path, options)
    statuses.push(answer.status)
    return answer
  }
  const wrong = `wrong password of ${username}`
  secrets.add(wrong)
  await call(SIGN_IN, { body: { username, password: wrong } })
  await call(SIGN_IN, { raw: `{"username":"${username}","password":"${wrong}"`, method: 'POST' })
  const signIn = await call<Tokens>(SIGN_IN, { body: { username, password: PASSWORD } })
  if (signIn.status !== 200) return statuses
  remember(signIn.body)
  const { access_token: token, refresh_token } = signIn.body
  const browser = await call<Tokens>(SIGN_IN, {
    body: { username, password: PASSWORD },
    headers: BROWSER,
  })
  const cookie = browser.headers.get('set-cookie')
  remember(browser.body, cookie)
  const renewed = await call<Tokens>(REFRESH, {
    body: {},
    headers: { ...BROWSER, cookie: cookie!.split(';')[0]! },
  })
  if (renewed.status === 200) remember(renewed.body, renewed.headers.get('set-cookie'))
  const next = await call<Tokens>(REFRESH, { body: { refresh_token } })
  if (next.status === 200) remember(next.body)
  const made = await call<{ api_key: string }>(KEYS, { token, body: { name: 'bot' } })
  const key = made.body.api_key ?? ''
  if (key) secrets.add(key.slice('motu_123456789012_'.length))
  await call(ME, { headers: { 'x-api-key': key } })
  await call(ME, { headers: { 'x-api-key': key, authorization: `Bearer ${token}` } })
  await call(`${ME}/password`, { token, body: { current_password: wrong, new_password: wrong } })
  await call(`/api/v1/orders?cursor=${refresh_token}`, { token })
  await call(REFRESH, { body: { refresh_token } })
  await call(LOGOUT, { token, body: { refresh_token } })
  return statuses
}

/** Pieces of secrets the log says. */
function leaks(): string[] {
  const text = lines.join('')
  return [...secrets].flatMap((secret) => {
    const pieces = [secret]
    for (let start = 0; start + PIECE_LENGTH <= secret.length; start += 1) {
      pieces.push(secret.slice(start, start + PIECE_LENGTH))
    }
    const piece = pieces.find((one) => text.includes(one))
    return piece === undefined ? [] : [piece]
  })
}

it('says nothing secret when all goes well', async () => {
  const { username, ...tokens } = await world.signedIn()
  remember(tokens)
  const statuses = await traffic(username)
  expect(statuses).toContain(200)
  expect(statuses).toContain(201)
  expect(statuses.filter((status) => status >= 500)).toEqual([])
  expect(secrets.size).toBeGreaterThan(10)
  expect(leaks()).toEqual([])
})

// Tables that go missing one after the other, so that each statement fails once with its arguments.
it.each(['audit_log', 'api_keys', 'refresh_tokens', 'auth_sessions', 'users'])(
  'says nothing secret when %s cannot be read or written',
  async (table) => {
    const { username } = await world.signedIn()
    const before = lines.length
    await world.sql.unsafe(`ALTER TABLE ${table} RENAME TO ${table}_away`)
    try {
      expect(await traffic(username)).toContain(500)
    } finally {
      await world.sql.unsafe(`ALTER TABLE ${table}_away RENAME TO ${table}`)
    }
    expect(lines.length).toBeGreaterThan(before)
    expect(leaks()).toEqual([])
  },
)

it('would notice', () => {
  lines.push(`{"msg":"the password is ${PASSWORD}"}\n`)
  expect(leaks()).not.toEqual([])
})
