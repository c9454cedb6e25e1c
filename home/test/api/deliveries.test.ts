// The history of messages as admins read it: a real notifier sends to a local server, which refuses,
// forgets and goes away; what failed is sent again.

import { pino } from 'pino'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { AuditList } from '@motu/shared/contract/admin.ts'
import type { Tokens } from '@motu/shared/contract/auth.ts'
import type { Delivery, DeliveryList, DeliveryPlace } from '@motu/shared/contract/deliveries.ts'
import { startNotifier } from '../../src/notifier/notifier.ts'
import { readNotifierSettings } from '../../src/notifier/notifier-settings.ts'
import { writeNotifications } from '../../src/notifier/write-notifications.ts'
import { MessageServer } from '../notifier/message-server.ts'
import { until } from '../until.ts'
import { createWorld, PASSWORD, problemIn, type World } from './world.ts'

const PATH = '/api/v1/admin/deliveries'
const PLACES = '/api/v1/admin/delivery-places'
const log = pino({ level: 'silent' })

let world: World
let token: string
let server: MessageServer
let origin: string
let stop: (() => Promise<void>) | null
beforeAll(async () => {
  world = await createWorld()
  const { username } = await world.signedIn()
  await world.sql`UPDATE users SET role = 'ADMIN' WHERE username = ${username}`
  const body = { username, password: PASSWORD }
  token = (await world.call<Tokens>('/api/v1/login/access-token', { body })).body.access_token
})
afterAll(() => world.close())
beforeEach(async () => {
  const { sql } = world
  await sql`TRUNCATE notifications, deliveries, delivery_notifications, delivery_places`
  server = new MessageServer()
  origin = await server.start()
  stop = null
})
afterEach(async () => {
  await stop?.()
  await server.stop()
})

async function start(): Promise<void> {
  const url = `${origin}/api/webhooks/2/secret`
  const settings = readNotifierSettings((name) =>
    name === 'DISCORD_HUMAN_WEBHOOK_URL' ? url : null,
  )
  const { databaseUrl: postgresUrl, sql, bus } = world
  stop = await startNotifier({ postgresUrl, sql, bus, settings, now: Date.now, log })
}

const tell = (...nicknames: string[]): Promise<number> =>
  writeNotifications(
    world.sql,
    nicknames.map((nickname) => ({
      ...{ eventId: `bailout:${nickname}`, kind: 'bailout_processed', values: { nickname } },
      ...{ userId: null, tickerId: null, simulated: false, occurredAtMs: Date.now() },
    })),
    Date.now(),
  )

async function page(query = ''): Promise<DeliveryList> {
  const answer = await world.call<DeliveryList>(PATH + query, { token })
  expect(answer.status).toBe(200)
  return answer.body
}
const places = async (): Promise<DeliveryPlace[]> =>
  (await world.call<{ places: DeliveryPlace[] }>(PLACES, { token })).body.places
const haveEnded = async (): Promise<boolean> =>
  (await page()).deliveries.every(({ ended_at }) => ended_at !== null)
async function targetsOf(action: string): Promise<(string | null)[]> {
  const path = `/api/v1/admin/audit?action=${action}`
  const { body } = await world.call<AuditList>(path, { token })
  return body.entries.map(({ target }) => target)
}

describe('a message', () => {
  it('is shown with what became of it, newest first, a page at a time', async () => {
    server.behave = (number) => (number === 1 ? 'bad' : 'ok')
    await tell('a', 'b', 'c')
    await start()
    await until(async () => (await page()).deliveries.length === 3 && (await haveEnded()))
    const first = await page('?limit=2')
    expect(first.deliveries).toMatchObject([
      { state: 'sent', attempts: 1, error: null, text: '😭 [파산] c님 구제금융 처리' },
      { state: 'failed', attempts: 1, error: 'answered 400', next_try_at: null },
    ])
    const rest = await page(`?limit=2&cursor=${first.next_cursor}`)
    expect(rest.deliveries.map(({ events }) => events.map(({ event_id }) => event_id))).toEqual([
      ['bailout:a'],
    ])
    expect(rest.next_cursor).toBeNull()
    expect((await page('?state=failed')).deliveries).toHaveLength(1)
    expect((await page('?place=discord:human')).deliveries).toHaveLength(3)
    expect((await page('?place=discord:alerts')).deliveries).toHaveLength(0)
  })

  it('that failed is sent again once, however often that is asked for', async () => {
    server.behave = (number) => (number === 0 ? 'bad' : 'ok')
    await tell('a')
    await start()
    await until(async () => (await page('?state=failed')).deliveries.length === 1)
    const [{ delivery_id: id }] = (await page()).deliveries as [Delivery]
    const retry = () => world.call<Delivery>(`${PATH}/${id}/retry`, { method: 'POST', token })
    expect((await retry()).body).toMatchObject({ state: 'queued', error: 'answered 400' })
    await until(haveEnded)
    expect((await retry()).body).toMatchObject({ state: 'sent', attempts: 2, may_repeat: false })
    expect(server.arrived).toHaveLength(1)
    expect(await targetsOf('delivery_retried')).toEqual([`delivery:${id}`])
  })

  it('is refused where there is none, and to who is no admin', async () => {
    const call = { method: 'POST', token }
    expect(problemIn(await world.call(`${PATH}/999999/retry`, call))[1]).toBe('not-found')
    expect(problemIn(await world.call(`${PATH}/x/retry`, call))[0]).toBe(400)
    for (const query of ['?cursor=x', '?limit=0', '?state=lost']) {
      const [status, , pointer] = problemIn(await world.call(PATH + query, { token }))
      expect([status, pointer]).toEqual([400, `#/${/\w+/.exec(query)![0]}`])
    }
    const { access_token } = await world.signedIn()
    for (const path of [PATH, PLACES]) {
      expect(problemIn(await world.call(path, { token: access_token }))[0]).toBe(403)
    }
  })
})

describe('a place', () => {
  it('that is gone is shown with why and what waits, and tried again when it is switched on', async () => {
    server.behave = () => 'gone'
    await tell('a', 'b')
    await start()
    await until(async () => (await places()).some((one) => one.switched_off_at !== null))
    expect(await places()).toMatchObject([
      { place: 'discord:human', error: 'answered 404', waiting: 2 },
    ])
    const calls = server.calls
    server.behave = () => 'ok'
    const switchOn = (name: string) =>
      world.call(`${PLACES}/${name}/switch-on`, { method: 'POST', token })
    expect((await switchOn('discord:human')).body).toMatchObject({ switched_off_at: null })
    expect((await switchOn('discord:human')).body).toMatchObject({ error: null })
    await until(haveEnded)
    expect([calls, server.arrived.length]).toEqual([1, 2])
    expect(await targetsOf('place_switched_on')).toEqual(['place:discord:human'])
    expect(problemIn(await switchOn('nowhere'))[1]).toBe('not-found')
  })
})
