// API keys over HTTP, on a real Postgres: made, used, replaced, revoked, and found suspicious.

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parseApiKey, secretHash } from '@motu/shared/api-key.ts'
import type { UsageReport, VerifiedKey } from '@motu/shared/api-key-calls.ts'
import {
  ACTIVE_KEYS_PER_USER_MAX,
  type ApiKeyList,
  type ApiKeyView,
  type CreatedApiKey,
} from '@motu/shared/contract/api-keys.ts'
import { CLIENT_ADDRESS_HEADER } from '@motu/shared/internal.ts'
import type { Revocation } from '@motu/shared/upstream.ts'
import { createWorld, problemIn, type World } from './world.ts'

const KEYS = '/api/v1/api-keys'
const ORDERS = '/api/v1/orders'
const VERIFY = '/internal/api-keys/verify'
const USAGE = '/internal/api-keys/usage'

let world: World
const announced: Revocation[] = []
beforeAll(async () => {
  world = await createWorld()
  await world.bus.subscribe('revocations', (some) => void announced.push(...some))
})
afterAll(() => world.close())

type User = Awaited<ReturnType<World['signedIn']>>

async function create(user: User, wishes: Record<string, unknown> = {}): Promise<CreatedApiKey> {
  const body = { name: 'bot', ...wishes }
  const answer = await world.call<CreatedApiKey>(KEYS, { body, token: user.access_token })
  if (answer.status !== 201) throw new Error(JSON.stringify(answer.body))
  return answer.body
}

async function listed(user: User): Promise<ApiKeyView[]> {
  const answer = await world.call<ApiKeyList>(KEYS, { token: user.access_token })
  return answer.body.api_keys
}

/** The status of a read with a key. */
async function readWith(key: string, address = '203.0.113.9'): Promise<number> {
  const headers = { 'x-api-key': key, [CLIENT_ADDRESS_HEADER]: address }
  return (await world.call(ORDERS, { headers })).status
}

const verify = (key: string) =>
  world.call<VerifiedKey>(VERIFY, {
    body: { key_id: parseApiKey(key)!.keyId, secret_sha256: secretHash(key) },
  })

async function auditOf(target: string): Promise<Record<string, unknown>[]> {
  return world.sql`
    SELECT action, actor_id, actor_via, detail FROM audit_log WHERE target = ${target} ORDER BY id`
}

