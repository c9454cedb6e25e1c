import { expect, test } from 'vitest'
import { requestMaker, type RequestPlan } from './requests.ts'

const address = { host: '127.0.0.1', port: 8787 }
const plan: RequestPlan = {
  kind: 'orders',
  tokens: ['t0', 't1', 't2', 't3'],
  prefix: 'p-',
  orders: [{ ticker_id: 'CRYPTO-COIN-BTC', side: 'BUY', type: 'MARKET', quantity: '1' }],
}
const tokenOf = (text: string) => /Bearer (\S+)/.exec(text)![1]
const bodyOf = (text: string) => JSON.parse(text.slice(text.indexOf('\r\n\r\n') + 4)) as object

test('a user’s orders all travel over one connection', () => {
  const lanes = [0, 1].map((lane) => requestMaker(plan, address, { lane, lanes: 2 }))
  const tokens = lanes.map((requestOf) => new Set([0, 1, 2, 3].map((n) => tokenOf(requestOf(n)))))
  expect(tokens).toEqual([new Set(['t0', 't2']), new Set(['t1', 't3'])])
})

test('every order has a client order id of its own', () => {
  const bodies = [0, 1].flatMap((lane) => {
    const requestOf = requestMaker(plan, address, { lane, lanes: 2 })
    return [0, 1, 2].map((index) => bodyOf(requestOf(index)))
  })
  expect(bodies[0]).toMatchObject({ client_order_id: 'p-0-0', ticker_id: 'CRYPTO-COIN-BTC' })
  expect(new Set(bodies.map((body) => JSON.stringify(body))).size).toBe(6)
})
