// How accounts fared: points of net worth, their history, the ranking, and the routes of the statement.
// What a statement says of a random life: `home/test/statement`.

import { randomUUID } from 'node:crypto'
import { pino } from 'pino'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Tokens, User } from '@motu/shared/contract/auth.ts'
import { ledgerLineSchema, netWorthHistorySchema } from '@motu/shared/contract/performance.ts'
import type { Portfolio } from '@motu/shared/contract/portfolio.ts'
import { type Ranked, rankedSchema } from '@motu/shared/contract/ranking.ts'
import { decimal, formatDecimal } from '@motu/shared/decimal.ts'
import { partitionOf } from '@motu/shared/partition.ts'
import { USD_KRW } from '@motu/shared/ticker.ts'
import { startNetWorth, SLOT_MS, slotOf } from '../../src/api/net-worth-job.ts'
import { takeSnapshot, thinPoints } from '../../src/api/queries/net-worth.ts'
import { marketEvent } from '../market-event.ts'
import { createWorld, problemIn, type World } from './world.ts'

const BTC = 'CRYPTO-COIN-BTC'
const AAPL = 'US-STOCK-AAPL'
const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
/** A Friday, 12:00 in Seoul. */
const NOON = Date.parse('2026-11-20T03:00:00.000Z')
const log = pino({ level: 'silent' })

type SignedIn = User & Tokens
let world: World
let user: SignedIn
beforeEach(async () => {
  world = await createWorld()
  world.clock.nowMs = NOON
  user = await world.signedIn()
})
afterEach(() => world.close())

const get = <T = unknown>(path: string, who: SignedIn = user) =>
  world.call<T>(path, { token: who.access_token })
const sources = () => ({ bus: world.bus, sql: world.sql, log })
const ownerOf = ({ user_id }: SignedIn) => ({ partition: partitionOf(user_id), user_id })

async function insertPosition(
  who: SignedIn,
  ticker_id: string,
  [quantity, currency, cost_krw]: readonly [quantity: string, currency: string, costKrw: string],
) {
  await world.sql`INSERT INTO portfolios ${world.sql({
    ...ownerOf(who),
    ...{ ticker_id, quantity, currency, average_price: '100', cost_native: '1000', cost_krw },
  })}`
}

/** Gives cash, or takes it, with the ledger entry an admin's adjustment writes. */
async function adjust(who: SignedIn, amount: string): Promise<void> {
  const isGiven = !amount.startsWith('-')
  const [debit_account, credit_account] = isGiven ? ['CASH', 'GRANT'] : ['GRANT', 'CASH']
  await world.sql`UPDATE wallets SET balance_krw = balance_krw + ${amount}
    WHERE user_id = ${who.user_id}`
  await world.sql`INSERT INTO ledger_entries ${world.sql({
    ...{ ...ownerOf(who), source_id: randomUUID(), leg_no: 0, kind: 'adjustment', unit: 'KRW' },
    ...{ debit_account, credit_account, amount: amount.replace('-', '') },
    created_at: new Date(world.clock.nowMs),
  })}`
}

/** Won that trading brought: cash without an entry from outside. */
const gain = (who: SignedIn, amount: string) =>
  world.sql`UPDATE wallets SET balance_krw = balance_krw + ${amount} WHERE user_id = ${who.user_id}`

async function pointsOf(
  who: SignedIn,
): Promise<[at: string, net: string, put: string, keep: number][]> {
  const rows = await world.sql<{ at: Date; net: string; put: string; keep: number }[]>`
    SELECT at, net_worth_krw AS net, deposited_krw AS put, keep FROM net_worth_points
    WHERE user_id = ${who.user_id} ORDER BY at`
  const text = (value: string): string => formatDecimal(decimal(value))
  return rows.map(({ at, net, put, keep }) => [at.toISOString(), text(net), text(put), keep])
}

const equityOf = async (who: SignedIn): Promise<string> =>
  (await get<Portfolio>('/api/v1/portfolio', who)).body.equity_krw

