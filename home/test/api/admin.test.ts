// What admins do, over HTTP, on a real Postgres.

import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type {
  Adjustment,
  AdminUser,
  AdminUserList,
  AuditList,
} from '@motu/shared/contract/admin.ts'
import type { CreatedApiKey } from '@motu/shared/contract/api-keys.ts'
import { decimal } from '@motu/shared/decimal.ts'
import type { Revocation } from '@motu/shared/upstream.ts'
import { judgeBooks } from '../../../faults/oracle.ts'
import { Journal } from '../../../faults/journal.ts'
import { readBooks } from '../../../faults/oracle/snapshot.ts'
import { createWorld, PASSWORD, problemIn, type World } from './world.ts'

const USERS = '/api/v1/admin/users'
const AUDIT = '/api/v1/admin/audit'
const SIGN_IN = '/api/v1/login/access-token'
const STARTING_CASH = '100000000'
const V5 = 'c232ab00-9414-5ec5-b3c8-68f6bdeced84'

type User = Awaited<ReturnType<World['signedIn']>>
let world: World
let admin: User
const announced: Revocation[] = []

beforeAll(async () => {
  world = await createWorld()
  await world.bus.subscribe('revocations', (some) => void announced.push(...some))
  admin = await newAdmin()
})
afterAll(() => world.close())

async function newAdmin(): Promise<User> {
  const user = await world.signedIn()
  await world.sql`UPDATE users SET role = 'ADMIN' WHERE id = ${user.user_id}`
  return { ...user, ...(await signIn(user)) }
}

async function signIn(user: User): Promise<User> {
  const body = { username: user.username, password: PASSWORD }
  return (await world.call<User>(SIGN_IN, { body })).body
}

const act = <T = unknown>(path: string, call: { method?: string; body?: unknown } = {}) =>
  world.call<T>(path, { token: admin.access_token, ...call })

async function found(query: string): Promise<AdminUser[]> {
  const answer = await act<AdminUserList>(`${USERS}?query=${encodeURIComponent(query)}`)
  return answer.body.users
}

async function auditOf(userId: string): Promise<AuditList['entries']> {
  return (await act<AuditList>(`${AUDIT}?user_id=${userId}&limit=200`)).body.entries
}

describe('who is no admin', () => {
  it('may do none of it, not with an admin’s key without the scope either', async () => {
    const user = await world.signedIn()
    const body = { name: 'reader', scopes: ['trade'] }
    const key = await act<CreatedApiKey>('/api/v1/api-keys', { body })
    for (const [path, method] of [
      [USERS, 'GET'],
      [AUDIT, 'GET'],
      [`${USERS}/${user.user_id}/disable`, 'POST'],
      [`${USERS}/${user.user_id}/enable`, 'POST'],
      [`${USERS}/${user.user_id}/role`, 'PUT'],
      [`${USERS}/${user.user_id}/adjustments`, 'POST'],
    ] as const) {
      const call = { method, ...(method === 'GET' ? {} : { body: {} }) }
      const refused = await world.call(path, { ...call, token: user.access_token })
      expect(problemIn(refused), path).toEqual([403, 'forbidden'])
      const headers = { 'x-api-key': key.body.api_key }
      expect(problemIn(await world.call(path, { ...call, headers }))).toEqual([403, 'forbidden'])
      expect(problemIn(await world.call(path, call))).toEqual([401, 'unauthenticated'])
    }
  })

  it('is no admin by a key of one who was', async () => {
    const other = await newAdmin()
    const body = { name: 'admin', scopes: ['admin'] }
    const call = { body, token: other.access_token }
    const key = await world.call<CreatedApiKey>('/api/v1/api-keys', call)
    const headers = { 'x-api-key': key.body.api_key }
    expect((await world.call(USERS, { headers })).status).toBe(200)
    await act(`${USERS}/${other.user_id}/role`, { method: 'PUT', body: { role: 'USER' } })
    expect(problemIn(await world.call(USERS, { headers }))).toEqual([403, 'forbidden'])
  })
})

