// Home's end of the Hub's socket, over a real one.

import { randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { orderSchema } from '@motu/shared/contract/orders.ts'
import { SIGNATURE_HEADER } from '@motu/shared/internal.ts'
import { partitionOf } from '@motu/shared/partition.ts'
import { type HomeFrame, type HubFrame, RESUME_EVENTS_MAX } from '@motu/shared/upstream.ts'
import { marketEvent } from '../market-event.ts'
import { until } from '../until.ts'
import { createWorld, type World } from './world.ts'

const PATH = '/internal/stream'
const BTC = 'CRYPTO-COIN-BTC'

let world: World
let hub: WebSocket
let frames: HomeFrame[]
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())
beforeEach(async () => {
  frames = []
  hub = await connect(await world.sign(PATH))
})
afterEach(() => hub.terminate())

function connect(signature: string, path = PATH): Promise<WebSocket> {
  const socket = new WebSocket(world.url.replace('http', 'ws') + path, {
    headers: { [SIGNATURE_HEADER]: signature },
  })
  socket.on('message', (data) => frames.push(JSON.parse(String(data as Buffer)) as HomeFrame))
  return new Promise((resolve, reject) => {
    socket.once('open', () => resolve(socket))
    socket.once('error', reject)
  })
}

type Of<T extends HomeFrame['t']> = Extract<HomeFrame, { t: T }>
const of = <T extends HomeFrame['t']>(t: T) =>
  frames.filter((frame): frame is Of<T> => frame.t === t)

const say = (frame: HubFrame | string): void =>
  hub.send(typeof frame === 'string' ? frame : JSON.stringify(frame))

describe('the socket', () => {
  it('opens for a signed Hub only', async () => {
    for (const signature of ['', 'x', await world.sign('/internal/other')]) {
      await expect(connect(signature)).rejects.toThrow('401')
    }
    await expect(connect(await world.sign('/ws/stream'), '/ws/stream')).rejects.toThrow('401')
  })

  it('carries market events and order events as they are published', async () => {
    const event = marketEvent(BTC, 1)
    await world.bus.publishMarket([event])
    await until(() => of('market').some(({ events }) => events.length > 0))
    expect(of('market').at(-1)).toEqual({ t: 'market', events: [event] })
    const told = { user_id: randomUUID(), seq: 1, order: {} as never }
    await world.bus.publish('order_events', [told])
    await until(() => of('orders').length > 0)
    expect(of('orders')).toEqual([{ t: 'orders', events: [told] }])
  })

  it('carries price alerts as they are told', async () => {
    const told = { user_id: randomUUID(), alert: { alert_id: randomUUID() } as never }
    await world.bus.publish('alert_events', [told])
    await until(() => of('alerts').length > 0)
    expect(of('alerts')).toEqual([{ t: 'alerts', events: [told] }])
  })

  it('greets with the prices that are known, and without prints it may have told', async () => {
    const event = marketEvent(BTC, 7)
    await world.bus.publishMarket([{ ...event, prints: [[event.price, '1', null]] }])
    await until(() => of('market').some(({ events }) => events.some(({ prints }) => prints)))
    frames = []
    const second = await connect(await world.sign(PATH))
    const greeted = () => of('market').flatMap(({ events }) => events)
    await until(() => greeted().some(({ seq }) => seq === 7))
    expect(greeted()).toEqual([event])
    second.terminate()
  })

  it('says every two seconds how each source does', async () => {
    const at = new Date(world.clock.nowMs).toISOString()
    await world.bus.publishMarket([marketEvent(BTC, 1, { source: 'walk', received_at: at })])
    const seen = () =>
      of('feeds')
        .at(-1)
        ?.feeds.find(({ source }) => source === 'walk')
    await until(() => seen()?.state === 'live')
    expect(seen()?.last_event_at).toBe(at)
    world.clock.nowMs += 6_000
    await until(() => seen()?.state === 'stale')
  })

  it('says what the feeder tells of each source, while it tells anything', async () => {
    const at = (): string => new Date(world.clock.nowMs).toISOString()
    const groups = [
      { group: 'CRYPTO-COIN', state: 'failed_over' as const, tickers: 10, since: at() },
    ]
    const told = { source: 'upbit', groups, quarantined: [{ reason: 'spike', count: 3 }] }
    await world.bus.publishMarket([marketEvent(BTC, 2, { source: 'upbit', received_at: at() })])
    await world.bus.publish('feed_status', [{ at: at(), feeds: [told] }])
    const seen = () =>
      of('feeds')
        .at(-1)
        ?.feeds.find(({ source }) => source === 'upbit')
    await until(() => seen()?.groups !== undefined)
    expect(seen()).toEqual({ ...told, state: 'live', last_event_at: seen()!.last_event_at })
    world.clock.nowMs += 16_000
    await until(() => seen()?.groups === undefined)
  })

  it('answers a ping with its clock and passes on what the Hub measured', async () => {
    const offsets: number[] = []
    const stop = await world.bus.subscribe('edge_clock', (messages) => {
      for (const { offset_ms } of messages) offsets.push(offset_ms)
    })
    say({ t: 'ping', edge_ms: 1, offset_ms: null })
    say({ t: 'ping', edge_ms: 2, offset_ms: -42 })
    await until(() => of('pong').length === 2 && offsets.length > 0)
    expect(of('pong').map(({ edge_ms, home_ms }) => [edge_ms, home_ms])).toEqual([
      [1, world.clock.nowMs],
      [2, world.clock.nowMs],
    ])
    expect(offsets).toEqual([-42])
    await stop()
  })

  it('survives what is no frame', async () => {
    for (const nonsense of ['{', '[]', '{"t":"what"}', '{"t":"resume","user_id":"x"}']) {
      const other = await connect(await world.sign(PATH))
      other.send(nonsense)
      await new Promise((resolve) => other.once('close', resolve))
    }
    say({ t: 'ping', edge_ms: 3, offset_ms: null })
    await until(() => of('pong').length === 1)
  })
})

