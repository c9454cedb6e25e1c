// The Mailbox's promises, with a courier and a clock in the test's hands.

import { env } from 'cloudflare:workers'
import { runInDurableObject } from 'cloudflare:test'
import { describe, expect, it } from 'vitest'
import type { Delivery } from '../src/courier/courier.ts'
import type { Env } from '../src/env.ts'
import { Mailbox } from '../src/mailbox.ts'
import type { CancelCommand, PlaceCommand } from '../src/receipt.ts'
import { FakeCourier } from './fake-courier.ts'

const USER = '11111111-1111-4111-8111-111111111111'
const OTHER = '22222222-2222-4222-8222-222222222222'
/** Far ahead, so that no alarm of these tests goes off by itself. */
const NOON = Date.parse('2100-01-01T12:00:00.000Z')

function place(order: string, fields: Partial<PlaceCommand> = {}): PlaceCommand {
  return {
    v: 1,
    kind: 'place',
    order_id: `00000000-0000-4000-8000-${order.padStart(12, '0')}`,
    user_id: USER,
    client_order_id: `client-${order}`,
    ticker_id: 'CRYPTO-COIN-BTC',
    side: 'BUY',
    type: 'MARKET',
    quantity: '1',
    limit_price: null,
    time_in_force: 'GTC',
    sid: null,
    exp: 0,
    ...fields,
  }
}

function cancelOf({ order_id, user_id }: PlaceCommand): CancelCommand {
  return { v: 1, kind: 'cancel', order_id, user_id, sid: null, exp: 0 }
}

type Bench = {
  mailbox: Mailbox
  courier: FakeCourier
  clock: { ms: number }
  /** Another Mailbox on the same disk: what a restart makes. */
  restart: () => Mailbox
  alarmAt: () => Promise<number | null>
}

let count = 0

/** Runs a test with a Mailbox of its own. */
function withMailbox(
  test: (bench: Bench) => Promise<void>,
  { outboxLengthMax = 1_000 } = {},
): () => Promise<void> {
  return async () => {
    const edgeEnv = env as unknown as Env
    count += 1
    const stub = edgeEnv.MAILBOX.getByName(`test-${count}`)
    await runInDurableObject(stub, async (_instance, state) => {
      const courier = new FakeCourier()
      const clock = { ms: NOON }
      const make = () =>
        new Mailbox(state, edgeEnv, {
          now: () => clock.ms,
          outboxLengthMax,
          openCourier: (events) => courier.open(events),
        })
      const alarmAt = () => state.storage.getAlarm()
      await test({ mailbox: make(), courier, clock, restart: make, alarmAt })
      // Nothing may run on after its test.
      await state.storage.deleteAlarm()
      await state.storage.deleteAll()
    })
  }
}

describe('an order is', () => {
  const rows: [broker: string, answer: Delivery, isUp: boolean, disk: string, outcome: string][] = [
    ['confirms', 'stored', true, 'is free', 'queued'],
    ['confirms', 'stored', true, 'is full', 'queued'],
    ['refuses', 'refused', true, 'is free', 'held'],
    ['is silent', 'unknown', true, 'is free', 'held'],
    ['is away', 'refused', false, 'is free', 'held'],
    ['refuses', 'refused', true, 'is full', 'refused'],
    ['is silent', 'unknown', true, 'is full', 'refused'],
    ['is away', 'refused', false, 'is full', 'refused'],
  ]
  it.each(rows)('when the broker %s (%s, ready %s) and the disk %s: %s', async (...row) => {
    const [, answer, isUp, disk, outcome] = row
    const test = withMailbox(
      async ({ mailbox, courier }) => {
        courier.answer = answer
        courier.isUp = isUp
        const [receipt] = await mailbox.accept([place('1')])
        expect(receipt!.outcome).toBe(outcome)
        if (receipt!.outcome === 'refused') expect(receipt!.isAmbiguous).toBe(answer === 'unknown')
      },
      { outboxLengthMax: disk === 'is full' ? 0 : 10 },
    )
    await test()
  })
})

describe('one user', () => {
  it(
    'has one letter under way, so that a cancel never overtakes its order',
    withMailbox(async ({ mailbox, courier }) => {
      courier.answer = null
      const order = place('1')
      const receipts = Promise.all([mailbox.accept([order]), mailbox.accept([cancelOf(order)])])
      await Promise.resolve()
      expect(courier.waiting).toHaveLength(1)
      courier.answer = 'stored'
      courier.settleNext('stored')
      await receipts
      expect(courier.seen.map((text) => JSON.parse(text).kind)).toEqual(['place', 'cancel'])
    }),
  )

  it(
    'whose order was not taken has his next ones behind it',
    withMailbox(async ({ mailbox, courier }) => {
      courier.answer = null
      const receipts = Promise.all([
        mailbox.accept([place('1')]),
        mailbox.accept([place('2')]),
        mailbox.accept([place('3')]),
      ])
      await Promise.resolve()
      courier.isUp = false
      courier.settleNext('refused')
      await receipts
      expect(await mailbox.state()).toMatchObject({ held: 3, broker: 'down' })
      courier.answer = 'stored'
      courier.seen.length = 0
      courier.comeUp()
      await mailbox.alarm()
      expect(courier.orderIds).toEqual([place('1'), place('2'), place('3')].map((o) => o.order_id))
    }),
  )

  it(
    'does not wait for another',
    withMailbox(async ({ mailbox, courier }) => {
      courier.answer = null
      const receipts = Promise.all([
        mailbox.accept([place('1')]),
        mailbox.accept([place('2', { user_id: OTHER })]),
      ])
      await Promise.resolve()
      expect(courier.waiting).toHaveLength(2)
      courier.settleNext('stored')
      courier.settleNext('stored')
      await receipts
    }),
  )
})

