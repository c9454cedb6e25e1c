// Corporate actions over the API: recorded by an admin, once, read by anyone.

import { afterAll, beforeAll, expect, it } from 'vitest'
import type { CorporateActionView } from '@motu/shared/contract/corporate-actions.ts'
import { createWorld, PASSWORD, problemIn, type World } from './world.ts'

const PATH = '/api/v1/admin/corporate-actions'
const SPLIT = {
  ...{ kind: 'SPLIT', ticker_id: 'KRX-STOCK-005930', ex_date: '2026-12-01' },
  ...{ ratio_from: '1', ratio_to: '50', source: 'DART' },
}
const DIVIDEND = {
  ...{ kind: 'CASH_DIVIDEND', ticker_id: 'US-STOCK-AAPL', ex_date: '2026-12-02' },
  ...{ amount: '0.26', source: 'SEC 8-K' },
}

let world: World
let token: string
beforeAll(async () => {
  world = await createWorld()
  const { user_id, username } = await world.signedIn()
  await world.sql`UPDATE users SET role = 'ADMIN' WHERE id = ${user_id}`
  const body = { username, password: PASSWORD }
  const signedIn = await world.call<{ access_token: string }>('/api/v1/login/access-token', {
    body,
  })
  token = signedIn.body.access_token
})
afterAll(() => world.close())

it('is recorded once, audited, and shown to anyone', async () => {
  const first = await world.call<CorporateActionView>(PATH, { token, body: SPLIT })
  expect(first.status).toBe(201)
  expect(first.body).toMatchObject({ ...SPLIT, amount: null, applied_at: null })
  const again = await world.call<CorporateActionView>(PATH, {
    ...{ token, body: { ...SPLIT, ratio_to: '50.0' } },
  })
  expect(again.body).toEqual(first.body)
  const other = await world.call(PATH, { token, body: { ...SPLIT, ratio_to: '5' } })
  expect(problemIn(other).slice(0, 2)).toEqual([400, 'invalid-request'])
  expect((await world.call(PATH, { token, body: DIVIDEND })).status).toBe(201)
  const [audited] = await world.sql`
    SELECT count(*)::int FROM audit_log WHERE action = 'corporate_action_recorded'`
  expect(audited!.count).toBe(2)
  const list = async (query: string) =>
    (
      await world.call<{ actions: CorporateActionView[] }>(
        `/api/v1/market/corporate-actions${query}`,
      )
    ).body.actions
  expect((await list('')).map(({ ticker_id }) => ticker_id)).toEqual([
    ...['US-STOCK-AAPL', 'KRX-STOCK-005930'],
  ])
  expect(await list('?ticker_id=KRX-STOCK-005930')).toEqual([first.body])
  expect(await list('?ticker_id=KRX-STOCK-000660')).toEqual([])
})

it.each([
  ['an unknown ticker', { ...SPLIT, ticker_id: 'KRX-STOCK-999999' }, 422],
  ['a dividend of a coin', { ...DIVIDEND, ticker_id: 'CRYPTO-COIN-BTC' }, 400],
  ['a split into as many', { ...SPLIT, ratio_to: '1.0', ex_date: '2027-01-04' }, 400],
  ['no shares', { ...SPLIT, ratio_to: '0' }, 400],
  ['more than a thousand for one', { ...SPLIT, ratio_to: '1000.00000001' }, 400],
  ['a day that is none', { ...SPLIT, ex_date: '2026-02-30' }, 400],
  ['a split with an amount', { ...SPLIT, amount: '1' }, 400],
  ['a dividend below zero', { ...DIVIDEND, amount: '-1' }, 400],
])('refuses %s', async (_, body, status) => {
  expect((await world.call(PATH, { token, body })).status).toBe(status)
})