describe('resuming', () => {
  let userId: string
  beforeEach(async () => {
    userId = (await world.signedIn()).user_id
  })

  /** An order of the user, and as many events of it as asked for. */
  async function insertEvents(count: number): Promise<void> {
    const id = randomUUID()
    const owner = { partition: partitionOf(userId), user_id: userId }
    const at = new Date()
    await world.sql`INSERT INTO orders ${world.sql({
      ...owner,
      ...{ id, client_order_id: id, ticker_id: BTC, side: 'BUY', type: 'LIMIT', status: 'OPEN' },
      ...{ time_in_force: 'GTC', requested_quantity: '0.5', limit_price: '9500000' },
      ...{ created_at: at, accepted_at: at, stored_at: at },
    })}`
    await world.sql`
      INSERT INTO outbox (partition, user_id, seq, order_id, status, quantity, fee_krw,
        settled_late, fill_count, new_fills, created_at, epoch)
      SELECT ${owner.partition}, ${userId}, n, ${id}, 'OPEN', 0, 0, false, 0, 0, ${at}, 1
      FROM generate_series(1, ${count}::int) AS n`
    await world.sql`UPDATE wallets SET event_seq = ${count} WHERE user_id = ${userId}`
  }

  async function resume(from: number | null): Promise<Of<'resumed'>> {
    const requestId = randomUUID()
    say({ t: 'resume', request_id: requestId, user_id: userId, from })
    const answer = () => of('resumed').find(({ request_id }) => request_id === requestId)
    await until(() => answer() !== undefined)
    return answer()!
  }

  const summary = async (from: number | null) => {
    const { events, last_seq, reset } = await resume(from)
    return { seqs: events.map(({ seq }) => seq), last_seq, reset }
  }

  it('brings what came after, oldest first, with the order of that moment', async () => {
    await insertEvents(5)
    const { events, last_seq, reset } = await resume(2)
    expect({ seqs: events.map(({ seq }) => seq), last_seq, reset }).toEqual({
      ...{ seqs: [3, 4, 5], last_seq: 5, reset: false },
    })
    for (const { order, user_id } of events) {
      orderSchema.parse(order)
      expect(user_id).toBe(userId)
    }
  })

  it('brings nothing to one who missed nothing, or asks where he stands', async () => {
    await insertEvents(5)
    expect(await summary(5)).toEqual({ seqs: [], last_seq: 5, reset: false })
    expect(await summary(null)).toEqual({ seqs: [], last_seq: 5, reset: false })
  })

  it('says to one who never had an event, or is unknown, that there is none', async () => {
    expect(await summary(0)).toEqual({ seqs: [], last_seq: 0, reset: false })
    userId = randomUUID()
    expect(await summary(null)).toEqual({ seqs: [], last_seq: 0, reset: false })
  })

  it('asks for a new beginning when too much was missed', async () => {
    await insertEvents(RESUME_EVENTS_MAX + 1)
    expect(await summary(0)).toMatchObject({ seqs: [], last_seq: 1_001, reset: true })
    expect((await summary(1)).seqs).toHaveLength(RESUME_EVENTS_MAX)
  })

  it('asks for a new beginning when what was missed is no longer kept', async () => {
    await insertEvents(5)
    await world.sql`DELETE FROM outbox WHERE user_id = ${userId} AND seq <= 3`
    expect(await summary(2)).toMatchObject({ seqs: [], last_seq: 5, reset: true })
    expect(await summary(3)).toMatchObject({ seqs: [4, 5], reset: false })
    await world.sql`DELETE FROM outbox WHERE user_id = ${userId}`
    expect(await summary(3)).toMatchObject({ seqs: [], last_seq: 5, reset: true })
  })

  it('asks for a new beginning when the client is ahead of home', async () => {
    await insertEvents(2)
    expect(await summary(9)).toMatchObject({ seqs: [], last_seq: 2, reset: true })
  })
})
