// What was revoked stays so: whatever becomes of Redis, whichever process is asked, and however late
// an edge comes to hear of it. On real Postgres and Redis, with two processes of the API.

import { randomUUID } from 'node:crypto'
import { Redis } from 'ioredis'
import { pino } from 'pino'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { SIGNATURE_HEADER } from '@motu/shared/internal.ts'
import type { HomeFrame, Revocation } from '@motu/shared/upstream.ts'
import { revocationOf } from '../../src/api/queries/revocations.ts'
import { Revocations } from '../../src/api/revocations.ts'
import { redisBus } from '../../src/bus/redis.ts'
import type { Bus, DenyList, TemplateTexts } from '../../src/bus/bus.ts'
import { until } from '../until.ts'
import { createWorld, problemIn, type World } from './world.ts'

const REDIS_URL = process.env.MOTU_REDIS_URL ?? 'redis://127.0.0.1:6379'
const AWAY_URL = 'redis://127.0.0.1:18299'
type ApiBus = Bus & DenyList & TemplateTexts

const STREAM = '/internal/stream'
const LOGOUT = '/api/v1/logout'
const ME = '/api/v1/users/me'
const NOT_IN = [401, 'unauthenticated']
const TWELVE_HOURS_MS = 12 * 60 * 60_000
const HALF_HOUR_MS = 30 * 60_000
const log = pino({ level: 'silent' })

let prefixes = 0
let prefix: string
let admin: Redis
let here: World
let there: World
const buses: ApiBus[] = []

function openBus(url = REDIS_URL): ApiBus {
  const bus = redisBus({ url, prefix, log })
  buses.push(bus)
  return bus
}

/** What FLUSHALL does to us, without doing it to others who share this server. */
async function flush(): Promise<void> {
  const keys = await admin.keys(`${prefix}*`)
  if (keys.length > 0) await admin.del(...keys)
}

beforeAll(async () => {
  admin = new Redis(REDIS_URL)
  prefix = `revoked:${process.pid}:${(prefixes += 1)}:`
  here = await createWorld(undefined, {}, { bus: openBus() })
  there = await createWorld(undefined, {}, { bus: openBus(), beside: here })
})
afterAll(async () => {
  await there.close()
  await here.close()
  for (const bus of buses) await bus.close()
  await flush()
  admin.disconnect()
})

const me = (world: World, token: string) => world.call(ME, { token })
const signOut = (world: World, token: string) => world.call(LOGOUT, { method: 'POST', token })

/** A sign-in whose row says that it ended, and nobody was told: its process died right then. */
async function endInRow(userId: string): Promise<string> {
  const [row] = await here.sql<{ id: string }[]>`
    UPDATE auth_sessions SET revoked_at = ${new Date(here.clock.nowMs)}, revoked_reason = 'revoked'
    WHERE user_id = ${userId} RETURNING id`
  return row!.id
}

