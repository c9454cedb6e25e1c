// The relay on a real Postgres: what was committed is told, whatever fails between.

import { decimal } from '@motu/shared/decimal.ts'
import { partitionOf } from '@motu/shared/partition.ts'
import type { OrderEvent } from '@motu/shared/upstream.ts'
import { pino } from 'pino'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { memoryBus } from '../../src/bus/memory.ts'
import type { Bus } from '../../src/bus/bus.ts'
import type { Settled } from '../../src/engine/settle.ts'
import { Relay } from '../../src/engine/relay.ts'
import { createWallet } from '../database.ts'
import { BTC, World } from './world.ts'

const log = pino({ level: 'silent' })

let world: World
let user: string
let partition: number
let bus: Bus
let told: OrderEvent[]
let ends: (() => Promise<void>)[]

beforeEach(async () => {
  world = await World.create()
  user = await createWallet(world.database.sql)
  partition = partitionOf(user)
  world.quote(BTC, 1_000, '100000000', '100010000')
  bus = memoryBus({ now: () => Date.now() })
  told = []
  await bus.subscribe('order_events', (events) => told.push(...events))
  ends = []
})
afterEach(async () => {
  for (const end of ends) await end()
  await bus.close()
  await world.database.drop()
})

async function startRelay(over: Partial<Bus> = {}): Promise<Relay> {
  const abort = new AbortController()
  const relay = new Relay({
    sql: world.database.sql,
    bus: { ...bus, ...over },
    log,
    now: () => Date.now(),
    signal: abort.signal,
  })
  const running = relay.run()
  ends.push(async () => {
    abort.abort()
    relay.poke()
    await running
  })
  relay.own(partition)
  return relay
}

/** A market order that fills at once: one event. */
const buy = (): Promise<Settled> => world.commit(world.place(user, { quantity: decimal('0.001') }))
const seqs = (): number[] => told.map(({ seq }) => seq)
const tells = (...expected: number[]): Promise<void> =>
  vi.waitFor(() => expect(seqs()).toEqual(expected), { timeout: 5_000 })
const forgetOutbox = () => world.database.sql`DELETE FROM outbox`
/** Live: what memory brings goes out although the outbox is empty. */
async function untilLive(relay: Relay, seq: number): Promise<void> {
  relay.committed(await buy())
  await tells(...Array.from({ length: seq }, (_, index) => index + 1))
}

describe('the relay', () => {
  it('tells what was committed from memory, in order, with the whole order', async () => {
    const relay = await startRelay()
    await untilLive(relay, 1)
    const settled = [await buy(), await buy()]
    await forgetOutbox()
    for (const one of settled) relay.committed(one)
    await tells(1, 2, 3)
    expect(told[2]!.order).toMatchObject({ status: 'FILLED', filled_quantity: '0.001' })
    expect(told[2]!.order.order_id).toBe(settled[1]!.outcomes[0]!.order!.id)
  })

  it('tells at a takeover what the last owner had committed and not told', async () => {
    await buy()
    await buy()
    await startRelay()
    await tells(1, 2)
  })

  it('goes on where the last owner left: nothing is told twice after a release', async () => {
    const relay = await startRelay()
    await untilLive(relay, 1)
    await relay.release(partition)
    relay.lose(partition)
    await buy()
    await startRelay()
    await tells(1, 2)
  })

  it('reads from the outbox what the bus would not take, and misses none', async () => {
    let failures = 0
    const publish: Bus['publish'] = (channel, messages) => {
      if (failures > 0 && channel === 'order_events') {
        failures -= 1
        return Promise.reject(new Error('the bus is away'))
      }
      return bus.publish(channel, messages)
    }
    const relay = await startRelay({ publish })
    await untilLive(relay, 1)
    failures = 2
    relay.committed(await buy())
    relay.committed(await buy())
    await tells(1, 2, 3)
    await untilLive(relay, 4)
  })

  it('asks the outbox after a commit in doubt', async () => {
    const relay = await startRelay()
    await untilLive(relay, 1)
    await buy()
    relay.doubt()
    await tells(1, 2)
    await untilLive(relay, 3)
  })

  it('waits for a transaction in doubt that still runs, and keeps the order', async () => {
    const relay = await startRelay()
    await untilLive(relay, 1)
    let commit = (): void => {}
    const inDoubt = new Promise<void>((resolve) => (commit = resolve))
    let began = (): void => {}
    const isBegun = new Promise<void>((resolve) => (began = resolve))
    // What an owner's cut connection leaves behind: written, not yet committed.
    const running = world.database.sql.begin(async (tx) => {
      await tx`
        INSERT INTO outbox (partition, user_id, seq, epoch, order_id, status, quantity, fee_krw,
          settled_late, fill_count, new_fills, created_at)
        SELECT partition, user_id, seq + 1, epoch, order_id, status, quantity, fee_krw,
          settled_late, fill_count, 0, created_at FROM outbox WHERE seq = 1`
      began()
      await inDoubt
      await tx`UPDATE wallets SET event_seq = 2 WHERE user_id = ${user}`
    })
    await isBegun
    relay.doubt()
    await new Promise((resolve) => setTimeout(resolve, 200))
    expect(seqs()).toEqual([1])
    commit()
    await running
    relay.committed(await buy())
    await tells(1, 2, 3)
  })
})