describe('the outbox', () => {
  it(
    'keeps new orders behind what waits, of whomever',
    withMailbox(async ({ mailbox, courier }) => {
      courier.isUp = false
      await mailbox.accept([place('1')])
      courier.answer = null
      courier.isUp = true
      const receipt = mailbox.accept([place('2', { user_id: OTHER })])
      expect((await receipt)[0]!.outcome).toBe('held')
    }),
  )

  it(
    'keeps a letter that was not taken, and the user’s behind it, but not those of others',
    withMailbox(async ({ mailbox, courier }) => {
      courier.isUp = false
      await mailbox.accept([place('1'), place('2')])
      await mailbox.accept([place('3', { user_id: OTHER })])
      courier.answer = null
      courier.isUp = true
      const drained = mailbox.alarm()
      await new Promise((resolve) => setTimeout(resolve, 10))
      expect(courier.orderIds).toEqual([place('1').order_id, place('3').order_id])
      courier.isUp = false
      courier.settleNext('refused')
      courier.settleNext('stored')
      await drained
      expect((await mailbox.state()).held).toBe(2)
    }),
  )

  it(
    'arms the alarm, which arms itself again and never throws',
    withMailbox(async ({ mailbox, courier, clock, alarmAt }) => {
      courier.isUp = false
      await mailbox.accept([place('1')])
      expect(await alarmAt()).toBe(NOON + 1_000)
      clock.ms += 1_000
      courier.isUp = true
      courier.deliver = () => Promise.reject(new Error('a bug of a courier'))
      await mailbox.alarm()
      expect(await alarmAt()).toBe(NOON + 2_000)
      expect((await mailbox.state()).held).toBe(1)
    }),
  )

  it(
    'outlives a restart, with what the Mailbox remembers of it',
    withMailbox(async ({ mailbox, courier, clock, restart }) => {
      courier.isUp = false
      const [first] = await mailbox.accept([place('1')])
      const reborn = restart()
      expect(await reborn.state()).toMatchObject({ held: 1, broker: 'down' })
      expect(reborn.pendingOrder(USER, place('1').order_id)?.status).toBe('PENDING')
      clock.ms -= 60_000
      expect((await reborn.accept([place('1')]))[0]).toMatchObject({
        at: (first as { at: string }).at,
      })
      const [second] = await reborn.accept([place('2')])
      expect((second as { at: string }).at >= (first as { at: string }).at).toBe(true)
    }),
  )
})

describe('the Mailbox remembers', () => {
  it(
    'the first instant of an order that is placed again',
    withMailbox(async ({ mailbox, courier, clock }) => {
      const [first] = await mailbox.accept([place('1')])
      clock.ms += 5_000
      expect(await mailbox.accept([place('1')])).toEqual([first])
      expect(courier.seen).toHaveLength(1)
    }),
  )

  it(
    'a client order id that is used for something else',
    withMailbox(async ({ mailbox }) => {
      await mailbox.accept([place('1')])
      const other = place('2', { client_order_id: 'client-1' })
      expect(await mailbox.accept([other])).toEqual([{ outcome: 'mismatch' }])
      const others = place('3', { client_order_id: 'client-1', user_id: OTHER })
      expect((await mailbox.accept([others]))[0]!.outcome).toBe('queued')
    }),
  )

  it(
    'nothing of an order it refused: its retry is a first try',
    withMailbox(
      async ({ mailbox, courier }) => {
        courier.answer = 'unknown'
        expect(await mailbox.accept([place('1')])).toEqual([
          { outcome: 'refused', isAmbiguous: true },
        ])
        expect(mailbox.pendingOrder(USER, place('1').order_id)).toBeNull()
        courier.answer = 'stored'
        expect((await mailbox.accept([place('1')]))[0]!.outcome).toBe('queued')
      },
      { outboxLengthMax: 0 },
    ),
  )

  it(
    'whose an order is',
    withMailbox(async ({ mailbox }) => {
      await mailbox.accept([place('1'), cancelOf(place('1'))])
      expect(mailbox.pendingOrder(USER, place('1').order_id)?.cancel_requested_at).not.toBeNull()
      expect(mailbox.pendingOrder(OTHER, place('1').order_id)).toBeNull()
    }),
  )
})

it(
  'stamps never go back, whatever the clock does',
  withMailbox(async ({ mailbox, clock }) => {
    const stamps: string[] = []
    for (const [index, step] of [0, 5, -10_000, 3, -1].entries()) {
      clock.ms += step
      const [receipt] = await mailbox.accept([place(String(index))])
      stamps.push((receipt as { at: string }).at)
    }
    expect(stamps).toEqual([...stamps].sort())
  }),
)

it(
  'an order that overlaps its own retry shares its fate',
  withMailbox(async ({ mailbox, courier }) => {
    courier.answer = null
    const both = Promise.all([mailbox.accept([place('1')]), mailbox.accept([place('1')])])
    await Promise.resolve()
    courier.settleNext('stored')
    const [first, second] = await both
    expect(first).toEqual(second)
    expect(courier.seen).toHaveLength(1)
  }),
)
