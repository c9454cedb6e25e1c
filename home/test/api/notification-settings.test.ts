// What a user is told outside the app, as he chooses it over HTTP.

import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import {
  NOTIFICATION_DEFAULTS,
  type NotificationSettings,
} from '@motu/shared/contract/notification-settings.ts'
import { hiddenAmong } from '../../src/db/hidden-users.ts'
import { type Answer, createWorld, problemIn, type World } from './world.ts'

const PATH = '/api/v1/users/me/notifications'
const CHOSEN: NotificationSettings = {
  hidden_from_public: true,
  channels: {
    order_filled: ['discord', 'push'],
    order_failed: [],
    price_alert: ['telegram'],
  },
  quiet_hours: { from: '22:30', until: '07:00' },
  time_zone: 'America/New_York',
}

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
  expect((await read()).body).toEqual(NOTIFICATION_DEFAULTS)
  const chosen = await choose(CHOSEN)
  expect([chosen.status, chosen.body]).toEqual([200, CHOSEN])
  expect((await read()).body).toEqual(CHOSEN)
  const other = (await world.signedIn()).access_token
  expect((await read(other)).body).toEqual(NOTIFICATION_DEFAULTS)
  await choose(NOTIFICATION_DEFAULTS)
  expect((await read()).body).toEqual(NOTIFICATION_DEFAULTS)
})

it('remembers since when each was chosen', async () => {
  const since = async () => [
    ...(await world.sql`
      SELECT kind, channel, chosen_at FROM notification_choices
      WHERE user_id = (SELECT user_id FROM notification_settings ORDER BY updated_at DESC LIMIT 1)
      ORDER BY kind, channel`),
  ]
  world.clock.nowMs += 1_000
  const first = new Date(world.clock.nowMs)
  await choose(CHOSEN)
  world.clock.nowMs += 1_000
  const second = new Date(world.clock.nowMs)
  const { channels } = CHOSEN
  await choose({ ...CHOSEN, channels: { ...channels, order_filled: ['push', 'telegram'] } })
  expect(await since()).toEqual([
    { kind: 'order_filled', channel: 'push', chosen_at: first },
    { kind: 'order_filled', channel: 'telegram', chosen_at: second },
    { kind: 'price_alert', channel: 'telegram', chosen_at: first },
  ])
})

it('says who stays out of what is public, and nobody else', async () => {
  await choose(CHOSEN)
  const other = (await world.signedIn()).access_token
  await choose(CHOSEN, other)
  await choose(NOTIFICATION_DEFAULTS, other)
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

it.each([
  [{ hidden_from_public: 'yes' }, '#/hidden_from_public'],
  [{ channels: { ...CHOSEN.channels, order_filled: ['fax'] } }, '#/channels/order_filled/0'],
  [{ channels: { ...CHOSEN.channels, price_alert: ['push', 'push'] } }, '#/channels/price_alert'],
  [{ channels: { order_filled: [] } }, '#/channels/order_failed', '#/channels/price_alert'],
  [{ quiet_hours: { from: '24:00', until: '07:00' } }, '#/quiet_hours/from'],
  [{ quiet_hours: { from: '7:00', until: '08:00' } }, '#/quiet_hours/from'],
  [{ quiet_hours: { from: '07:00', until: '07:00' } }, '#/quiet_hours/until'],
  [{ time_zone: 'Mars/Olympus' }, '#/time_zone'],
  [{ time_zone: '+09:00' }, '#/time_zone'],
  [{ time_zone: '' }, '#/time_zone'],
])('refuses %j', async (changes, ...pointers) => {
  const answer = await choose({ ...CHOSEN, ...changes })
  expect(problemIn(answer)).toEqual([400, 'invalid-request', ...pointers])
})
