// Devices that take pushes, over HTTP: added, taken over, removed; and only where a browser's own push
// service is.

import { randomUUID } from 'node:crypto'
import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { PUSH_DEVICES_MAX, type PushDevice, type PushDevices } from '@motu/shared/contract/push.ts'
import { openPushKey, publicPushKey } from '../../src/push-keys.ts'
import { keysOf, newDevice } from '../notifier/push-device.ts'
import { type Answer, createWorld, problemIn, type World } from './world.ts'

const PATH = '/api/v1/push/devices'
const AGENT = { 'user-agent': 'Mozilla/5.0 (Android 16)' }

let folder: string
let world: World
let token: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'motu-push-'))
  world = await createWorld(undefined, { MOTU_PUSH_KEY_FILE: join(folder, 'keys', 'push.json') })
})
afterAll(async () => {
  await world.close()
  await rm(folder, { recursive: true })
})
beforeEach(async () => {
  token = (await world.signedIn()).access_token
})

const subscription = (changes: object = {}) => ({
  endpoint: `https://fcm.googleapis.com/fcm/send/${randomUUID()}`,
  keys: keysOf(newDevice()),
  ...changes,
})
const add = (body: unknown, as = token): Promise<Answer<PushDevice>> =>
  world.call(PATH, { body, token: as, headers: AGENT })
const list = async (as = token): Promise<PushDevices> =>
  (await world.call<PushDevices>(PATH, { token: as })).body
const remove = (id: string, as = token): Promise<Answer> =>
  world.call(`${PATH}/${id}`, { method: 'DELETE', token: as })

it('are listed with the key to add one with, which is made once', async () => {
  const file = join(folder, 'keys', 'push.json')
  const { public_key: key, devices } = await list()
  expect(devices).toEqual([])
  expect(Buffer.from(key, 'base64url')).toHaveLength(65)
  expect(publicPushKey(await openPushKey(file))).toBe(key)
  expect((await stat(file)).mode & 0o777).toBe(0o600)
  expect((await list()).public_key).toBe(key)
})

it('are added once, whatever is repeated, and removed', async () => {
  const one = subscription()
  const added = await add(one)
  expect([added.status, added.body]).toMatchObject([201, { user_agent: AGENT['user-agent'] }])
  expect((await add(one)).body.device_id).toBe(added.body.device_id)
  // The endpoint is a secret: whoever has it may write there.
  expect(JSON.stringify(await list())).not.toContain(one.endpoint)
  expect((await list()).devices).toEqual([added.body])
  expect((await remove(added.body.device_id)).status).toBe(204)
  expect(problemIn(await remove(added.body.device_id))).toEqual([404, 'not-found'])
})

it('belong to who signed in on them last', async () => {
  const one = subscription()
  const { body: first } = await add(one)
  const other = (await world.signedIn()).access_token
  const { body: second } = await add(one, other)
  expect(second.device_id).not.toBe(first.device_id)
  expect((await list()).devices).toEqual([])
  expect((await list(other)).devices).toEqual([second])
  expect(problemIn(await remove(second.device_id))).toEqual([404, 'not-found'])
})

it('end with their sign-in', async () => {
  await add(subscription())
  const { username } = await world
    .call<{ username: string }>('/api/v1/users/me', { token })
    .then(({ body }) => body)
  const login = { username, password: 'correct horse battery' }
  const { body } = await world.call<{ access_token: string }>('/api/v1/login/access-token', {
    body: login,
  })
  const elsewhere = body.access_token
  expect((await list(elsewhere)).devices).toHaveLength(1)
  await world.call('/api/v1/auth/sessions', { method: 'DELETE', token: elsewhere })
  expect((await list(elsewhere)).devices).toEqual([])
})

it('are few: the oldest gives way', async () => {
  const ids: string[] = []
  for (let count = 0; count <= PUSH_DEVICES_MAX; count += 1) {
    world.clock.nowMs += 1
    ids.push((await add(subscription())).body.device_id)
  }
  const { devices } = await list()
  expect(devices.map(({ device_id: id }) => id)).toEqual(ids.slice(1).reverse())
})

const { keys } = subscription()
it.each([
  [{ endpoint: 'https://10.0.0.1/push' }, '#/endpoint'],
  [{ endpoint: 'http://127.0.0.1:8788/internal/orders' }, '#/endpoint'],
  [{ endpoint: 'https://fcm.googleapis.com.evil.example/' }, '#/endpoint'],
  [{ endpoint: 'nowhere' }, '#/endpoint'],
  [{ keys: { ...keys, p256dh: `B${'A'.repeat(86)}` } }, '#/keys/p256dh'],
  [{ keys: { ...keys, p256dh: 'short' } }, '#/keys/p256dh'],
  [{ keys: { ...keys, auth: 'short' } }, '#/keys/auth'],
])('refuses %j', async (changes, pointer) => {
  const answer = await add(subscription(changes))
  expect(problemIn(answer)).toEqual([400, 'invalid-request', pointer])
})
