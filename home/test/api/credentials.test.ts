// Exchange credentials over HTTP and in the database: closed, bound to their owner, given a new key.

import { randomUUID } from 'node:crypto'
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Exchange, ExchangeCredentials } from '@motu/shared/contract/credentials.ts'
import { closeBox, openBox } from '../../src/api/credential-box.ts'
import { openKeyRing, rotateKeyRing } from '../../src/api/credential-keys.ts'
import { type KeptBox, listBoxesOfOtherKeys } from '../../src/api/queries/credentials.ts'
import { rotateCredentials } from '../../src/api/rotate-credentials.ts'
import { createWorld, problemIn, type World } from './world.ts'

const PATH = '/api/v1/exchange-credentials'
const SECRETS = { api_key: 'the access key', api_secret: 'a very secret secret' }

let world: World
let folder: string
let file: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'motu-ring-'))
  file = join(folder, 'keys', 'ring.json')
  world = await createWorld(undefined, { MOTU_CREDENTIAL_KEYS_FILE: file })
})
afterAll(async () => {
  await world.close()
  await rm(folder, { recursive: true })
})
beforeEach(() => world.sql`DELETE FROM exchange_credentials`)

type User = Awaited<ReturnType<World['signedIn']>>

const put = (user: User, exchange: Exchange, body: Record<string, unknown> = SECRETS) =>
  world.call<ExchangeCredentials>(`${PATH}/${exchange}`, {
    ...{ method: 'PUT', body, token: user.access_token },
  })

/** All that is kept, whatever key closed it. */
const boxes = (): Promise<KeptBox[]> => listBoxesOfOtherKeys(world.sql, 'none', 1_000)

describe('the keys of an exchange', () => {
  it('come in, and never out', async () => {
    const user = await world.signedIn()
    const kept = await put(user, 'okx', { ...SECRETS, passphrase: 'and a phrase' })
    expect([kept.status, Object.keys(kept.body).toSorted()]).toEqual([
      200,
      ['created_at', 'exchange', 'updated_at'],
    ])
    const call = { token: user.access_token }
    expect((await world.call(PATH, call)).body).toEqual({ credentials: [kept.body] })
    expect((await world.call(`${PATH}/okx`, call)).body).toEqual(kept.body)
    const [box] = await boxes()
    const ring = await openKeyRing(file)
    expect(openBox(ring, box!.label, box!.box)).toEqual({ ...SECRETS, passphrase: 'and a phrase' })
    const [row] = await world.sql`
      SELECT encode(ciphertext, 'escape') AS text FROM exchange_credentials`
    expect(row!.text).not.toContain('secret')
    const log = await world.sql`SELECT a::text AS text FROM audit_log a`
    expect(log.map(({ text }) => text as string).join()).not.toContain('secret secret')
    expect((await stat(file)).mode & 0o777).toBe(0o600)
  })

  it('replace those before them', async () => {
    const user = await world.signedIn()
    const first = await put(user, 'upbit')
    world.clock.nowMs += 1_000
    const second = await put(user, 'upbit', { ...SECRETS, api_key: 'another' })
    expect(second.body.created_at).toBe(first.body.created_at)
    expect(second.body.updated_at > first.body.updated_at).toBe(true)
    const [box, ...others] = await boxes()
    expect(others).toEqual([])
    expect(openBox(await openKeyRing(file), box!.label, box!.box).api_key).toBe('another')
  })

  it('are forgotten when their owner says so, and are nobody else’s to see', async () => {
    const [user, other] = [await world.signedIn(), await world.signedIn()]
    await put(user, 'upbit')
    const theirs = { token: other.access_token }
    expect((await world.call(PATH, theirs)).body).toEqual({ credentials: [] })
    for (const call of [theirs, { ...theirs, method: 'DELETE' }]) {
      expect(problemIn(await world.call(`${PATH}/upbit`, call))).toEqual([404, 'not-found'])
    }
    const forget = { method: 'DELETE', token: user.access_token }
    expect((await world.call(`${PATH}/upbit`, forget)).status).toBe(204)
    expect(await boxes()).toEqual([])
  })

  it.each([
    ['no secret', { api_key: 'x' }, '#/api_secret'],
    ['an empty one', { ...SECRETS, api_secret: '' }, '#/api_secret'],
    ['too long a one', { ...SECRETS, api_key: 'x'.repeat(513) }, '#/api_key'],
  ])('are refused with %s', async (_what, body, pointer) => {
    const answer = await put(await world.signedIn(), 'upbit', body)
    expect(problemIn(answer)).toEqual([400, 'invalid-request', pointer])
  })

  it('are taken for exchanges there are', async () => {
    const answer = await put(await world.signedIn(), 'ftx' as Exchange)
    expect(problemIn(answer).slice(0, 2)).toEqual([400, 'invalid-request'])
  })
})

