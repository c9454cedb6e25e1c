import { BUNDLE_LENGTH_MAX, bundleOf, ORDER_MESSAGE_BYTES_MAX } from '@motu/shared/order-message.ts'
import { pino } from 'pino'
import { describe, expect, it } from 'vitest'
import { USER } from '../../test/engine/samples.ts'
import type { Sql } from '../db/connect.ts'
import type { Delivery } from '../queue/queue.ts'
import { createIntake, parse } from './intake.ts'
import type { Work } from './settle.ts'
import type { Verdict } from './settler.ts'

const PLACE = {
  v: 1,
  kind: 'place',
  order_id: 'bad98072-5ad0-5f01-97f7-60c21842b926',
  user_id: USER,
  client_order_id: 'client-1',
  ticker_id: 'CRYPTO-COIN-BTC',
  side: 'BUY',
  type: 'MARKET',
  quantity: '0.01',
  limit_price: null,
  time_in_force: 'GTC',
  accepted_at: '2026-11-20T09:00:00.000Z',
  sid: null,
  exp: 0,
}
const CANCEL = {
  v: 1,
  kind: 'cancel',
  order_id: PLACE.order_id,
  user_id: USER,
  cancel_requested_at: '2026-11-20T09:00:01.000Z',
  sid: null,
  exp: 0,
}
const body = JSON.stringify(PLACE)
const blanks = (length: number): string => body + ' '.repeat(length - body.length)
const SETTLED: Verdict = { kind: 'settled', order: null }
const LOST: Verdict = { kind: 'lost' }
const REFUSED: Verdict = { kind: 'refused', error: new RangeError('poison') }

describe('parsing a message', () => {
  it.each<[string, string, boolean]>([
    ['a place', body, true],
    ['a cancel', JSON.stringify(CANCEL), true],
    ['a message of the greatest size', blanks(ORDER_MESSAGE_BYTES_MAX), true],
    ['a message of one more', blanks(ORDER_MESSAGE_BYTES_MAX + 1), false],
    ['nothing', '', false],
    ['half a message', body.slice(0, -1), false],
    ['two messages', body + body, false],
    ['a list of messages', `[${body}]`, false],
    ['text', '"place"', false],
    ['null', 'null', false],
    ['NaN', body.replace('"0.01"', 'NaN'), false],
    ['1e308', body.replace('"0.01"', '1e308'), false],
    ['a NUL', body.replace('client-1', '\\u0000'), false],
    ['a bare NUL', body.replace('client-1', '\0'), false],
    ['half a letter', body.replace('client-1', '\\ud800'), false],
    ['a field more', body.replace('{', '{"x":1,'), false],
    ['an unknown kind', body.replace('"place"', '"replace"'), false],
    ['a depth without end', '['.repeat(4_000), false],
  ])('of %s: a message is %s', (_, text, isMessage) => {
    expect(parse(text) !== null).toBe(isMessage)
  })
})

/** An intake whose settler answers as told, and what it did. */
function intakeInHand(verdicts: Verdict[], owned = true) {
  const work: Work[] = []
  const rows: unknown[][] = []
  const said: string[] = []
  const intake = createIntake({
    sql: ((_: unknown, ...values: unknown[]) => {
      rows.push(values)
      return Promise.resolve([])
    }) as unknown as Sql,
    log: pino({ level: 'silent' }),
    owns: () => owned,
    settle: (one) => {
      work.push(one)
      const verdict = verdicts.shift()
      return verdict ? Promise.resolve(verdict) : Promise.reject(new Error('away'))
    },
    now: () => 1_000,
  })
  const delivery = (text: string, partition = 2): Delivery => ({
    partition,
    body: text,
    redelivered: false,
    ack: () => void said.push('ack'),
    park: () => void said.push('park'),
    retry: () => void said.push('retry'),
  })
  return { intake, work, rows, said, delivery }
}
const many = (length: number): string => bundleOf(Array.from({ length }, () => body))
const many32 = (): Verdict[] => Array.from({ length: BUNDLE_LENGTH_MAX }, () => SETTLED)
const settledDown = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

describe('a delivery', () => {
  it.each<[string, string, number, Verdict[], string[], number]>([
    ['once settled', body, 2, [SETTLED], ['ack'], 1],
    ['when refused', body, 2, [REFUSED], ['park'], 1],
    ['of a lost partition', body, 2, [LOST], [], 1],
    ['when settling fails', body, 2, [], ['retry'], 1],
    ['of no order', 'poison', 2, [SETTLED], ['park'], 0],
    ["of another partition's user", body, 3, [SETTLED], ['park'], 0],
  ])('%s is answered', async (_, text, partition, verdicts, answers, settled) => {
    const { intake, work, said, delivery } = intakeInHand(verdicts)
    intake.take(delivery(text, partition))
    await settledDown()
    expect(said).toEqual(answers)
    expect(work).toHaveLength(settled)
  })

  it('becomes work of its kind', async () => {
    const { intake, work, delivery } = intakeInHand([SETTLED, SETTLED])
    intake.take(delivery(body))
    intake.take(delivery(JSON.stringify(CANCEL)))
    await settledDown()
    expect(work).toEqual([
      { kind: 'place', message: PLACE },
      { kind: 'cancel', message: CANCEL },
    ])
  })
})