describe('a sign-in that ended', () => {
  it('is refused by every process at once', async () => {
    const { access_token } = await here.signedIn()
    expect((await me(there, access_token)).status).toBe(200)
    expect((await signOut(here, access_token)).status).toBe(204)
    for (const world of [there, here]) {
      expect(problemIn(await me(world, access_token))).toEqual(NOT_IN)
    }
  })

  it('is not brought back by a flush', async () => {
    const { access_token } = await here.signedIn()
    const other = await here.signedIn()
    await signOut(here, access_token)
    // A process that knows only what the list and the rows say.
    const fresh = new Revocations({ sql: here.sql, bus: openBus(), now: Date.now, log })
    const sidOf = (token: string): string => {
      const claims = Buffer.from(token.split('.')[1]!, 'base64url').toString()
      return (JSON.parse(claims) as { sid: string }).sid
    }
    const isRevoked = (token: string) => fresh.isRevoked({ kind: 'session', id: sidOf(token) })
    for (let flushes = 0; flushes < 3; flushes += 1) {
      await flush()
      for (const world of [there, here]) {
        expect(problemIn(await me(world, access_token))).toEqual(NOT_IN)
        expect((await me(world, other.access_token)).status).toBe(200)
      }
      expect([await isRevoked(access_token), await isRevoked(other.access_token)]).toEqual([
        ...[true, false],
      ])
    }
    here.clock.nowMs += 1_000
    await me(here, other.access_token)
    await until(async () => (await admin.exists(`${prefix}revoked:loaded`)) === 1)
    expect(await admin.exists(`${prefix}revoked:session:${sidOf(access_token)}`)).toBe(1)
  })

  it('is refused by a process that never heard of it, from the list alone', async () => {
    const { access_token } = await here.signedIn()
    await signOut(here, access_token)
    const bus = openBus()
    const claims = Buffer.from(access_token.split('.')[1]!, 'base64url').toString()
    const { sid } = JSON.parse(claims) as { sid: string }
    // Rows it cannot ask: the answer can only be the list's.
    const broken = (() => Promise.reject(new Error('no rows'))) as never
    const fresh = new Revocations({ sql: broken, bus, now: Date.now, log })
    await until(async () => (await bus.isDenied({ kind: 'session', id: 'x' })) === false)
    expect(await fresh.isRevoked({ kind: 'session', id: sid })).toBe(true)
    expect(await fresh.isRevoked({ kind: 'session', id: 'x' })).toBe(false)
  })

  it('is heard of by all, though its process died before it told anyone', async () => {
    const { access_token, user_id } = await here.signedIn()
    await endInRow(user_id)
    await until(async () => (await me(here, access_token)).status === 401)
    await until(async () => (await me(there, access_token)).status === 401)
  })

  it('stays ended after a restart, when nothing remembers but the rows', async () => {
    const { access_token, user_id } = await here.signedIn()
    await endInRow(user_id)
    await flush()
    const restarted = await createWorld(undefined, {}, { bus: openBus(), beside: here })
    expect(problemIn(await me(restarted, access_token))).toEqual(NOT_IN)
    await restarted.close()
  })
})

describe('while redis is away', () => {
  let alone: World
  beforeAll(async () => {
    alone = await createWorld(
      undefined,
      {},
      { bus: withoutPubSub(openBus(AWAY_URL)), beside: here },
    )
  })
  afterAll(() => alone.close())

  /** Subscribing waits for Redis as long as it takes: a process that starts now would not start. */
  const withoutPubSub = (bus: ApiBus): ApiBus => ({
    ...bus,
    subscribe: () => Promise.resolve(() => Promise.resolve()),
    watchMarket: () => Promise.resolve(() => Promise.resolve()),
  })

  it('sign-ins are ended and refused, and the others go on', { timeout: 20_000 }, async () => {
    const [user, other] = [await here.signedIn(), await here.signedIn()]
    expect((await signOut(alone, user.access_token)).status).toBe(204)
    expect(problemIn(await me(alone, user.access_token))).toEqual(NOT_IN)
    expect((await me(alone, other.access_token)).status).toBe(200)
    // The others read the row soon.
    await until(async () => (await me(there, user.access_token)).status === 401)
  })

  it('what another process ended is refused too', async () => {
    const { access_token } = await here.signedIn()
    expect((await me(alone, access_token)).status).toBe(200)
    await signOut(here, access_token)
    expect(problemIn(await me(alone, access_token))).toEqual(NOT_IN)
  })
})

