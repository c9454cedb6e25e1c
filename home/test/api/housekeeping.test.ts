// What has ended long ago is removed, and nothing that still says something.

import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { deleteEnded, ROWS_MAX } from '../../src/api/queries/housekeeping.ts'
import { createWorld, type World } from './world.ts'

const DAY_MS = 86_400_000

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())

it('removes however much has ended', async () => {
  const at = new Date(world.clock.nowMs - DAY_MS)
  await world.sql`INSERT INTO challenges (id, kind, detail, expires_at)
    SELECT 'ended ' || n, 'oidc', '{}', ${at} FROM generate_series(1, ${2 * ROWS_MAX + 1}) AS n`
  await deleteEnded(world.sql, world.clock.nowMs)
  const rows = await world.sql`SELECT 1 FROM challenges WHERE expires_at <= ${at}`
  expect(rows).toHaveLength(0)
})

it('keeps a token while its reuse would show, a sign-in while its address is known', async () => {
  const { user_id } = await world.signedIn()
  await world.sql`INSERT INTO challenges (id, kind, detail, expires_at)
    VALUES (${randomUUID()}, 'oidc', '{}', ${new Date(world.clock.nowMs + DAY_MS)})`
  const counts = async (inDays: number) => {
    await deleteEnded(world.sql, world.clock.nowMs + inDays * DAY_MS)
    const [row] = await world.sql`SELECT
      (SELECT count(*)::int FROM challenges) AS challenges,
      (SELECT count(*)::int FROM refresh_tokens) AS tokens,
      (SELECT count(*)::int FROM auth_sessions WHERE user_id = ${user_id}) AS sessions,
      (SELECT count(*)::int FROM audit_log) > 0 AS audited`
    return row
  }
  expect(await counts(0)).toEqual({ challenges: 1, tokens: 1, sessions: 1, audited: true })
  expect(await counts(6)).toEqual({ challenges: 0, tokens: 1, sessions: 1, audited: true })
  expect(await counts(8)).toEqual({ challenges: 0, tokens: 0, sessions: 1, audited: true })
  expect(await counts(66)).toEqual({ challenges: 0, tokens: 0, sessions: 1, audited: true })
  expect(await counts(68)).toEqual({ challenges: 0, tokens: 0, sessions: 0, audited: true })
})
