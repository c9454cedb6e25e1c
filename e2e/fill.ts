// What lists and charts have to show: orders that filled and that rest, alerts, a watch list, keys,
// users. Written by the API, before anyone looks.

import { setTimeout as sleep } from 'node:timers/promises'
import { callApi, tokenOf } from './client.ts'
import type { MotuUnderTest } from './motu-under-test.ts'

const FILL_TIMEOUT_MS = 30_000
const POLL_MS = 250

type Kind = 'demo' | 'admin'

/** Trades, alerts and a watch list of one user; waits until the market orders are filled. */
export async function fillBooks(motu: MotuUnderTest, kind: Kind): Promise<void> {
  const token = await tokenOf(motu, kind)
  const place = (order: Record<string, string>) =>
    callApi<{ order_id: string }>(motu, token, 'POST', '/api/v1/orders', order)
  const buy = (ticker_id: string, quantity: string) =>
    place({ ticker_id, side: 'BUY', type: 'MARKET', quantity })
  const filled = [
    await buy('CRYPTO-COIN-BTC', '0.8'),
    await buy('CRYPTO-COIN-ETH', '2'),
    await buy('KRX-STOCK-005930', '120'),
    await buy('US-STOCK-AAPL', '30'),
  ]
  for (const { order_id } of filled) await isFilled(motu, token, order_id)
  const sold = await place({
    ...{ ticker_id: 'CRYPTO-COIN-BTC', side: 'SELL', type: 'MARKET', quantity: '0.3' },
  })
  await isFilled(motu, token, sold.order_id)
  await place({
    ...{ ticker_id: 'CRYPTO-COIN-ETH', side: 'BUY', type: 'LIMIT', quantity: '0.5' },
    limit_price: '2000000',
  })
  await place({
    ...{ ticker_id: 'KRX-STOCK-005930', side: 'BUY', type: 'LIMIT', quantity: '10' },
    limit_price: '40000',
  })
  await watchAndAlert(motu, token)
}

async function watchAndAlert(motu: MotuUnderTest, token: string): Promise<void> {
  const tickers = ['CRYPTO-COIN-BTC', 'KRX-STOCK-005930', 'US-STOCK-NVDA', 'CRYPTO-COIN-SOL']
  const lists = `/api/v1/watch-lists/${crypto.randomUUID()}`
  await callApi(motu, token, 'PUT', lists, { name: '눈여겨보는 종목', tickers })
  const alerts = [
    { ticker_id: 'CRYPTO-COIN-BTC', condition: 'ABOVE', price: '90000000', note: '목표가' },
    { ticker_id: 'US-STOCK-NVDA', condition: 'BELOW', price: '20', note: '' },
  ]
  for (const alert of alerts) {
    await callApi(motu, token, 'PUT', `/api/v1/price-alerts/${crypto.randomUUID()}`, alert)
  }
}

async function isFilled(motu: MotuUnderTest, token: string, orderId: string): Promise<void> {
  const since = Date.now()
  for (;;) {
    const path = `/api/v1/orders/${orderId}`
    // An order that home has not read yet is not there.
    const order = await callApi<{ status: string }>(motu, token, 'GET', path).catch(() => null)
    if (order?.status === 'FILLED') return
    if (Date.now() - since > FILL_TIMEOUT_MS) {
      throw new Error(`${orderId} is ${order?.status ?? 'unknown'}, and not filled`)
    }
    await sleep(POLL_MS)
  }
}

/** A key of each kind, a disabled user, an adjusted balance, a day off and a dividend. */
export async function fillAccounts(motu: MotuUnderTest): Promise<void> {
  const demo = await tokenOf(motu, 'demo')
  const admin = await tokenOf(motu, 'admin')
  await Promise.all([makeKeys(motu, demo), makeKeys(motu, admin), planMarket(motu, admin)])
  const friend = { username: 'friend', password: 'a-long-password', nickname: '친구' }
  await callApi(motu, null, 'POST', '/api/v1/auth/register', friend)
  const { users } = await callApi<{ users: { user_id: string; username: string }[] }>(
    motu,
    admin,
    'GET',
    '/api/v1/admin/users',
  )
  const path = (name: string) =>
    `/api/v1/admin/users/${users.find(({ username }) => username === name)!.user_id}`
  await callApi(motu, admin, 'POST', `${path('friend')}/disable`)
  await callApi(motu, admin, 'POST', `${path('demo')}/adjustments`, {
    ...{ adjustment_id: crypto.randomUUID(), amount_krw: '50000', reason: '이벤트 보상' },
  })
}

/** One that may trade, one that was rotated, one that was revoked. */
async function makeKeys(motu: MotuUnderTest, token: string): Promise<void> {
  const keys = '/api/v1/api-keys'
  const names = ['매매 봇', '대시보드', '쓰지 않는 키']
  const made = await Promise.all(
    names.map(async (name, index) => {
      const scopes = index === 0 ? ['read', 'trade'] : ['read']
      const body = { name, scopes, allowed_networks: ['203.0.113.0/24'] }
      return callApi<{ api_key_id: string }>(motu, token, 'POST', keys, body)
    }),
  )
  await callApi(motu, token, 'POST', `${keys}/${made[1]!.api_key_id}/rotate`, {
    grace_seconds: 3600,
  })
  await callApi(motu, token, 'DELETE', `${keys}/${made[2]!.api_key_id}`)
}

/** What admins say of the market: a day on which it stays closed, and a dividend to come. */
async function planMarket(motu: MotuUnderTest, token: string): Promise<void> {
  const day = new Date(Date.now() + 30 * 86_400_000).toISOString().slice(0, 10)
  const closed = { sessions: null, note: '임시공휴일' }
  await callApi(motu, token, 'PUT', `/api/v1/admin/calendar/KRX/${day}`, closed)
  await callApi(motu, token, 'POST', '/api/v1/admin/corporate-actions', {
    ...{ kind: 'CASH_DIVIDEND', ticker_id: 'KRX-STOCK-005930', ex_date: day },
    ...{ amount: '361', source: '2026년 4분기 현금배당 공시' },
  })
}