describe('the list of users', () => {
  it('shows who they are, page by page, each once', async () => {
    for (let index = 0; index < 3; index += 1) await world.signedIn()
    const all = (await act<AdminUserList>(`${USERS}?limit=200`)).body
    expect(all.next_cursor).toBeNull()
    const seen: AdminUser[] = []
    let cursor: string | null = ''
    while (cursor !== null) {
      const place: string = cursor === '' ? '' : `&cursor=${cursor}`
      const page: AdminUserList = (await act<AdminUserList>(`${USERS}?limit=2${place}`)).body
      expect(page.users.length).toBeLessThanOrEqual(2)
      seen.push(...page.users)
      cursor = page.next_cursor
    }
    expect(seen).toEqual(all.users)
    expect(seen.map(({ username }) => username)).toEqual(
      seen.map(({ username }) => username).toSorted(),
    )
  })

  it('finds a part of a name, whatever signs it is made of', async () => {
    const user = await world.signedIn()
    await world.sql`UPDATE users SET nickname = '50%_a\\b' WHERE id = ${user.user_id}`
    for (const query of [user.username.toUpperCase(), '50%', '%_a', 'a\\b']) {
      expect((await found(query)).map(({ user_id: id }) => id)).toEqual([user.user_id])
    }
    expect(await found('5_%')).toEqual([])
    expect((await found(user.username))[0]).toMatchObject({
      ...{ role: 'USER', disabled_at: null, balance_krw: STARTING_CASH, held_krw: '0' },
      last_sign_in_at: expect.any(String) as string,
    })
  })

  it.each(['limit=0', 'limit=201', 'cursor=%00', 'cursor=AA', 'query=%00'])(
    'refuses %s',
    async (query) => {
      expect(problemIn(await act(`${USERS}?${query}`))[0]).toBe(400)
    },
  )
})

describe('shutting a user out', () => {
  it('ends his sign-ins and keys at once, until he is let in again', async () => {
    const user = await world.signedIn()
    const call = { body: { name: 'bot' }, token: user.access_token }
    const { body: key } = await world.call<CreatedApiKey>('/api/v1/api-keys', call)
    expect((await act(`${USERS}/${user.user_id}/disable`, { method: 'POST' })).status).toBe(204)
    expect((await world.call('/api/v1/users/me', { token: user.access_token })).status).toBe(401)
    const headers = { 'x-api-key': key.api_key }
    expect((await world.call('/api/v1/orders', { headers })).status).toBe(401)
    const credentials = { username: user.username, password: PASSWORD }
    expect((await world.call(SIGN_IN, { body: credentials })).status).toBe(401)
    const refresh = { body: { refresh_token: user.refresh_token } }
    expect((await world.call('/api/v1/login/refresh', refresh)).status).toBe(401)
    for (const expected of [
      { kind: 'key', id: key.api_key_id },
      { kind: 'user', id: user.user_id },
      { kind: 'session' },
    ]) {
      expect(announced).toContainEqual(expect.objectContaining(expected))
    }
    // Twice is once.
    expect((await act(`${USERS}/${user.user_id}/disable`, { method: 'POST' })).status).toBe(204)
    expect((await act(`${USERS}/${user.user_id}/enable`, { method: 'POST' })).status).toBe(204)
    expect((await world.call(SIGN_IN, { body: credentials })).status).toBe(200)
    expect((await world.call('/api/v1/orders', { headers })).status).toBe(401)
    const actions = (await auditOf(user.user_id)).map(({ action }) => action)
    expect(actions.filter((action) => action === 'user_disabled')).toHaveLength(1)
    expect(actions).toContain('user_enabled')
  })

  it('needs a user that exists', async () => {
    for (const [what, method, body] of [
      ['disable', 'POST', undefined],
      ['enable', 'POST', undefined],
      ['role', 'PUT', { role: 'USER' }],
      ['role', 'PUT', { role: 'ADMIN' }],
      ['adjustments', 'POST', { adjustment_id: randomUUID(), amount_krw: '1', reason: 'x' }],
    ] as const) {
      const path = `${USERS}/${randomUUID()}/${what}`
      const answer = await act(path, { method, ...(body ? { body } : {}) })
      expect(problemIn(answer)).toEqual([404, 'not-found'])
    }
  })
})