describe('a snapshot', () => {
  it('has the very figures of the portfolio, and what was put in from outside', async () => {
    const others = [await world.signedIn(), await world.signedIn(), await world.signedIn()]
    // Prices and quantities whose products do not end at the eighth place.
    await insertPosition(user, BTC, ['0.12345679', 'KRW', '5'])
    await insertPosition(user, AAPL, ['3.333333', 'USD', '5'])
    await insertPosition(others[0]!, 'US-STOCK-MSFT', ['7', 'USD', '1234567.00000001'])
    await insertPosition(others[1]!, BTC, ['0', 'KRW', '0'])
    await insertPosition(others[2]!, AAPL, ['1000.000001', 'USD', '9'])
    await adjust(others[1]!, '2500000.5')
    await adjust(others[2]!, '-1000')
    await world.sql`UPDATE wallets SET held_krw = 77 WHERE user_id = ${others[0]!.user_id}`
    await world.bus.publishMarket([
      marketEvent(BTC, 1, { bid: '9000001.00000001', ask: '9002000' }),
      marketEvent(AAPL, 1, { bid: '99.9901', ask: '100.0102' }),
      marketEvent(USD_KRW, 1, { bid: '1399.37', ask: '1401.12345678' }),
    ])
    const slot = NOON + SLOT_MS
    expect(await takeSnapshot(sources(), slot)).toBe(4)
    const put = ['100000000', '100000000', '102500000.5', '99999000']
    for (const [index, who] of [user, ...others].entries()) {
      const last = (await pointsOf(who)).at(-1)!
      expect(last.slice(0, 3)).toEqual([
        new Date(slot).toISOString(),
        await equityOf(who),
        put[index],
      ])
    }
  })

  it('counts dollars at cost while no rate is known, and all of it without prices', async () => {
    await insertPosition(user, AAPL, ['10', 'USD', '1400000.5'])
    await world.bus.publishMarket([marketEvent(AAPL, 1, { bid: '200', ask: '200' })])
    await takeSnapshot(sources(), NOON + SLOT_MS)
    const [, net] = (await pointsOf(user)).at(-1)!
    expect(net).toBe('101400000.5')
    expect(net).toBe(await equityOf(user))
  })

  it('is taken once for a slot, by however many', async () => {
    const slot = NOON + SLOT_MS
    const counts = await Promise.all([1, 2, 3, 4].map(() => takeSnapshot(sources(), slot)))
    expect(counts.reduce((a, b) => a + b, 0)).toBe(1)
    expect(await takeSnapshot(sources(), slot)).toBe(0)
    expect(await takeSnapshot(sources(), slot - SLOT_MS)).toBe(0)
    expect(await takeSnapshot(sources(), slot + SLOT_MS)).toBe(1)
    expect(await pointsOf(user)).toHaveLength(3)
  })

  it('keeps the first of a day of Seoul for ever, of an hour for months, the rest for days', async () => {
    // From an hour before midnight there to half past it.
    const midnight = Date.parse('2026-11-20T15:00:00.000Z')
    for (let slot = midnight - HOUR_MS; slot <= midnight + HOUR_MS / 2; slot += SLOT_MS * 3) {
      await takeSnapshot(sources(), slot)
    }
    expect((await pointsOf(user)).map(([at, , , keep]) => [at.slice(11, 16), keep])).toEqual([
      ['03:00', 2],
      ...[
        ['14:00', 1],
        ['14:15', 0],
        ['14:30', 0],
        ['14:45', 0],
      ],
      ...[
        ['15:00', 2],
        ['15:15', 0],
        ['15:30', 0],
      ],
    ])
    const left = async (): Promise<string[]> =>
      (await pointsOf(user)).map(([at]) => at.slice(11, 16))
    expect(await thinPoints(world.sql, midnight + 2 * DAY_MS)).toBe(3)
    expect(await left()).toEqual(['03:00', '14:00', '15:00', '15:15', '15:30'])
    expect(await thinPoints(world.sql, midnight + 93 * DAY_MS)).toBe(3)
    expect(await left()).toEqual(['03:00', '15:00'])
    expect(await thinPoints(world.sql, midnight + 9_999 * DAY_MS)).toBe(0)
  })

  it('is taken at the slots, while the job runs', async () => {
    // Just before a slot, on a clock that goes on.
    const begun = Date.now()
    const now = (): number => NOON + 2 * SLOT_MS - 300 + Date.now() - begun
    const stop = startNetWorth({ ...sources(), now })
    await expect.poll(async () => (await pointsOf(user)).length, { timeout: 10_000 }).toBe(2)
    await stop()
    expect((await pointsOf(user)).at(-1)![0]).toBe(new Date(NOON + 2 * SLOT_MS).toISOString())
    expect(slotOf(NOON + SLOT_MS - 1)).toBe(NOON)
  })
})