describe('a box', () => {
  const label = { userId: randomUUID(), exchange: 'upbit' }

  it('opens for its label only, and unchanged only', async () => {
    const ring = await openKeyRing(file)
    const box = closeBox(ring, label, SECRETS)
    expect(openBox(ring, label, box)).toEqual(SECRETS)
    expect(closeBox(ring, label, SECRETS).nonce).not.toEqual(box.nonce)
    expect(() => openBox(ring, { ...label, userId: randomUUID() }, box)).toThrow()
    expect(() => openBox(ring, { ...label, exchange: 'okx' }, box)).toThrow()
    for (let index = 0; index < box.ciphertext.length; index += 1) {
      const ciphertext = Buffer.from(box.ciphertext)
      ciphertext[index]! ^= 1
      expect(() => openBox(ring, label, { ...box, ciphertext })).toThrow()
    }
    expect(() => openBox(ring, label, { ...box, keyId: 'gone' })).toThrow('not in the ring')
  })
})

describe('a rotation', () => {
  it('closes every box anew, and drops the keys that close none', async () => {
    const users = [await world.signedIn(), await world.signedIn()]
    for (const user of users) await put(user, 'upbit', { ...SECRETS, api_key: user.username })
    const before = await openKeyRing(file)
    const done = await rotateCredentials(world.sql, file)
    expect(done).toMatchObject({ count: 2 })
    expect(done.keyId).not.toBe(before.current)
    const after = await openKeyRing(file)
    for (const { label, box } of await boxes()) {
      expect(box.keyId).toBe(done.keyId)
      const owner = users.find(({ user_id: id }) => id === label.userId)!
      expect(openBox(after, label, box).api_key).toBe(owner.username)
    }
    // A process that was about to write with the key before may still do so.
    expect(Object.keys(after.keys).toSorted()).toEqual([before.current, done.keyId].toSorted())
    await rotateCredentials(world.sql, file)
    expect(Object.keys((await openKeyRing(file)).keys)).not.toContain(before.current)
    expect((await stat(file)).mode & 0o777).toBe(0o600)
  })

  it('runs under traffic, and loses nothing', async () => {
    const user = await world.signedIn()
    const exchanges = ['upbit', 'binance', 'okx', 'bybit'] as const
    const traffic = Promise.all(
      Array.from({ length: 20 }, (_, index) => put(user, exchanges[index % 4]!)),
    )
    for (let round = 0; round < 3; round += 1) await rotateCredentials(world.sql, file)
    expect(new Set((await traffic).map(({ status }) => status))).toEqual(new Set([200]))
    const ring = await openKeyRing(file)
    const kept = await boxes()
    expect(kept).toHaveLength(4)
    for (const { label, box } of kept) expect(openBox(ring, label, box)).toEqual(SECRETS)
  })

  it('runs alone', async () => {
    const inside = rotateKeyRing(file, async () => {
      await expect(rotateCredentials(world.sql, file)).rejects.toThrow('Another rotation runs')
      return []
    })
    await inside
    await rotateCredentials(world.sql, file)
  })
})

describe('the file of the keys', () => {
  it('is made once, of many who need it at once', async () => {
    const fresh = join(folder, 'fresh', 'ring.json')
    const rings = await Promise.all(Array.from({ length: 8 }, () => openKeyRing(fresh)))
    expect(new Set(rings.map(({ current }) => current)).size).toBe(1)
  })

  it.each([
    '',
    '{}',
    'no JSON',
    '{"current":"a","keys":{"a":"c2hvcnQ="}}',
    '{"current":"a","keys":{}}',
  ])('is refused, and left alone, when it says %j', async (text) => {
    const broken = join(folder, `${randomUUID()}.json`)
    await writeFile(broken, text)
    await expect(openKeyRing(broken)).rejects.toThrow('holds no credential keys')
    expect(await readFile(broken, 'utf8')).toBe(text)
  })
})