const OTHER = JSON.stringify({ ...PLACE, client_order_id: 'client-2' })
const BUNDLE = bundleOf([body, JSON.stringify(CANCEL), OTHER])

describe('a bundle', () => {
  it('becomes work in its order, and is acknowledged once all of it is settled', async () => {
    const { intake, work, said, delivery } = intakeInHand([SETTLED, SETTLED, SETTLED])
    intake.take(delivery(BUNDLE))
    expect(work.map(({ kind }) => kind)).toEqual(['place', 'cancel', 'place'])
    expect(said).toEqual([])
    await settledDown()
    expect(said).toEqual(['ack'])
  })

  it.each<[string, string, Verdict[], string[], number]>([
    ['with one that is refused', BUNDLE, [SETTLED, REFUSED, SETTLED], ['park'], 3],
    ['with one of a lost partition', BUNDLE, [SETTLED, REFUSED, LOST], [], 3],
    ['with one that is no order', bundleOf([body, 'poison']), [SETTLED], ['park'], 1],
    ['of the greatest length', many(BUNDLE_LENGTH_MAX), many32(), ['ack'], BUNDLE_LENGTH_MAX],
    ['of one more', many(BUNDLE_LENGTH_MAX + 1), [], ['park'], 0],
  ])('%s settles whom it can', async (_, text, verdicts, answers, settled) => {
    const { intake, work, said, delivery } = intakeInHand(verdicts)
    intake.take(delivery(text))
    await settledDown()
    expect(said).toEqual(answers)
    expect(work).toHaveLength(settled)
  })

  it('that is dead is looked at one by one: only the culprit is buried', async () => {
    const { intake, work, rows, said, delivery } = intakeInHand([SETTLED, REFUSED, SETTLED])
    intake.takeDead(delivery(bundleOf([body, JSON.stringify(CANCEL), 'poison', OTHER])))
    await settledDown()
    expect(work).toHaveLength(3)
    expect(rows.map((row) => [row[1], row[2]])).toEqual([
      [JSON.stringify(CANCEL), 'RangeError'],
      ['poison', 'unreadable'],
    ])
    expect(said).toEqual(['ack'])
  })

  it('that is dead goes back whole when a partition is lost in the middle', async () => {
    const { intake, work, said, delivery } = intakeInHand([SETTLED, LOST])
    intake.takeDead(delivery(BUNDLE))
    await settledDown()
    expect(work).toHaveLength(2)
    expect(said).toEqual(['retry'])
  })

  it('of nothing that can be read is buried as it came', async () => {
    const { intake, rows, delivery } = intakeInHand([])
    intake.takeDead(delivery('{\n"kind"'))
    await settledDown()
    expect(rows.map((row) => row[1])).toEqual(['{\n"kind"'])
  })
})

describe('a dead letter', () => {
  it.each<[string, string, boolean, Verdict[], string[], string[], string | null]>([
    ['that settles after all', body, true, [SETTLED], ['ack'], ['place'], null],
    ['of a lost partition', body, true, [LOST], ['retry'], ['place'], null],
    ["of another engine's user", body, false, [], ['retry'], [], null],
    ['that nobody can read', 'poison', true, [], ['ack'], [], 'unreadable'],
    ['refused again', body, true, [REFUSED, SETTLED], ['ack'], ['place', 'bury'], 'RangeError'],
    [
      'whose cancel is refused',
      JSON.stringify(CANCEL),
      true,
      [REFUSED],
      ['ack'],
      ['cancel'],
      'RangeError',
    ],
    ['while settling fails', body, true, [], ['retry'], ['place'], null],
  ])('%s is answered', async (_, text, owned, verdicts, answers, kinds, reason) => {
    const { intake, work, rows, said, delivery } = intakeInHand(verdicts, owned)
    intake.takeDead(delivery(text))
    await settledDown()
    expect(said).toEqual(answers)
    expect(work.map((one) => one.kind)).toEqual(kinds)
    expect(rows.map((row) => row[2])).toEqual(reason === null ? [] : [reason])
  })

  it('says whose it is, and what the error said, as far as that fits', async () => {
    const told: Verdict = { kind: 'refused', error: new Error(`a\0${'b'.repeat(1_000)}`) }
    const { intake, rows, delivery } = intakeInHand([told, SETTLED])
    intake.takeDead(delivery(body))
    await settledDown()
    const [, , , detail, orderId, userId] = rows[0]!
    expect(detail).toBe(`a\ufffd${'b'.repeat(498)}`)
    expect([orderId, userId]).toEqual([PLACE.order_id, PLACE.user_id])
  })

  it('is kept in a form that Postgres takes', async () => {
    const { intake, rows, delivery } = intakeInHand([])
    intake.takeDead(delivery('\0poison\ud800'))
    intake.takeDead(delivery('x'.repeat(ORDER_MESSAGE_BYTES_MAX * 5)))
    await settledDown()
    expect(rows[0]![1]).toBe('\ufffdpoison\ufffd')
    expect(rows[1]![1]).toHaveLength(ORDER_MESSAGE_BYTES_MAX * 4)
    expect(rows[0]![0]).toMatch(/^[0-9a-f]{64}$/)
    expect(rows[0]![0]).not.toBe(rows[1]![0])
  })
})
