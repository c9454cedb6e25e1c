// Orders of sign-ins, API keys and links that have ended, on a real Postgres.

import { randomUUID } from 'node:crypto'
import { decimal } from '@motu/shared/decimal.ts'
import { partitionOf } from '@motu/shared/partition.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Work } from '../../src/engine/settle.ts'
import { createWallet } from '../database.ts'
import { BTC, START_MS, World } from './world.ts'

const KEY_ID = 'abcdefghijkl'
const EXP = START_MS / 1_000 + 1_800
let world: World
let userId: string
let sid: string

beforeAll(async () => {
  world = await World.create()
  const { sql } = world.database
  userId = await createWallet(sql)
  sid = randomUUID()
  const at = new Date(START_MS)
  await sql`
    INSERT INTO users (id, partition, username, nickname, created_at)
    VALUES (${userId}, ${partitionOf(userId)}, 'anna', 'anna', ${at})`
  await sql`
    INSERT INTO auth_sessions (id, user_id, created_at, expires_at)
    VALUES (${sid}, ${userId}, ${at}, ${new Date(START_MS + 86_400_000)})`
  await sql`
    INSERT INTO api_keys (id, user_id, name, secret_sha256, scopes, quota_per_minute, created_at)
    VALUES (${KEY_ID}, ${userId}, 'bot', '', ${['trade']}, 600, ${at})`
  world.quote(BTC, 60_000, '9999000', '10000000')
})
afterAll(() => world.database.drop())

type Credential = { sid: string | null; key_id?: string; exp: number }
function buy(atMs: number, credential: Credential): Work {
  const work = world.place(userId, { quantity: decimal('0.01') }, atMs)
  return { ...work, message: { ...work.message, ...credential } }
}
const session = (): Credential => ({ sid, exp: EXP })
const key: Credential = { sid: null, key_id: KEY_ID, exp: 253_402_300_799 }
const settled = async (work: Work) => (await world.settle(work))[0]!.order
const revokedAt = (table: 'auth_sessions' | 'api_keys', atMs: number) =>
  table === 'auth_sessions'
    ? world.database.sql`UPDATE auth_sessions SET revoked_at = ${new Date(START_MS + atMs)}`
    : world.database.sql`
        UPDATE api_keys SET revoked_at = ${new Date(START_MS + atMs)}, is_active = false`

describe('an order', () => {
  it('of a living sign-in or key is filled', async () => {
    expect(await settled(buy(1_000, session()))).toMatchObject({ status: 'FILLED' })
    expect(await settled(buy(1_000, key))).toMatchObject({ status: 'FILLED' })
  })

  it('of an unknown sign-in is refused, without a hold or a fill', async () => {
    const before = await world.wallet(userId)
    const order = await settled(buy(1_000, { sid: randomUUID(), exp: EXP }))
    expect(order).toMatchObject({ status: 'FAILED', reason: 'revoked', fillCount: 0 })
    expect(await world.wallet(userId)).toMatchObject({ balance: before.balance, held: 0n })
  })

  it('accepted before its sign-in ended still counts; one accepted after it does not', async () => {
    await revokedAt('auth_sessions', 5_000)
    expect(await settled(buy(4_999, session()))).toMatchObject({ status: 'FILLED' })
    expect(await settled(buy(5_000, session()))).toMatchObject({ reason: 'revoked' })
  })

  it('of a key that was revoked is refused', async () => {
    await revokedAt('api_keys', 5_000)
    expect(await settled(buy(4_999, key))).toMatchObject({ status: 'FILLED' })
    expect(await settled(buy(5_000, key))).toMatchObject({ reason: 'revoked' })
  })

  it('of a link counts until it ended, and never where it may not trade', async () => {
    const { sql } = world.database
    const linked = async (id: string, mayTrade: boolean, endedAtMs: number | null) => {
      const endedAt = endedAtMs === null ? null : new Date(START_MS + endedAtMs)
      await sql`
        INSERT INTO channel_links (id, user_id, service, external_id, display_name, may_trade,
          linked_at, ended_at, ended_reason)
        VALUES (${id}, ${userId}, 'discord', '1', 'anna', ${mayTrade}, ${new Date(START_MS)},
          ${endedAt}, ${endedAt && 'unlinked'})`
      return { ...key, key_id: id }
    }
    const ended = await linked('link:ended', true, 5_000)
    expect(await settled(buy(4_999, ended))).toMatchObject({ status: 'FILLED' })
    expect(await settled(buy(5_000, ended))).toMatchObject({ reason: 'revoked' })
    const reads = await linked('link:reads', false, null)
    expect(await settled(buy(1_000, reads))).toMatchObject({ reason: 'revoked' })
    expect(await settled(buy(1_000, { ...key, key_id: 'link:none' }))).toMatchObject({
      reason: 'revoked',
    })
  })

  it('of a user who was disabled is refused, from then on', async () => {
    await world.database.sql`UPDATE users SET disabled_at = ${new Date(START_MS + 3_000)}`
    expect(await settled(buy(2_999, session()))).toMatchObject({ status: 'FILLED' })
    expect(await settled(buy(3_000, session()))).toMatchObject({ reason: 'revoked' })
  })
})

describe('a cancel', () => {
  it('under a sign-in that had ended changes nothing', async () => {
    const resting = world.place(userId, {
      quantity: decimal('0.01'),
      limitPrice: decimal('1000000'),
    })
    const order = await settled(resting)
    expect(order).toMatchObject({ status: 'OPEN' })
    const cancel = world.cancel(userId, order!.id, 6_000)
    const ended = { ...cancel, message: { ...cancel.message, ...session() } }
    expect(await settled(ended)).toMatchObject({ status: 'OPEN', cancelResult: null })
    expect(await settled(cancel)).toMatchObject({ status: 'CANCELLED', cancelResult: 'DONE' })
  })
})