describe('the history', () => {
  type History = { points: [number, string, string][]; as_of: string }
  const history = async (range: string): Promise<History> => {
    const { status, body } = await get<History>(`/api/v1/portfolio/history?range=${range}`)
    expect(status).toBe(200)
    netWorthHistorySchema.parse(body)
    return body
  }

  it('of a new account begins when it was opened, and ends now', async () => {
    world.clock.nowMs += 60_000
    await gain(user, '500')
    expect((await history('1m')).points).toEqual([
      [NOON, '100000000', '100000000'],
      [NOON + 60_000, '100000500', '100000000'],
    ])
  })

  it('is thinned evenly to its most, and its newest point is the portfolio of now', async () => {
    const begun = NOON - 3_001 * SLOT_MS
    await world.sql`UPDATE net_worth_points SET at = ${new Date(begun)}`
    await world.sql`
      INSERT INTO net_worth_points
      SELECT ${partitionOf(user.user_id)}::smallint, ${user.user_id}::uuid,
        ${new Date(begun)}::timestamptz + n * interval '5 minutes', n, 0, 0
      FROM generate_series(1, 3000) n`
    const { points, as_of } = await history('all')
    expect(points).toHaveLength(500)
    expect(points[0]).toEqual([begun, '100000000', '100000000'])
    expect(points.at(-2)![0]).toBe(NOON - SLOT_MS)
    expect(points.at(-1)).toEqual([world.clock.nowMs, await equityOf(user), '100000000'])
    expect(as_of).toBe(new Date(world.clock.nowMs).toISOString())
    const gaps = points.slice(1, -1).map(([at], index) => (at - points[index]![0]) / SLOT_MS)
    expect(Math.min(...gaps.slice(0, -1))).toBeGreaterThanOrEqual(6)
    expect(Math.max(...gaps)).toBeLessThanOrEqual(7)
    // A day has all of its points; the first is at its very beginning.
    const day = (await history('1d')).points
    expect(day).toHaveLength(289)
    expect(day[0]![0]).toBe(world.clock.nowMs - DAY_MS)
    expect((await history('1w')).points.length).toBeLessThanOrEqual(500)
  })

  it('knows no other range', async () => {
    const answer = await get('/api/v1/portfolio/history?range=2d')
    expect(problemIn(answer)).toEqual([400, 'invalid-request', '#/range'])
  })
})

