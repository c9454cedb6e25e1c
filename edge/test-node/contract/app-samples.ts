// What a user keeps for himself, for the matrix test.

import { randomUUID } from 'node:crypto'
import type { PushDevice } from '@motu/shared/contract/push.ts'
import type { ReportFigures } from '@motu/shared/contract/reports.ts'
import { keysOf, newDevice } from '../../../home/test/notifier/push-device.ts'
import { bearer, bodyOf, type Cast, type Stage } from './cast.ts'
import type { Sample, Sent } from './samples.ts'

const PREFERENCES = {
  ...{ locale: 'ko', theme: 'dark', colours: 'up_red', confirm_orders: true, fill_toasts: true },
}
const NOTIFICATIONS = {
  ...{ hidden_from_public: true, time_zone: 'America/New_York' },
  channels: { order_filled: ['push', 'telegram'], order_failed: [], price_alert: ['discord'] },
  quiet_hours: { from: '22:00', until: '07:00' },
}
const LIST = { name: '반도체', tickers: ['KRX-STOCK-005930', 'US-STOCK-NVDA'] }
/** No market reaches it while these tests run. */
const ALERT = { ticker_id: 'CRYPTO-COIN-BTC', condition: 'BELOW', price: '1', note: '바닥' }

/** The next person at a service. */
let externalId = 1
const REPORTED = '2027-12-30'
const FIGURES: ReportFigures = {
  ...{ gainer: null, loser: null, volume_king: null, trade_count: 0, notional_krw: '0' },
  ...{ net_worth: [], users: 0 },
  worth_began_at: '2027-12-29T15:00:00.000Z',
  worth_ended_at: '2027-12-30T15:00:00.000Z',
}

/** A report of a day there will be. */
export async function withReport({ sql }: Stage['motu']): Promise<Sent> {
  await sql`
    INSERT INTO daily_reports (date, figures, simulated, made_at, made_by)
    VALUES (${REPORTED}::text::date, ${JSON.stringify(FIGURES)}::text::json, true, now(), 'hand')
    ON CONFLICT DO NOTHING`
  return { params: { date: REPORTED } }
}

export const APP_SAMPLES: Readonly<Record<string, Sample>> = {
  'get /api/v1/reports': { status: 200, make: () => ({ query: '?limit=5' }) },
  'get /api/v1/reports/{date}': {
    status: 200,
    make: ({ motu }) => withReport(motu),
  },
  'get /api/v1/users/me/preferences': { status: 200, make: () => ({}) },
  'put /api/v1/users/me/preferences': { status: 200, make: () => ({ body: PREFERENCES }) },
  'get /api/v1/users/me/notifications': { status: 200, make: () => ({}) },
  'put /api/v1/users/me/notifications': {
    status: 200,
    make: () => ({ body: NOTIFICATIONS }),
  },
  'get /api/v1/push/devices': { status: 200, make: () => ({}) },
  'post /api/v1/push/devices': { status: 201, make: () => ({ body: pushDevice() }) },
  'delete /api/v1/push/devices/{id}': {
    status: 204,
    stranger: 404,
    make: async (stage, { owner }) => {
      const headers = bearer(owner.tokens)
      const answer = await stage.ask('POST', '/api/v1/push/devices', headers, pushDevice())
      return { params: { id: bodyOf<PushDevice>(answer, 201).device_id } }
    },
  },
  'get /api/v1/watch-lists': { status: 200, make: () => ({}) },
  // His own under the same id, whoever he is; that the owner's is left alone is looked at besides.
  'put /api/v1/watch-lists/{id}': {
    status: 200,
    make: async (stage, cast) => ({ ...(await kept(stage, cast, 'watch-lists')), body: LIST }),
  },
  'delete /api/v1/watch-lists/{id}': {
    status: 204,
    stranger: 404,
    make: (stage, cast) => kept(stage, cast, 'watch-lists'),
  },
  'get /api/v1/price-alerts': { status: 200, make: () => ({}) },
  'put /api/v1/price-alerts/{id}': {
    status: 200,
    make: async (stage, cast) => ({ ...(await kept(stage, cast, 'price-alerts')), body: ALERT }),
  },
  'delete /api/v1/price-alerts/{id}': {
    status: 204,
    stranger: 404,
    make: (stage, cast) => kept(stage, cast, 'price-alerts'),
  },
  'get /api/v1/channel-links': { status: 200, make: () => ({}) },
  'post /api/v1/channel-links/codes': { status: 201, make: () => ({ body: { may_trade: true } }) },
  'delete /api/v1/channel-links/{service}': {
    status: 204,
    stranger: 404,
    make: async (stage, { owner }) => {
      await stage.motu.sql`
        INSERT INTO channel_links (id, user_id, service, external_id, display_name, may_trade,
          linked_at)
        VALUES (${`link:${randomUUID()}`}, ${owner.userId}, 'discord', ${String(externalId++)},
          '민지', true, now()) ON CONFLICT DO NOTHING`
      return { params: { service: 'discord' } }
    },
  },
}

const pushDevice = () => ({
  endpoint: `https://fcm.googleapis.com/fcm/send/${randomUUID()}`,
  keys: keysOf(newDevice()),
})

/** One of the owner's; he may have few, so those of the calls before make room. */
async function kept(
  stage: Stage,
  { owner }: Cast,
  what: 'watch-lists' | 'price-alerts',
): Promise<Sent> {
  const table = what === 'watch-lists' ? 'watch_lists' : 'price_alerts'
  await stage.motu.sql`DELETE FROM ${stage.motu.sql(table)} WHERE user_id = ${owner.userId}`
  const id = randomUUID()
  const body = what === 'watch-lists' ? LIST : ALERT
  bodyOf(await stage.ask('PUT', `/api/v1/${what}/${id}`, bearer(owner.tokens), body), 200)
  return { params: { id } }
}
