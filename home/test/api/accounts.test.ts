// Accounts and tokens over HTTP, on a real Postgres.

import { stat } from 'node:fs/promises'
import { createLocalJWKSet, jwtVerify } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { REFRESH_TOKEN_SECONDS } from '@motu/shared/access-token.ts'
import type { Tokens, User } from '@motu/shared/contract/auth.ts'
import { partitionOf } from '@motu/shared/partition.ts'
import { openTokens } from '../../src/api/tokens.ts'
import { createWorld, PASSWORD, problemIn, type World } from './world.ts'

const REGISTER = '/api/v1/auth/register'
const SIGN_IN = '/api/v1/login/access-token'
const REFRESH = '/api/v1/login/refresh'
const LOGOUT = '/api/v1/logout'
const ME = '/api/v1/users/me'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())

describe('registering', () => {
  it('opens an account with a wallet and the ledger entry that explains it', async () => {
    const body = { username: 'minji', password: PASSWORD, nickname: '민지' }
    const answer = await world.call<User>(REGISTER, { body })
    expect(answer.status).toBe(201)
    expect(answer.body).toEqual({
      user_id: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
      username: 'minji',
      nickname: '민지',
      role: 'USER',
    })
    const userId = answer.body.user_id
    const [wallet] = await world.sql`SELECT * FROM wallets WHERE user_id = ${userId}`
    expect(wallet).toMatchObject({
      partition: partitionOf(userId),
      balance_krw: '100000000.00000000',
      held_krw: '0.00000000',
    })
    const entries = await world.sql`SELECT * FROM ledger_entries WHERE user_id = ${userId}`
    expect(entries).toMatchObject([
      {
        ...{ source_id: userId, leg_no: 0, kind: 'grant', unit: 'KRW' },
        ...{ debit_account: 'CASH', credit_account: 'GRANT', amount: '100000000.00000000' },
      },
    ])
    const [user] = await world.sql`SELECT password_hash FROM users WHERE id = ${userId}`
    expect(user!.password_hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
  })

  it('leaves nobody behind whom the audit log does not know', async () => {
    const username = 'unwritten'
    await world.sql`ALTER TABLE audit_log
      ADD CONSTRAINT nobody_registers CHECK (action <> 'registered') NOT VALID`
    const body = { username, password: PASSWORD, nickname: 'Un' }
    const answer = await world.call(REGISTER, { body })
    await world.sql`ALTER TABLE audit_log DROP CONSTRAINT nobody_registers`
    expect(answer.status).toBe(500)
    expect(await world.sql`SELECT 1 FROM users WHERE username = ${username}`).toHaveLength(0)
  })

  it('gives a name to one of many who want it at once', async () => {
    const body = { username: 'wanted', password: PASSWORD, nickname: 'x' }
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => world.call(REGISTER, { body })),
    )
    expect(answers.map(({ status }) => status).toSorted()).toEqual([201, ...Array(7).fill(409)])
    const refused = answers.find(({ status }) => status === 409)!
    expect(problemIn(refused)).toEqual([409, 'username-taken', '#/username'])
    const [row] = await world.sql`SELECT count(*)::int AS count FROM users
      WHERE username = 'wanted'`
    expect(row!.count).toBe(1)
  })

  const valid = { username: 'someone', password: PASSWORD, nickname: 'Some One' }
  it.each([
    ['a short password', { ...valid, password: '1234567' }, '#/password'],
    ['a name in capitals', { ...valid, username: 'Someone' }, '#/username'],
    ['a name of two letters', { ...valid, username: 'ab' }, '#/username'],
    ['a name with a blank', { ...valid, username: 'some one' }, '#/username'],
    ['a nickname of blanks', { ...valid, nickname: '   ' }, '#/nickname'],
    ['a nickname with markup', { ...valid, nickname: '<b>' }, '#/nickname'],
    ['a number as the name', { ...valid, username: 5 }, '#/username'],
    ['no nickname', { username: 'someone', password: PASSWORD }, '#/nickname'],
  ])('refuses %s and points at it', async (_what, body, pointer) => {
    expect(problemIn(await world.call(REGISTER, { body }))).toContain(pointer)
    const rows = await world.sql`SELECT 1 FROM users WHERE username = 'someone'`
    expect(rows).toHaveLength(0)
  })

  it('refuses a field it does not know, such as a role', async () => {
    const answer = await world.call(REGISTER, { body: { ...valid, role: 'ADMIN' } })
    expect(problemIn(answer).slice(0, 2)).toEqual([400, 'invalid-request'])
  })

  it.each([
    ['no JSON', '{"username":', 400],
    ['an empty body', '', 400],
    ['a list', '[]', 400],
    ['a number', '1e308', 400],
    ['null', 'null', 400],
    ['NUL in a name', '{"username":"a\\u0000b","password":"12345678","nickname":"x"}', 400],
    ['NUL in a nickname', '{"username":"abc","password":"12345678","nickname":"a\\u0000"}', 400],
    ['two megabytes', JSON.stringify({ username: 'x'.repeat(2 ** 21) }), 413],
  ])('refuses %s as a body', async (_what, raw, status) => {
    // What is too large is not read to its end, and its connection not used again.
    const headers = { connection: 'close' }
    const answer = await world.call(REGISTER, { raw, method: 'POST', headers })
    expect(problemIn(answer)[0]).toBe(status)
  })
})

