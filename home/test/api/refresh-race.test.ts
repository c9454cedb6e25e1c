// One refresh token in many hands at once: at most one of them gets a successor, and as the others
// used it too, nothing of the family is left alive.

import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Tokens } from '@motu/shared/contract/auth.ts'
import { insertSignIn } from '../../src/api/queries/sessions.ts'
import { createWorld, type World } from './world.ts'

const REFRESH = '/api/v1/login/refresh'
const ROUNDS = 200
const PARALLEL = 50
/** Rounds at a time: the API's connections to Postgres are shared by so many. */
const ROUNDS_AT_ONCE = 2
const TIMEOUT_MS = 60_000

let world: World
let userId: string
beforeAll(async () => {
  world = await createWorld()
  userId = (await world.signedIn()).user_id
})
afterAll(() => world.close())

const refresh = (refresh_token: string | undefined) =>
  world.call<Tokens>(REFRESH, { body: { refresh_token } })

/** A sign-in, without the work that a password is. */
async function signIn(): Promise<{ sid: string; refreshToken: string }> {
  const from = { method: 'password', address: 'race', userAgent: null }
  const made = await world.sql.begin((tx) =>
    insertSignIn(tx, { userId, ...from }, world.clock.nowMs),
  )
  return made!
}

async function race(): Promise<{ successes: number }> {
  const { sid, refreshToken } = await signIn()
  const answers = await Promise.all(Array.from({ length: PARALLEL }, () => refresh(refreshToken)))
  const winners = answers.filter(({ status }) => status === 200)
  const losers = answers.filter(({ status }) => status === 401)
  expect(winners.length + losers.length).toBe(PARALLEL)
  // The family is dead: its row says so, no token of it renews, and none lets in.
  const [family] = await world.sql`SELECT revoked_reason FROM auth_sessions WHERE id = ${sid}`
  expect(family!.revoked_reason).toBe('reuse')
  for (const { body } of winners) {
    expect((await refresh(body.refresh_token)).status).toBe(401)
    expect((await world.call('/api/v1/users/me', { token: body.access_token })).status).toBe(401)
  }
  return { successes: winners.length }
}

it(
  `${PARALLEL} at once get one successor between them, ${ROUNDS} times`,
  { timeout: TIMEOUT_MS },
  async () => {
    const successes: number[] = []
    const runner = async (): Promise<void> => {
      while (successes.length < ROUNDS) successes.push((await race()).successes)
    }
    await Promise.all(Array.from({ length: ROUNDS_AT_ONCE }, runner))
    expect(Math.max(...successes)).toBe(1)
    const [{ live } = { live: -1 }] = await world.sql<{ live: number }[]>`
    SELECT count(*)::int AS live FROM refresh_tokens t JOIN auth_sessions s ON s.id = t.session_id
    WHERE s.address = 'race' AND t.used_at IS NULL AND s.revoked_at IS NULL`
    expect(live).toBe(0)
  },
)

it('a token that is used once at a time goes on for as long as one likes', async () => {
  let { refreshToken } = await signIn()
  for (let turn = 0; turn < 10; turn += 1) {
    const { status, body } = await refresh(refreshToken)
    expect(status).toBe(200)
    refreshToken = body.refresh_token ?? randomUUID()
  }
})
