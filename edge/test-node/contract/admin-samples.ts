// What admins call, for the matrix test.

import { randomUUID } from 'node:crypto'
import type { Stage } from './cast.ts'
import type { Sample } from './samples.ts'

/** Far from any day that is traded on. */
const OVERRIDDEN = { venue: 'KRX', date: '2027-12-30' }
const TEMPLATE = { key: 'whale_trade' }
const PLACE = { place: 'discord:alerts' }

export const ADMIN_SAMPLES: Readonly<Record<string, Sample>> = {
  'get /api/v1/admin/users': { status: 200, make: () => ({ query: '?limit=2' }) },
  'post /api/v1/admin/users/{id}/disable': { status: 204, make: subject },
  'post /api/v1/admin/users/{id}/enable': {
    status: 204,
    make: async (stage) => {
      const sent = await subject(stage)
      await stage.motu.sql`UPDATE users SET disabled_at = now() WHERE id = ${sent.params.id}`
      return sent
    },
  },
  'put /api/v1/admin/users/{id}/role': {
    status: 204,
    make: async (stage) => ({ ...(await subject(stage)), body: { role: 'ADMIN' } }),
  },
  'post /api/v1/admin/users/{id}/adjustments': {
    status: 201,
    make: async (stage) => {
      const body = { adjustment_id: randomUUID(), amount_krw: '1000', reason: '이벤트' }
      return { ...(await subject(stage)), body }
    },
  },
  'get /api/v1/admin/calendar': { status: 200, make: () => ({}) },
  'put /api/v1/admin/calendar/{venue}/{date}': {
    status: 200,
    make: () => ({ params: OVERRIDDEN, body: { sessions: null, note: '임시공휴일' } }),
  },
  'delete /api/v1/admin/calendar/{venue}/{date}': {
    status: 204,
    make: async ({ motu }) => {
      await motu.sql`
        INSERT INTO calendar_overrides (venue, date, note, changed_at)
        VALUES (${OVERRIDDEN.venue}, ${OVERRIDDEN.date}::text::date, '임시공휴일', now())
        ON CONFLICT DO NOTHING`
      return { params: OVERRIDDEN }
    },
  },
  'post /api/v1/admin/corporate-actions': {
    status: 201,
    make: () => ({
      body: {
        ...{ kind: 'CASH_DIVIDEND', ticker_id: 'KRX-STOCK-005930', amount: '361' },
        // Far from any day that is traded on.
        ...{ ex_date: '2098-12-29', source: 'the contract tests' },
      },
    }),
  },
  'get /api/v1/admin/dead-letters': { status: 200, make: () => ({ query: '?limit=5' }) },
  'get /api/v1/admin/templates': { status: 200, make: () => ({}) },
  'get /api/v1/admin/templates/{key}': { status: 200, make: () => ({ params: TEMPLATE }) },
  'put /api/v1/admin/templates/{key}': {
    status: 200,
    make: () => ({ params: TEMPLATE, body: { ...TEMPLATE, content: '🐳 {nickname} {side}' } }),
  },
  'get /api/v1/admin/deliveries': { status: 200, make: () => ({ query: '?state=sent&limit=5' }) },
  'post /api/v1/admin/deliveries/{id}/retry': {
    status: 200,
    make: async ({ motu }) => {
      const [row] = await motu.sql<{ id: bigint }[]>`
        INSERT INTO deliveries (place, is_summary, state, not_before, created_at, ended_at)
        VALUES (${PLACE.place}, false, 'failed', now(), now(), now()) RETURNING id`
      return { params: { id: row!.id.toString() } }
    },
  },
  'get /api/v1/admin/delivery-places': { status: 200, make: () => ({}) },
  'post /api/v1/admin/delivery-places/{place}/switch-on': {
    status: 200,
    make: async ({ motu }) => {
      await motu.sql`
        INSERT INTO delivery_places (place, switched_off_at) VALUES (${PLACE.place}, now())
        ON CONFLICT (place) DO UPDATE SET switched_off_at = now()`
      return { params: PLACE }
    },
  },
  'get /api/v1/admin/audit': { status: 200, make: () => ({ query: '?limit=5' }) },
}

/** A user an admin does something to. */
async function subject(stage: Stage): Promise<{ params: { id: string } }> {
  const { userId: id } = await stage.newPerson()
  return { params: { id } }
}