describe('signing in', () => {
  it('answers tokens that the published keys verify', async () => {
    const user = await world.signedIn()
    expect(user).toMatchObject({ token_type: 'bearer', expires_in: 1_800 })
    const keys = await world.call<{ keys: Record<string, string>[] }>('/internal/keys')
    expect(keys.body.keys[0]).toMatchObject({ alg: 'EdDSA', use: 'sig', crv: 'Ed25519' })
    expect(keys.body.keys[0]).not.toHaveProperty('d')
    const keySet = createLocalJWKSet(keys.body as never)
    const { payload, protectedHeader } = await jwtVerify(user.access_token, keySet)
    expect(payload).toMatchObject({ iss: 'motu', aud: 'motu-api', sub: user.user_id, role: 'USER' })
    expect(payload.exp! - payload.iat!).toBe(1_800)
    expect(protectedHeader).toMatchObject({ alg: 'EdDSA', typ: 'at+jwt' })
    expect((await stat(world.keyFile)).mode & 0o777).toBe(0o600)
  })

  it('answers alike for a wrong password and for a user that does not exist', async () => {
    const { username } = await world.signedIn()
    const wrong = await world.call(SIGN_IN, { body: { username, password: 'not the password' } })
    const nobody = await world.call(SIGN_IN, { body: { username: 'nobody', password: PASSWORD } })
    expect(problemIn(wrong)).toEqual([401, 'invalid-credentials'])
    const plain = ({ body }: { body: unknown }) => ({ ...(body as object), instance: '' })
    expect(plain(nobody)).toEqual(plain(wrong))
  })

  it.each([
    ['a lone surrogate', { username: '\ud800', password: PASSWORD }],
    ['a password of a thousand letters', { username: 'x', password: 'x'.repeat(1_000) }],
    ['no password', { username: 'x' }],
  ])('refuses %s without breaking', async (_what, body) => {
    const { status } = await world.call(SIGN_IN, { body })
    expect([400, 401]).toContain(status)
  })

  it('refuses a name with NUL without breaking', async () => {
    const body = { username: 'a\u0000b', password: PASSWORD }
    expect([400, 401]).toContain((await world.call(SIGN_IN, { body })).status)
  })

  it('refuses a user who was disabled', async () => {
    const { username, user_id: userId, refresh_token } = await world.signedIn()
    await world.sql`UPDATE users SET disabled_at = now() WHERE id = ${userId}`
    const answer = await world.call(SIGN_IN, { body: { username, password: PASSWORD } })
    expect(problemIn(answer)).toEqual([401, 'invalid-credentials'])
    expect((await world.call(REFRESH, { body: { refresh_token } })).status).toBe(401)
  })

  it('stores no refresh token', async () => {
    const { refresh_token } = await world.signedIn()
    const rows =
      await world.sql`SELECT 1 FROM refresh_tokens WHERE token_sha256 = ${refresh_token!}`
    expect(rows).toHaveLength(0)
  })

  it('keeps the key over a restart, and two that start at once share it', async () => {
    const { access_token } = await world.signedIn()
    const again = await openTokens(world.keyFile, () => world.clock.nowMs)
    expect(await again.verify(access_token)).toMatchObject({ role: 'USER' })
    const fresh = `${world.keyFile}.fresh`
    const both = await Promise.all([
      openTokens(fresh, () => world.clock.nowMs),
      openTokens(fresh, () => world.clock.nowMs),
    ])
    expect(await both[0].keySet()).toEqual(await both[1].keySet())
  })
})

