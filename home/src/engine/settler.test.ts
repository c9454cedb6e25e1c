// The settler against a database that fails as told. What it settles here are cancels that came
// before their orders: the smallest work there is.

import type { CancelMessage } from '@motu/shared/order-message.ts'
import { partitionOf } from '@motu/shared/partition.ts'
import { pino } from 'pino'
import { describe, expect, it } from 'vitest'
import { viewOf } from '../../test/engine/samples.ts'
import type { Sql } from '../db/connect.ts'
import { Settler } from './settler.ts'

const user = (index: number): string => `00000000-0000-4000-8000-0000000000${index}`
// In the partitions 4, 0, 4 and 0: all of them in one lane.
const ANNA = user(10)
const BORA = user(14)
const CHUL = user(18)
const DARA = user(25)

/** A database with the wallets of some users; each transaction may begin with a fault. */
function fakeDatabase(wallets: readonly string[], faults: (Error | null)[]) {
  const commits: string[][] = []
  const tries: number[] = []
  const begin = async (run: (tx: unknown) => Promise<unknown>): Promise<unknown> => {
    tries.push(commits.length)
    const fault = faults.shift()
    if (fault) throw fault
    let cancelled: string[] = []
    const tx = (strings: unknown, ...values: unknown[]): unknown => {
      // An identifier list, not a statement.
      if (!Object.hasOwn(strings as object, 'raw')) return strings
      const statement = (strings as string[]).join('?')
      const column = (index: number): string[] => String(values[index]).slice(1, -1).split(',')
      if (statement.includes('FROM partitions')) {
        return Promise.resolve(column(0).map((one) => ({ partition: Number(one), epoch: 1n })))
      }
      if (statement.includes('JOIN wallets')) {
        const known = column(1).filter((userId) => wallets.includes(userId))
        return Promise.resolve(known.map(walletRow))
      }
      if (!statement.includes('INSERT INTO early_cancels')) return Promise.resolve([])
      cancelled = column(1)
      return Promise.resolve({ count: cancelled.length })
    }
    const outcome = await run(tx)
    commits.push(cancelled)
    return outcome
  }
  return { sql: { begin } as unknown as Sql, commits, tries }
}

const walletRow = (userId: string) => ({
  partition: partitionOf(userId),
  user_id: userId,
  balance_krw: '0',
  held_krw: '0',
  realized_pnl_krw: '0',
  event_seq: 0n,
})

function settlerOn(
  sql: Sql,
  options: { epochs?: Map<number, bigint>; isSuspended?: () => boolean } = {},
) {
  const abort = new AbortController()
  let commits = 0
  let doubts = 0
  const epochs = options.epochs ?? new Map(Array.from({ length: 8 }, (_, index) => [index, 1n]))
  const settler = new Settler({
    context: () => ({ sql, epochs, market: viewOf(), nowMs: 1_000 }),
    isSuspended: options.isSuspended ?? (() => false),
    log: pino({ level: 'silent' }),
    onCommit: () => (commits += 1),
    onDoubt: () => (doubts += 1),
    signal: abort.signal,
  })
  const add = async (userId: string): Promise<string> => {
    const verdict = await settler.add({ kind: 'cancel', message: cancelOf(userId) })
    return verdict.kind === 'refused' ? `refused: ${(verdict.error as Error).name}` : verdict.kind
  }
  return {
    settler,
    abort,
    commits: () => commits,
    doubts: () => doubts,
    settle: (...userIds: string[]) => Promise.all(userIds.map(add)),
  }
}

const cancelOf = (userId: string): CancelMessage => ({
  v: 1,
  kind: 'cancel',
  order_id: userId.replace('0000000000', 'aaaaaaaaaa'),
  user_id: userId,
  cancel_requested_at: '2026-11-20T09:00:00.000Z',
  sid: null,
  exp: 0,
})
const fault = (code: string): Error => Object.assign(new Error(code), { code })

describe('a settler', () => {
  it('settles what comes together in one transaction', async () => {
    const { sql, commits } = fakeDatabase([ANNA, BORA, CHUL], [])
    const { settle, settler, commits: told } = settlerOn(sql)
    expect(await settle(ANNA, BORA, CHUL)).toEqual(['settled', 'settled', 'settled'])
    expect(commits).toEqual([[ANNA, BORA, CHUL]])
    expect(told()).toBe(1)
    await Promise.resolve()
    expect(settler.size).toBe(0)
  })

  it.each(['ECONNREFUSED', '57P01', '40P01'])('waits out %s and tries again', async (code) => {
    const { sql, commits, tries } = fakeDatabase([ANNA], [fault(code), fault(code)])
    const { settle, commits: told, doubts } = settlerOn(sql)
    expect(await settle(ANNA)).toEqual(['settled'])
    expect(tries).toHaveLength(3)
    expect(commits).toEqual([[ANNA]])
    expect(told()).toBe(1)
    expect(doubts()).toBe(2)
  })

  it('refuses only the culprit of a batch, and settles everyone else in order', async () => {
    const { sql, commits } = fakeDatabase([ANNA, BORA, DARA], [])
    const { settle } = settlerOn(sql)
    expect(await settle(ANNA, BORA, CHUL, DARA)).toEqual([
      'settled',
      'settled',
      'refused: UnknownUser',
      'settled',
    ])
    expect(commits.flat()).toEqual([ANNA, BORA, DARA])
  })

  it('refuses what breaks a constraint, without another try', async () => {
    const { sql, tries } = fakeDatabase([ANNA], [fault('23514')])
    const { settle, doubts } = settlerOn(sql)
    expect(await settle(ANNA)).toEqual(['refused: Error'])
    expect(tries).toHaveLength(1)
    expect(doubts()).toBe(0)
  })

  it('gives up the partitions it knows to have lost before it asks', async () => {
    const { sql, commits } = fakeDatabase([ANNA, BORA, CHUL], [])
    const epochs = new Map([[partitionOf(BORA), 1n]])
    expect(await settlerOn(sql, { epochs }).settle(ANNA, BORA, CHUL)).toEqual([
      'lost',
      'settled',
      'lost',
    ])
    expect(commits).toEqual([[BORA]])
  })

  it('gives up the partitions whose epoch has moved on, and settles the others', async () => {
    const { sql, commits } = fakeDatabase([ANNA, BORA, CHUL], [])
    const epochs = new Map([
      [partitionOf(ANNA), 0n],
      [partitionOf(BORA), 1n],
    ])
    expect(await settlerOn(sql, { epochs }).settle(ANNA, BORA, CHUL)).toEqual([
      'lost',
      'settled',
      'lost',
    ])
    expect(commits).toEqual([[BORA]])
  })

  it('leaves work alone while its partition is in doubt', async () => {
    const { sql, tries } = fakeDatabase([ANNA], [])
    let doubts = 2
    const isSuspended = (): boolean => (doubts -= 1) >= 0
    expect(await settlerOn(sql, { isSuspended }).settle(ANNA)).toEqual(['settled'])
    expect(tries).toHaveLength(1)
    expect(doubts).toBeLessThan(0)
  })

  it('ends with nothing settled once it is told to stop', async () => {
    const { sql, commits } = fakeDatabase([ANNA], [])
    const { settle, abort } = settlerOn(sql)
    abort.abort()
    expect(await settle(ANNA)).toEqual(['lost'])
    expect(commits).toEqual([])
  })
})