describe('the last admin', () => {
  it('stays one, even when two undo each other at once', async () => {
    const admins = [admin, await newAdmin()]
    await world.sql`
      UPDATE users SET role = 'USER' WHERE role = 'ADMIN'
        AND id NOT IN ${world.sql(admins.map(({ user_id: id }) => id))}`
    const answers = await Promise.all(
      admins.map((one, index) =>
        world.call(`${USERS}/${admins[1 - index]!.user_id}/role`, {
          ...{ method: 'PUT', body: { role: 'USER' }, token: one.access_token },
        }),
      ),
    )
    const [row] = await world.sql`SELECT count(*)::int AS count FROM users WHERE role = 'ADMIN'`
    expect(row!.count).toBe(1)
    expect(answers.filter(({ status }) => status === 204)).toHaveLength(1)
    await world.sql`UPDATE users SET role = 'ADMIN' WHERE id = ${admin.user_id}`
    await world.sql`UPDATE users SET role = 'USER' WHERE id = ${admins[1]!.user_id}`
    admin = { ...admin, ...(await signIn(admin)) }
    for (const [what, method, body] of [
      ['disable', 'POST', undefined],
      ['role', 'PUT', { role: 'USER' }],
    ] as const) {
      const answer = await act(`${USERS}/${admin.user_id}/${what}`, {
        ...{ method, ...(body ? { body } : {}) },
      })
      expect(problemIn(answer)).toEqual([409, 'last-admin'])
    }
  })

  it('may make another, whose tokens of before end', async () => {
    const user = await world.signedIn()
    const call = { method: 'PUT', body: { role: 'ADMIN' } }
    expect((await act(`${USERS}/${user.user_id}/role`, call)).status).toBe(204)
    expect((await world.call('/api/v1/users/me', { token: user.access_token })).status).toBe(401)
    const again = await signIn(user)
    expect((await world.call(USERS, { token: again.access_token })).status).toBe(200)
  })
})