describe('a new key', () => {
  it('is shown once and kept as a hash', async () => {
    const user = await world.signedIn()
    const { api_key: text, ...view } = await create(user)
    expect(parseApiKey(text)?.keyId).toBe(view.api_key_id)
    expect(view).toMatchObject({
      ...{ name: 'bot', prefix: `motu_${view.api_key_id}`, scopes: ['read'] },
      ...{ allowed_networks: [], quota_per_minute: 600, is_active: true, expires_at: null },
    })
    expect(await listed(user)).toEqual([view])
    const [row] = await world.sql`SELECT * FROM api_keys WHERE id = ${view.api_key_id}`
    expect(row!.secret_sha256).toBe(secretHash(text))
    expect(JSON.stringify(row)).not.toContain(parseApiKey(text)!.secret)
    const [entry] = await auditOf(`key:${view.api_key_id}`)
    expect(entry).toMatchObject({ action: 'api_key_created', actor_id: user.user_id })
    const log = await world.sql`SELECT a::text AS entry FROM audit_log a`
    expect(log.map((row) => row.entry as string).join()).not.toContain(text)
  })

  it('reads what is its owner’s, and may not trade unless it was asked for', async () => {
    const user = await world.signedIn()
    const { api_key: key } = await create(user)
    expect(await readWith(key)).toBe(200)
    expect((await verify(key)).body).toEqual({
      ...{ user_id: user.user_id, role: 'USER', scopes: ['read'], allowed_networks: [] },
      ...{ quota_per_minute: 600, expires_at: null },
    })
    const { api_key: trader } = await create(user, { scopes: ['trade', 'read', 'trade'] })
    expect((await verify(trader)).body.scopes).toEqual(['trade', 'read'])
  })

  it('manages no keys, not even itself', async () => {
    const key = await create(await world.signedIn(), { scopes: ['read', 'trade'] })
    const headers = { 'x-api-key': key.api_key }
    expect(problemIn(await world.call(KEYS, { headers }))).toEqual([403, 'forbidden'])
    const revoke = { method: 'DELETE', headers }
    const answer = await world.call(`${KEYS}/${key.api_key_id}`, revoke)
    expect(problemIn(answer)).toEqual([403, 'forbidden'])
  })

  it('is refused beside a token', async () => {
    const user = await world.signedIn()
    const { api_key: key } = await create(user)
    const both = { token: user.access_token, headers: { 'x-api-key': key } }
    expect(problemIn(await world.call(ORDERS, both))).toEqual([400, 'invalid-request'])
  })

  it.each([
    ['no name', { name: ' ' }, '#/name'],
    ['control characters', { name: 'a\u0000b' }, '#/name'],
    ['no scope', { scopes: [] }, '#/scopes'],
    ['a scope there is not', { scopes: ['write'] }, '#/scopes/0'],
    ['an address for a network', { allowed_networks: ['203.0.113.9'] }, '#/allowed_networks/0'],
    ['a name for a network', { allowed_networks: ['here/8'] }, '#/allowed_networks/0'],
    ['a network too wide', { allowed_networks: ['203.0.113.0/33'] }, '#/allowed_networks/0'],
    ['no quota', { quota_per_minute: 0 }, '#/quota_per_minute'],
    ['too much', { quota_per_minute: 100_001 }, '#/quota_per_minute'],
    ['an end that has passed', { expires_at: '2020-01-01T00:00:00Z' }, '#/expires_at'],
    ['an end that is none', { expires_at: 'soon' }, '#/expires_at'],
    ['a key of one’s own', { api_key: 'motu_x' }, '#'],
  ])('is not made with %s', async (_what, wishes, pointer) => {
    const { access_token: token } = await world.signedIn()
    const answer = await world.call(KEYS, { body: { name: 'bot', ...wishes }, token })
    expect(problemIn(answer).slice(0, 3)).toEqual([400, 'invalid-request', pointer])
  })

  it('administers nothing in the hands of one who is no admin', async () => {
    const user = await world.signedIn()
    const body = { name: 'bot', scopes: ['admin'] }
    const answer = await world.call(KEYS, { body, token: user.access_token })
    expect(problemIn(answer)).toEqual([403, 'forbidden', '#/scopes'])
  })

  it('is one of twenty at the most, however many are asked for at once', async () => {
    const user = await world.signedIn()
    const answers = await Promise.all(
      Array.from({ length: ACTIVE_KEYS_PER_USER_MAX + 5 }, () =>
        world.call<CreatedApiKey>(KEYS, { body: { name: 'bot' }, token: user.access_token }),
      ),
    )
    const made = answers.filter(({ status }) => status === 201)
    expect(made).toHaveLength(ACTIVE_KEYS_PER_USER_MAX)
    const refused = answers.find(({ status }) => status !== 201)!
    expect(problemIn(refused)).toEqual([409, 'too-many-api-keys'])
    await world.call(`${KEYS}/${made[0]!.body.api_key_id}`, {
      method: 'DELETE',
      token: user.access_token,
    })
    await create(user)
  })
})

describe('a key is no key', () => {
  it('with another secret, or checksum, or when nobody made it', async () => {
    const { api_key: key } = await create(await world.signedIn())
    const other = await create(await world.signedIn())
    expect(await readWith(`${key.slice(0, -1)}${key.endsWith('0') ? '1' : '0'}`)).toBe(401)
    const asked = { key_id: parseApiKey(key)!.keyId, secret_sha256: secretHash(other.api_key) }
    const answer = await world.call(VERIFY, { body: asked })
    expect(problemIn(answer)).toEqual([404, 'not-found'])
    const unknown = { ...asked, key_id: 'AAAAAAAAAAAA' }
    expect(problemIn(await world.call(VERIFY, { body: unknown }))[0]).toBe(404)
    const senseless = { ...asked, secret_sha256: 'AB' }
    expect(problemIn(await world.call(VERIFY, { body: senseless }))[0]).toBe(400)
  })

  it('from the moment it expires', async () => {
    const endMs = world.clock.nowMs + 60_000
    const user = await world.signedIn()
    const { api_key: key } = await create(user, { expires_at: new Date(endMs).toISOString() })
    world.clock.nowMs = endMs - 1
    expect(await readWith(key)).toBe(200)
    world.clock.nowMs = endMs
    expect(await readWith(key)).toBe(401)
    expect(problemIn(await verify(key))[0]).toBe(404)
    expect((await listed(user))[0]).toMatchObject({ is_active: false })
  })

  it('outside its networks', async () => {
    const networks = { allowed_networks: ['203.0.113.0/24', '2001:db8::/32'] }
    const { api_key: key } = await create(await world.signedIn(), networks)
    for (const inside of ['203.0.113.0', '203.0.113.255', '::ffff:203.0.113.9', '2001:db8::1']) {
      expect(await readWith(key, inside), inside).toBe(200)
    }
    for (const outside of ['203.0.112.255', '203.0.114.0', '2001:db9::1', 'unknown', '']) {
      expect(await readWith(key, outside), outside).toBe(401)
    }
  })

  it('of a user who is disabled', async () => {
    const user = await world.signedIn()
    const { api_key: key } = await create(user)
    await world.sql`UPDATE users SET disabled_at = now() WHERE id = ${user.user_id}`
    expect(await readWith(key)).toBe(401)
    expect(problemIn(await verify(key))[0]).toBe(404)
  })
})