describe('an edge', () => {
  let hubs: WebSocket[]
  beforeEach(() => {
    hubs = []
  })
  afterEach(() => {
    for (const hub of hubs) hub.terminate()
  })

  /** Connects as a Hub does; answers what it is told of revocations. */
  async function connect(world: World): Promise<Revocation[][]> {
    const told: Revocation[][] = []
    const headers = { [SIGNATURE_HEADER]: await world.sign(STREAM) }
    const hub = new WebSocket(world.url.replace('http', 'ws') + STREAM, { headers })
    hubs.push(hub)
    hub.on('message', (data) => {
      const frame = JSON.parse(String(data as Buffer)) as HomeFrame
      if (frame.t === 'revocations') told.push(frame.revocations)
    })
    await new Promise((resolve, reject) => {
      hub.once('open', resolve)
      hub.once('error', reject)
    })
    await until(() => told.length > 0)
    return told
  }

  it('hears of a sign-out as it happens, whichever process it is connected to', async () => {
    const [toldHere, toldThere] = [await connect(here), await connect(there)]
    const { access_token, user_id } = await here.signedIn()
    await signOut(here, access_token)
    const [row] = await here.sql<{ id: string; revoked_at: Date }[]>`
      SELECT id, revoked_at FROM auth_sessions WHERE user_id = ${user_id}`
    const at = row!.revoked_at
    const expected: Revocation = {
      ...{ kind: 'session', id: row!.id, at: at.toISOString() },
      until: new Date(at.getTime() + HALF_HOUR_MS + TWELVE_HOURS_MS).toISOString(),
    }
    for (const told of [toldHere, toldThere]) {
      await until(() => told.flat().some(({ id }) => id === row!.id))
      expect(told.at(-1)).toEqual([expected])
    }
  })

  it('is told at once, when it connects, of all that still matters', async () => {
    const [old, recent] = [await here.signedIn(), await here.signedIn()]
    const oldId = await endInRow(old.user_id)
    const recentId = await endInRow(recent.user_id)
    const matters = HALF_HOUR_MS + TWELVE_HOURS_MS
    await here.sql`UPDATE auth_sessions
      SET revoked_at = ${new Date(here.clock.nowMs - matters - 1_000)} WHERE id = ${oldId}`
    await here.sql`UPDATE auth_sessions
      SET revoked_at = ${new Date(here.clock.nowMs - matters + 60_000)} WHERE id = ${recentId}`
    const [first] = await connect(here)
    const ids = first!.map(({ id }) => id)
    expect([ids.includes(oldId), ids.includes(recentId)]).toEqual([false, true])
  })

  it('is told again of a user who was let in again and is shut out anew', async () => {
    const told = await connect(here)
    const id = randomUUID()
    const [first, second] = [1, 2].map((n) =>
      revocationOf('user', id, here.clock.nowMs + n * 1_000),
    ) as [Revocation, Revocation]
    for (const one of [first, first, second]) await here.bus.publish('revocations', [one])
    await until(() => told.flat().some(({ at }) => at === second.at))
    expect(told.flat().filter((one) => one.id === id)).toEqual([first, second])
  })

  it('is told of thousands in frames it can take', async () => {
    const { user_id } = await here.signedIn()
    const at = new Date(here.clock.nowMs)
    await here.sql`
      INSERT INTO auth_sessions (id, user_id, created_at, expires_at, revoked_at)
      SELECT gen_random_uuid(), ${user_id}, ${at}, ${at}, ${at} FROM generate_series(1, 2500)`
    const told = await connect(here)
    await until(() => told.flat().length >= 2_500)
    expect(Math.max(...told.map((frame) => frame.length))).toBe(1_000)
  })

  it('is told nothing, and knows that this is all, where nothing was revoked', async () => {
    const world = await createWorld()
    expect(await connect(world)).toEqual([[]])
    for (const hub of hubs) hub.terminate()
    await world.close()
  })
})

it('a disabled user’s refresh tokens and sign-ins open nothing', async () => {
  const { access_token, user_id, refresh_token } = await here.signedIn()
  await here.sql`UPDATE users SET disabled_at = now() WHERE id = ${user_id}`
  const renewed = await here.call('/api/v1/login/refresh', { body: { refresh_token } })
  expect(problemIn(renewed)).toEqual(NOT_IN)
  expect(problemIn(await me(here, access_token))).toEqual(NOT_IN)
})