describe('renewing', () => {
  it('replaces the refresh token: the old one is worth nothing', async () => {
    const { refresh_token } = await world.signedIn()
    const renewed = await world.call<Tokens>(REFRESH, { body: { refresh_token } })
    expect(renewed.status).toBe(200)
    expect(renewed.body.refresh_token).not.toBe(refresh_token)
    const me = await world.call(ME, { token: renewed.body.access_token })
    expect(me.status).toBe(200)
    const again = await world.call(REFRESH, { body: { refresh_token } })
    expect(problemIn(again)).toEqual([401, 'unauthenticated'])
  })

  it('gives one successor to two who ask at once', async () => {
    const { refresh_token } = await world.signedIn()
    const answers = await Promise.all(
      Array.from({ length: 4 }, () => world.call(REFRESH, { body: { refresh_token } })),
    )
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 401, 401, 401])
  })

  it('ends after seven days', async () => {
    const { refresh_token } = await world.signedIn()
    await world.sql`UPDATE auth_sessions
      SET expires_at = expires_at - make_interval(secs => ${REFRESH_TOKEN_SECONDS})`
    expect((await world.call(REFRESH, { body: { refresh_token } })).status).toBe(401)
  })

  it('ends with signing out', async () => {
    const { access_token, refresh_token } = await world.signedIn()
    const answer = await world.call(LOGOUT, { method: 'POST', token: access_token })
    expect([answer.status, answer.body]).toEqual([204, undefined])
    expect((await world.call(REFRESH, { body: { refresh_token } })).status).toBe(401)
  })
})

describe('an access token', () => {
  it('says who its user is', async () => {
    const { access_token, user_id, username } = await world.signedIn()
    const me = await world.call(ME, { token: access_token })
    expect(me.body).toEqual({
      ...{ user_id, username, nickname: '민지', role: 'USER', has_password: true },
      created_at: new Date(world.clock.nowMs).toISOString(),
    })
  })

  it('is refused when it is missing, changed, of another key, or no token', async () => {
    const { access_token } = await world.signedIn()
    const other = await openTokens(`${world.keyFile}.other`, () => world.clock.nowMs)
    const foreign = await other.issue({ userId: 'x', role: 'ADMIN', sid: 's' })
    const [head, claims, signature] = access_token.split('.')
    const admin = Buffer.from(
      Buffer.from(claims!, 'base64url').toString().replace('USER', 'ADMIN'),
    ).toString('base64url')
    const none = Buffer.from('{"alg":"none","typ":"at+jwt"}').toString('base64url')
    for (const token of [
      ...['', 'x', '..', foreign, `${head}.${claims}.`, `${none}.${claims}.`],
      ...[`${head}.${admin}.${signature}`, `${access_token} ${access_token}`],
    ]) {
      expect(problemIn(await world.call(ME, { token }))).toEqual([401, 'unauthenticated'])
    }
  })

  it('ends after half an hour', async () => {
    const { access_token } = await world.signedIn()
    world.clock.nowMs += 1_800_000 - 1_000
    expect((await world.call(ME, { token: access_token })).status).toBe(200)
    world.clock.nowMs += 10_000
    expect((await world.call(ME, { token: access_token })).status).toBe(401)
  })
})