describe('revoking a key', () => {
  it('ends it for good, tells everyone, and keeps it in the list', async () => {
    const user = await world.signedIn()
    const { api_key: key, api_key_id: id } = await create(user)
    const call = { method: 'DELETE', token: user.access_token }
    expect((await world.call(`${KEYS}/${id}`, call)).status).toBe(204)
    expect(await readWith(key)).toBe(401)
    expect((await listed(user))[0]).toMatchObject({ is_active: false, revoked_reason: 'revoked' })
    expect(announced).toContainEqual(expect.objectContaining({ kind: 'key', id }))
    expect((await world.call(`${KEYS}/${id}`, call)).status).toBe(204)
    const actions = (await auditOf(`key:${id}`)).map(({ action }) => action)
    expect(actions).toEqual(['api_key_created', 'api_key_revoked'])
  })

  it('is for its owner only', async () => {
    const owner = await world.signedIn()
    const { api_key: key, api_key_id: id } = await create(owner)
    const { access_token: token } = await world.signedIn()
    for (const [path, method] of [
      [`${KEYS}/${id}`, 'DELETE'],
      [`${KEYS}/${id}/rotate`, 'POST'],
      [`${KEYS}/AAAAAAAAAAAA`, 'DELETE'],
    ] as const) {
      const answer = await world.call(path, {
        method,
        token,
        ...(method === 'POST' && { body: {} }),
      })
      expect(problemIn(answer)).toEqual([404, 'not-found'])
    }
    expect(await readWith(key)).toBe(200)
  })
})

describe('rotating a key', () => {
  it('ends the old one at once, and keeps its settings', async () => {
    const user = await world.signedIn()
    const wishes = { scopes: ['trade'], quota_per_minute: 7, allowed_networks: ['203.0.113.0/24'] }
    const old = await create(user, wishes)
    const call = { body: {}, token: user.access_token }
    const answer = await world.call<CreatedApiKey>(`${KEYS}/${old.api_key_id}/rotate`, call)
    expect(answer.status).toBe(201)
    expect(answer.body).toMatchObject({ ...wishes, name: 'bot', is_active: true })
    expect(await readWith(old.api_key)).toBe(401)
    expect(await readWith(answer.body.api_key)).toBe(200)
    const [kept] = (await listed(user)).filter(({ api_key_id: id }) => id === old.api_key_id)
    const { api_key_id: replacedBy } = answer.body
    expect(kept).toMatchObject({ revoked_reason: 'rotated', replaced_by: replacedBy })
    expect(announced).toContainEqual(expect.objectContaining({ kind: 'key', id: old.api_key_id }))
    expect((await world.call(`${KEYS}/${old.api_key_id}/rotate`, call)).status).toBe(404)
  })

  it('takes no body for no grace', async () => {
    const user = await world.signedIn()
    const old = await create(user)
    const call = { method: 'POST', token: user.access_token }
    expect((await world.call(`${KEYS}/${old.api_key_id}/rotate`, call)).status).toBe(201)
    expect(await readWith(old.api_key)).toBe(401)
  })

  it('leaves the old one its grace, and not a moment more', async () => {
    const user = await world.signedIn()
    const old = await create(user)
    const body = { grace_seconds: 60 }
    const path = `${KEYS}/${old.api_key_id}/rotate`
    const next = await world.call<CreatedApiKey>(path, { body, token: user.access_token })
    expect(next.body.expires_at).toBeNull()
    const startMs = world.clock.nowMs
    world.clock.nowMs = startMs + 59_999
    expect(await readWith(old.api_key)).toBe(200)
    world.clock.nowMs = startMs + 60_000
    expect(await readWith(old.api_key)).toBe(401)
    expect(await readWith(next.body.api_key)).toBe(200)
    expect(announced.map(({ id }) => id)).not.toContain(old.api_key_id)
    await world.call(USAGE, { body: { uses: [], refusals: [] } })
    expect(announced).toContainEqual(expect.objectContaining({ kind: 'key', id: old.api_key_id }))
    const [kept] = (await listed(user)).filter(({ api_key_id: id }) => id === old.api_key_id)
    expect(kept).toMatchObject({ is_active: false, revoked_reason: 'rotated' })
  })

  it('happens once, of many at once', async () => {
    const user = await world.signedIn()
    const { api_key_id: id } = await create(user)
    const answers = await Promise.all(
      Array.from({ length: 8 }, () =>
        world.call(`${KEYS}/${id}/rotate`, { body: {}, token: user.access_token }),
      ),
    )
    expect(answers.map(({ status }) => status).toSorted()).toEqual([201, ...Array(7).fill(404)])
    expect((await listed(user)).filter((key) => key.is_active)).toHaveLength(1)
  })

  it.each([-1, 604_801, 0.5, '60'])('refuses a grace of %j seconds', async (seconds) => {
    const user = await world.signedIn()
    const { api_key_id: id } = await create(user)
    const call = { body: { grace_seconds: seconds }, token: user.access_token }
    const answer = await world.call(`${KEYS}/${id}/rotate`, call)
    expect(problemIn(answer)).toEqual([400, 'invalid-request', '#/grace_seconds'])
  })
})