describe('an adjustment', () => {
  const adjust = (user: User, wishes: Record<string, unknown>) =>
    act<Adjustment>(`${USERS}/${user.user_id}/adjustments`, {
      body: { adjustment_id: randomUUID(), reason: 'a prize', ...wishes },
    })

  it('moves the wallet and the ledger together, up and down', async () => {
    const user = await world.signedIn()
    const given = await adjust(user, { amount_krw: '5000.5' })
    expect(given.status).toBe(201)
    expect(given.body).toMatchObject({ amount_krw: '5000.5', balance_krw: '100005000.5' })
    const taken = await adjust(user, { amount_krw: '-100005000.49999999' })
    expect(taken.body.balance_krw).toBe('0.00000001')
    const entries = await world.sql`
      SELECT debit_account, credit_account, amount, source_id FROM ledger_entries
      WHERE user_id = ${user.user_id} AND kind = 'adjustment' ORDER BY amount`
    expect(entries).toMatchObject([
      { debit_account: 'CASH', credit_account: 'GRANT', amount: '5000.50000000' },
      { debit_account: 'GRANT', credit_account: 'CASH', amount: '100005000.49999999' },
    ])
    expect(entries[0]!.source_id).toBe(given.body.adjustment_id)
    const [entry] = await auditOf(user.user_id)
    expect(entry).toMatchObject({
      ...{ action: 'balance_adjusted', actor_id: admin.user_id, target: `user:${user.user_id}` },
      detail: { reason: 'a prize', amount_krw: '-100005000.49999999' },
    })
    const notices = await world.sql`SELECT kind FROM notices WHERE user_id = ${user.user_id}`
    expect(notices.map(({ kind }) => kind as string)).toEqual(Array(2).fill('account_adjusted'))
  })

  it('is booked once, however often it is sent', async () => {
    const user = await world.signedIn()
    const wishes = { adjustment_id: randomUUID(), amount_krw: '1000' }
    const answers = await Promise.all(Array.from({ length: 6 }, () => adjust(user, wishes)))
    expect(answers.map(({ status }) => status)).toEqual(Array(6).fill(201))
    expect(new Set(answers.map(({ body }) => JSON.stringify(body))).size).toBe(1)
    expect((await found(user.username))[0]!.balance_krw).toBe('100001000')
    for (const other of [{ amount_krw: '1001' }, { amount_krw: '-1000' }, { reason: 'another' }]) {
      const answer = await adjust(user, { ...wishes, ...other })
      expect(problemIn(answer)).toEqual([422, 'adjustment-mismatch'])
    }
    const stolen = await adjust(user, { adjustment_id: user.user_id, amount_krw: '1' })
    expect(problemIn(stolen)).toEqual([422, 'adjustment-mismatch'])
  })

  it('takes what is free, and nothing that is held', async () => {
    const user = await world.signedIn()
    await world.sql`UPDATE wallets SET held_krw = 30000000 WHERE user_id = ${user.user_id}`
    const tooMuch = await adjust(user, { amount_krw: '-70000000.00000001' })
    expect(problemIn(tooMuch)).toEqual([422, 'insufficient-funds'])
    expect((await adjust(user, { amount_krw: '-70000000' })).body.balance_krw).toBe('30000000')
    await world.sql`UPDATE wallets SET held_krw = 0 WHERE user_id = ${user.user_id}`
  })

  it.each([
    ['nothing', { amount_krw: '0' }, '#/amount_krw'],
    ['a number', { amount_krw: 5 }, '#/amount_krw'],
    ['an exponent', { amount_krw: '1e5' }, '#/amount_krw'],
    ['nine places', { amount_krw: '0.000000001' }, '#/amount_krw'],
    ['more than a wallet holds', { amount_krw: '999999999999' }, '#/amount_krw'],
    ['no reason', { amount_krw: '1', reason: ' ' }, '#/reason'],
    ['NUL in the reason', { amount_krw: '1', reason: 'a\u0000' }, '#/reason'],
    ['an id that may be an order’s', { amount_krw: '1', adjustment_id: V5 }, '#/adjustment_id'],
  ])('refuses %s', async (_what, wishes, pointer) => {
    const user = await world.signedIn()
    const answer = await adjust(user, wishes)
    expect(problemIn(answer).slice(0, 3)).toEqual([400, 'invalid-request', pointer])
  })

  it('leaves the books sound', async () => {
    const books = await readBooks(world.sql)
    const snapshot = { ...books, waiting: [] }
    expect(snapshot.ledger.filter(({ kind }) => kind === 'adjustment').length).toBeGreaterThan(3)
    const startingCashKrw = decimal(STARTING_CASH)
    expect(judgeBooks({ journal: new Journal(), snapshot, startingCashKrw })).toEqual([])
  })
})

describe('the audit log', () => {
  it('reads newest first, page by page', async () => {
    const all = (await act<AuditList>(`${AUDIT}?limit=200&action=balance_adjusted`)).body
    expect(all.entries.length).toBeGreaterThan(3)
    const first = (await act<AuditList>(`${AUDIT}?limit=2&action=balance_adjusted`)).body
    const next = `${AUDIT}?limit=200&action=balance_adjusted&cursor=${first.next_cursor}`
    const rest = (await act<AuditList>(next)).body
    expect([...first.entries, ...rest.entries]).toEqual(all.entries)
    expect(all.entries.every(({ action }) => action === 'balance_adjusted')).toBe(true)
    expect(problemIn(await act(`${AUDIT}?cursor=x`))[0]).toBe(400)
    expect(problemIn(await act(`${AUDIT}?action=DROP`))[0]).toBe(400)
  })

  it('can be added to, and nothing else', async () => {
    for (const statement of [
      world.sql`UPDATE audit_log SET action = 'x'`,
      world.sql`DELETE FROM audit_log`,
      world.sql`TRUNCATE audit_log`,
    ]) {
      await expect(statement).rejects.toThrow('append-only')
    }
  })
})
