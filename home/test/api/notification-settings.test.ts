// What a user is told outside the app, as he chooses it over HTTP.

import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import type { NotificationSettings } from '@motu/shared/contract/notification-settings.ts'
import { hiddenAmong } from '../../src/db/hidden-users.ts'
import { type Answer, createWorld, problemIn, type World } from './world.ts'

const PATH = '/api/v1/users/me/notifications'

let world: World
let token: string
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())
beforeEach(async () => {
  token = (await world.signedIn()).access_token
})

const read = (as = token): Promise<Answer<NotificationSettings>> => world.call(PATH, { token: as })
const choose = (body: unknown, as = token): Promise<Answer<NotificationSettings>> =>
  world.call(PATH, { method: 'PUT', body, token: as })

it('is nothing before he chose, and as he chose afterwards', async () => {
  expect((await read()).body).toMatchObject({ hidden_from_public: false })
  const chosen = await choose({ hidden_from_public: true })
  expect([chosen.status, chosen.body]).toMatchObject([200, { hidden_from_public: true }])
  expect((await read()).body).toMatchObject({ hidden_from_public: true })
  const other = (await world.signedIn()).access_token
  expect((await read(other)).body).toMatchObject({ hidden_from_public: false })
})

it('says who stays out of what is public, and nobody else', async () => {
  await choose({ hidden_from_public: true })
  const other = (await world.signedIn()).access_token
  await choose({ hidden_from_public: true }, other)
  await choose({ hidden_from_public: false }, other)
  const ids = await world.sql<{ id: string }[]>`SELECT id FROM users ORDER BY created_at`
  const hidden = await world.sql<{ user_id: string }[]>`
    SELECT user_id FROM notification_settings WHERE hidden_from_public`
  const found = await hiddenAmong(
    world.sql,
    ids.map(({ id }) => id),
  )
  expect(found.size).toBeGreaterThan(0)
  expect(found).toEqual(new Set(hidden.map((row) => row.user_id)))
  expect(await hiddenAmong(world.sql, [])).toEqual(new Set())
})

it.each([{}, { hidden_from_public: 'yes' }, { hidden_from_public: null }])(
  'refuses %j',
  async (body) => {
    expect(problemIn(await choose(body))).toEqual([
      ...[400, 'invalid-request', '#/hidden_from_public'],
    ])
  },
)