describe('a report of the edge', () => {
  const tell = (report: UsageReport) => world.call(USAGE, { body: report })
  const instant = (ms: number): string => new Date(world.clock.nowMs + ms).toISOString()
  const use = (keyId: string, address: string, ms = 0) => ({
    ...{ key_id: keyId, address, count: 3, first_at: instant(ms - 1_000), last_at: instant(ms) },
  })

  it('notes the last use, and never an older one', async () => {
    const user = await world.signedIn()
    const { api_key_id: id } = await create(user)
    const uses = [use(id, '203.0.113.1', -500), use(id, '203.0.113.2', -100)]
    expect((await tell({ uses, refusals: [] })).status).toBe(204)
    await tell({ uses: [use(id, '203.0.113.3', -5_000)], refusals: [] })
    expect((await listed(user))[0]).toMatchObject({
      ...{ last_used_at: uses[1]!.last_at, last_used_address: '203.0.113.2' },
    })
  })

  it('writes refusals down, the largest, and how many others there were', async () => {
    const [before] = await world.sql`SELECT coalesce(max(id), 0) AS id FROM audit_log`
    const refusals = Array.from({ length: 150 }, (_, index) => ({
      ...{ code: 'unauthenticated', route: 'GET /api/v1/orders', address: `203.0.113.${index}` },
      count: 1 + index,
    }))
    expect((await tell({ uses: [], refusals })).status).toBe(204)
    const rows = await world.sql`
      SELECT action, address, detail FROM audit_log WHERE id > ${before!.id} ORDER BY id`
    expect(rows).toHaveLength(101)
    const detail = { code: 'unauthenticated', route: 'GET /api/v1/orders', count: 150 }
    expect(rows[0]).toEqual({ action: 'refused', address: '203.0.113.149', detail })
    expect(rows[100]!.detail).toEqual({ others: 50, count: (50 * 51) / 2 })
  })

  it('ends a key whose use is suspicious, and its owner reads why', async () => {
    const user = await world.signedIn()
    const { api_key: key, api_key_id: id } = await create(user)
    const five = Array.from({ length: 5 }, (_, index) => use(id, `10.${index}.0.1`))
    await tell({ uses: five, refusals: [] })
    expect(await readWith(key)).toBe(200)
    await tell({ uses: [use(id, '10.9.0.1')], refusals: [] })
    expect(await readWith(key)).toBe(401)
    expect((await listed(user))[0]).toMatchObject({ revoked_reason: 'many-networks' })
    expect(announced).toContainEqual(expect.objectContaining({ kind: 'key', id }))
    expect((await auditOf(`user:${user.user_id}`)).at(-1)).toMatchObject({
      ...{ action: 'api_key_auto_revoked', actor_via: 'system' },
      detail: { api_key_id: id, rule: 'many-networks', seen: 6 },
    })
    const notices =
      await world.sql`SELECT kind, detail FROM notices WHERE user_id = ${user.user_id}`
    const told = { api_key_id: id, name: 'bot', reason: 'many-networks' }
    expect(notices).toEqual([{ kind: 'api_key_revoked', detail: told }])
  })

  it('counts for nothing when it is senseless', async () => {
    const senseless = { uses: [{ key_id: 'x' }], refusals: [] }
    expect(problemIn(await world.call(USAGE, { body: senseless }))[0]).toBe(400)
    const uses = [use('AAAAAAAAAAAA', 'a'.repeat(64))]
    expect((await tell({ uses, refusals: [] })).status).toBe(204)
  })
})
