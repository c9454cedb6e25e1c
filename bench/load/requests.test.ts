import { parseApiKey } from '@motu/shared/api-key.ts'
import { expect, test } from 'vitest'
import { bearer } from './http-connection.ts'
import { requestMaker, type RequestPlan } from './requests.ts'

const address = { host: '127.0.0.1', port: 8787 }
const plan: RequestPlan = {
  kind: 'orders',
  credentials: ['t0', 't1', 't2', 't3'].map(bearer),
  prefix: 'p-',
  orders: [{ ticker_id: 'CRYPTO-COIN-BTC', side: 'BUY', type: 'MARKET', quantity: '1' }],
}
const tokenOf = (text: string) => /Bearer (\S+)/.exec(text)![1]
const keyOf = (text: string) => /x-api-key: (\S+)/i.exec(text)![1]!
const clientOf = (text: string) => /x-forwarded-for: (\S+)/.exec(text)![1]!
const bodyOf = (text: string) => JSON.parse(text.slice(text.indexOf('\r\n\r\n') + 4)) as object

/** The first `count` requests of two connections, in the order of their numbers. */
function requestsOf(of: RequestPlan, count: number): string[] {
  const lanes = [0, 1].map((lane) => requestMaker(of, address, { lane, lanes: 2 }))
  return Array.from({ length: count }, (_, number) => lanes[number % 2]!(Math.floor(number / 2)))
}

test('a user’s orders all travel over one connection', () => {
  const lanes = [0, 1].map((lane) => requestMaker(plan, address, { lane, lanes: 2 }))
  const tokens = lanes.map((requestOf) => new Set([0, 1, 2, 3].map((n) => tokenOf(requestOf(n)))))
  expect(tokens).toEqual([new Set(['t0', 't2']), new Set(['t1', 't3'])])
})

test('every order has a client order id of its own', () => {
  const bodies = requestsOf(plan, 6).map(bodyOf)
  expect(bodies[0]).toMatchObject({ client_order_id: 'p-0-0', ticker_id: 'CRYPTO-COIN-BTC' })
  expect(new Set(bodies.map((body) => JSON.stringify(body))).size).toBe(6)
})

test('wrong sign-ins name users and nobody, from few addresses and from many', () => {
  const usernames = ['minji', 'jiho']
  const flood = { kind: 'wrong-sign-ins', usernames, firstAddress: 0 } as const
  const sent = requestsOf(flood, 400).map((text) => ({
    client: clientOf(text),
    username: (bodyOf(text) as { username: string }).username,
  }))
  const clientsOf = (isKnown: boolean, network: string) =>
    sent
      .filter(({ username }) => usernames.includes(username) === isKnown)
      .flatMap(({ client }) => (client.startsWith(network) ? client : []))
  for (const isKnown of [true, false]) {
    const few = clientsOf(isKnown, '198.19.')
    expect([few.length, new Set(few).size]).toEqual([100, 8])
    const many = clientsOf(isKnown, '198.18.')
    expect([many.length, new Set(many).size]).toEqual([100, 100])
  }
})

test('guesses look like keys, half of them by the id of one, and differ', () => {
  const keyIds = ['4fK2jd81LmQz']
  const guesses = requestsOf({ kind: 'key-guesses', keyIds, seed: 1 }, 100).map(keyOf)
  expect(new Set(guesses).size).toBe(100)
  expect(guesses.every((guess) => /^motu_[0-9A-Za-z]{12}_[0-9A-Za-z]{38}$/.test(guess))).toBe(true)
  expect(guesses.filter((guess) => guess.startsWith('motu_4fK2jd81LmQz_')).length).toBe(50)
  expect(guesses.filter((guess) => parseApiKey(guess)).length).toBe(0)
})
