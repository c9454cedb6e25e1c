// What could not become an order, as admins read it.

import { createHash, randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from 'vitest'
import {
  DEAD_LETTER_BODY_SHOWN_MAX,
  type DeadLetter,
  type DeadLetterList,
} from '@motu/shared/contract/dead-letters.ts'
import type { Tokens } from '@motu/shared/contract/auth.ts'
import { createWorld, PASSWORD, problemIn, type World } from './world.ts'

const PATH = '/api/v1/admin/dead-letters'

let world: World
let token: string
beforeAll(async () => {
  world = await createWorld()
  const { user_id, username } = await world.signedIn()
  await world.sql`UPDATE users SET role = 'ADMIN' WHERE id = ${user_id}`
  const body = { username, password: PASSWORD }
  token = (await world.call<Tokens>('/api/v1/login/access-token', { body })).body.access_token
})
afterAll(() => world.close())

type Buried = { detail?: string; orderId?: string; userId?: string }

async function bury(body: string, { detail, orderId, userId }: Buried = {}): Promise<void> {
  const hash = createHash('sha256').update(body).digest('hex')
  const reason = userId === undefined ? 'unreadable' : 'PostgresError'
  await world.sql`
    INSERT INTO dead_letters (body_sha256, body, reason, detail, order_id, user_id, created_at)
    VALUES (${hash}, ${body}, ${reason}, ${detail ?? null}, ${orderId ?? null}, ${userId ?? null},
      ${new Date(world.clock.nowMs)})`
}

async function page(query = ''): Promise<DeadLetterList> {
  const answer = await world.call<DeadLetterList>(PATH + query, { token })
  expect(answer.status).toBe(200)
  return answer.body
}

it('are shown newest first, a page at a time, with whose they are', async () => {
  expect(await page()).toEqual({ dead_letters: [], next_cursor: null })
  const { user_id: userId, username } = await world.signedIn()
  const orderId = randomUUID()
  await bury('{"kind"')
  await bury('{"kind":"place"}', { detail: 'value out of range', orderId, userId })
  await bury('{"kind":"cancel"}', { orderId, userId: randomUUID() })

  const first = await page('?limit=2')
  expect(first.dead_letters).toMatchObject([
    { reason: 'PostgresError', detail: null, username: null, body: '{"kind":"cancel"}' },
    { detail: 'value out of range', order_id: orderId, user_id: userId, username },
  ])
  const rest = await page(`?limit=2&cursor=${first.next_cursor}`)
  expect(rest).toEqual({
    dead_letters: [
      {
        dead_letter_id: expect.any(String) as string,
        at: new Date(world.clock.nowMs).toISOString(),
        ...{ reason: 'unreadable', detail: null, order_id: null, user_id: null, username: null },
        ...{ body: '{"kind"', is_cut: false },
      },
    ],
    next_cursor: null,
  })
})

it('show no secret, and of a long message its beginning', async () => {
  const key = `motu_${'a'.repeat(12)}_${'b'.repeat(40)}`
  await bury(`{"password":"hunter2","x":"${key}"}`, { detail: 'at postgres://u:hunter2@db/motu' })
  await bury('가'.repeat(DEAD_LETTER_BODY_SHOWN_MAX))
  await bury('나'.repeat(DEAD_LETTER_BODY_SHOWN_MAX + 1))
  const [long, whole, secret] = (await page('?limit=3')).dead_letters as [
    ...[DeadLetter, DeadLetter, DeadLetter],
  ]
  expect([whole.is_cut, whole.body.length]).toEqual([false, DEAD_LETTER_BODY_SHOWN_MAX])
  expect([long.is_cut, long.body.length]).toEqual([true, DEAD_LETTER_BODY_SHOWN_MAX])
  expect(JSON.stringify(secret)).not.toMatch(/hunter2|bbbb/)
})

it.each(['?cursor=x', '?cursor=-1', '?limit=0', '?limit=51'])('refuse %s', async (query) => {
  const [status, code, pointer] = problemIn(await world.call(PATH + query, { token }))
  expect([status, code, pointer]).toEqual([400, 'invalid-request', `#/${/\w+/.exec(query)![0]}`])
})