describe('the ranking', () => {
  type Answer = { ranking: Ranked[]; users: number; as_of: string }
  const ranking = async (query: string, who: SignedIn = user): Promise<Answer> => {
    // Nobody waits for the last one to be forgotten.
    world.clock.nowMs += 2_000
    const { status, body } = await get<Answer>(`/api/v1/ranking?${query}`, who)
    expect(status).toBe(200)
    body.ranking.forEach((one) => rankedSchema.strict().parse(one))
    return body
  }
  const named = async (nickname: string): Promise<SignedIn> => {
    const one = await world.signedIn()
    await world.sql`UPDATE users SET nickname = ${nickname} WHERE id = ${one.user_id}`
    return { ...one, nickname }
  }

  it('by net worth: equal ones share a rank, the caller is in it, the disabled are not', async () => {
    const [ann, ben, cho, gone] = [
      await named('ann'),
      await named('ben'),
      await named('cho'),
      await named('gone'),
    ]
    await gain(ann, '300')
    await gain(ben, '300')
    await gain(cho, '100')
    await gain(gone, '900')
    await world.sql`UPDATE users SET disabled_at = now() WHERE id = ${gone.user_id}`
    const all = await ranking('period=all')
    expect(all.users).toBe(4)
    expect(all.ranking.map((one) => [one.rank, one.nickname, one.pnl_krw, one.is_self])).toEqual([
      [1, 'ann', '300', false],
      [1, 'ben', '300', false],
      [3, 'cho', '100', false],
      [4, '민지', '0', true],
    ])
    expect(all.ranking[0]).toMatchObject({ net_worth_krw: '100000300', return_pct: '0.0003' })
    const top = await ranking('limit=1')
    expect(top.ranking.map((one) => [one.rank, one.is_self])).toEqual([
      [1, false],
      [4, true],
    ])
    expect((await ranking('limit=1', ann)).ranking.map(({ is_self }) => is_self)).toEqual([true])
  })

  it('by period: profit without what was put in, over what the period began with', async () => {
    const midnight = Date.parse('2026-11-20T15:00:00.000Z')
    world.clock.nowMs = midnight - 600_000
    await world.sql`UPDATE users SET disabled_at = now()`
    user = await world.signedIn()
    await gain(user, '10000000')
    await takeSnapshot(sources(), midnight)
    world.clock.nowMs = midnight
    await adjust(user, '50000000')
    await gain(user, '5500000')
    const one = async (period: string): Promise<(string | undefined)[]> => {
      const own = (await ranking(`period=${period}`)).ranking.find(({ is_self }) => is_self)
      return [own?.pnl_krw, own?.return_pct]
    }
    // Of the day: from 110,000,000. The week and the month began before the account: from its first.
    expect(await one('day')).toEqual(['5500000', '5'])
    expect(await one('week')).toEqual(['15500000', '15.5'])
    expect(await one('month')).toEqual(['15500000', '15.5'])
    expect(await one('all')).toEqual(['15500000', '10.3333'])
    // The last instant of the day before is still that day's.
    world.clock.nowMs = midnight - 3_000
    expect(await one('day')).toEqual(['15500000', '15.5'])
  })

  it('begins a period of one of whom nothing is known with now', async () => {
    await gain(user, '500')
    await world.sql`DELETE FROM net_worth_points`
    const { ranking: list } = await ranking('period=week')
    expect(list).toMatchObject([{ pnl_krw: '0', return_pct: '0', rank: 1 }])
  })

  it('says by which model most of the latest fills were made', async () => {
    const models = ['standard@1', 'arcade@1', 'standard@1', null]
    for (const [index, model] of models.entries()) {
      const id = randomUUID()
      const at = new Date(NOON + index)
      await world.sql`INSERT INTO orders ${world.sql({
        ...{ ...ownerOf(user), id, client_order_id: id, ticker_id: BTC, side: 'BUY' },
        ...{ type: 'MARKET', time_in_force: 'GTC', requested_quantity: '1', quantity: '1' },
        ...{ status: 'FILLED', fill_count: 1, created_at: at, accepted_at: at, stored_at: at },
      })}`
      await world.sql`INSERT INTO fills ${world.sql({
        ...{ ...ownerOf(user), order_id: id, fill_no: 1, ticker_id: BTC, side: 'BUY' },
        ...{ quantity: '1', price: '1', currency: 'KRW', applied_exchange_rate: '1' },
        ...{ notional_krw: '1', fee_krw: '0', filled_at: at, event_epoch: 'e', event_seq: '1' },
        ...{ settled_late: false, evidence: model === null ? null : world.sql.json({ model }) },
      })}`
    }
    await world.signedIn()
    const { ranking: list } = await ranking('period=all')
    const own = list.find(({ is_self }) => is_self)
    expect(own?.fill_model).toBe('standard@1')
    expect(list.find(({ is_self }) => !is_self)?.fill_model).toBeNull()
  })

  it('tells nothing of others but nicknames and figures', async () => {
    const other = await named('someone')
    await insertPosition(other, BTC, ['1', 'KRW', '100'])
    const { ranking: list } = await ranking('period=day')
    const text = JSON.stringify(list)
    for (const secret of [other.user_id, other.username, user.user_id, BTC]) {
      expect(text).not.toContain(secret)
    }
    for (const one of list)
      expect(Object.keys(one).sort()).toEqual(Object.keys(rankedSchema.shape).sort())
  })

  it('is reckoned once for all who ask within two seconds', async () => {
    const other = await world.signedIn()
    const before = await ranking('period=all')
    await gain(other, '1')
    world.clock.nowMs += 1_999
    const { body: same } = await get<Answer>('/api/v1/ranking?period=all')
    expect(same).toEqual(before)
    world.clock.nowMs += 1
    const { body: after } = await get<Answer>('/api/v1/ranking?period=all')
    expect(after.ranking[0]).toMatchObject({ pnl_krw: '1', is_self: false })
  })
})

describe('the routes of the statement', () => {
  it('begin with the grant, and realised nothing', async () => {
    const { body } = await get<{ lines: unknown[]; next_cursor: null }>('/api/v1/portfolio/ledger')
    expect(body).toMatchObject({
      next_cursor: null,
      lines: [
        { kind: 'deposit', amount_krw: '100000000', balance_krw: '100000000', currency: 'KRW' },
      ],
    })
    ledgerLineSchema.strict().parse(body.lines[0])
    expect((await get('/api/v1/portfolio/realized')).body).toEqual({ days: [] })
  })

  it('refuse what they do not know', async () => {
    const refusals: [path: string, pointer: string][] = [
      ['ledger?cursor=x', '#/cursor'],
      ['ledger?limit=201', '#/limit'],
      ['realized?from=2026-02-30', '#/from'],
      ['realized?from=2026-11-21&to=2026-11-20', '#/from'],
      ['realized?to=0000-00-00', '#/to'],
    ]
    for (const [path, pointer] of refusals) {
      const answer = await get(`/api/v1/portfolio/${path}`)
      expect(problemIn(answer)).toEqual([400, 'invalid-request', pointer])
    }
  })

  it('are for their owner only', async () => {
    const other = await world.signedIn()
    await adjust(other, '5')
    const { body } = await get<{ lines: unknown[] }>('/api/v1/portfolio/ledger')
    expect(body.lines).toHaveLength(1)
    expect(problemIn(await world.call('/api/v1/portfolio/ledger'))).toEqual([
      401,
      'unauthenticated',
    ])
  })
})
