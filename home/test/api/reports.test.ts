// The routes of the daily report: the edge's cron makes it, whoever may come in reads it.

import { afterAll, beforeAll, expect, it } from 'vitest'
import { type DailyReport, reportSchema } from '@motu/shared/contract/reports.ts'
import { REPORTS_PATH } from '@motu/shared/report-call.ts'
import { DATE, ENDED, seedDay } from '../reporter/seeded-day.ts'
import { createWorld, problemIn, type World } from './world.ts'

const MINUTE_MS = 60_000
const DAY_MS = 24 * 60 * MINUTE_MS

let world: World
let token: string
beforeAll(async () => {
  world = await createWorld()
  world.clock.nowMs = Date.parse(ENDED) + MINUTE_MS - 1_000
  token = (await world.signedIn()).access_token
  await seedDay(world.sql)
})
afterAll(() => world.close())

const ask = (date: string, more: object = {}) =>
  world.call(REPORTS_PATH, { body: { date, ...more } })
const get = <T>(path: string) => world.call<T>(`/api/v1/reports${path}`, { token })

it('is asked for by the edge, waited for, and made once', async () => {
  expect((await ask(DATE)).body).toEqual({ outcome: 'too_early', wait_ms: 1_000 })
  expect(problemIn(await get(`/${DATE}`))).toEqual([404, 'not-found'])
  world.clock.nowMs += 1_000
  expect((await ask(DATE)).body).toEqual({ outcome: 'made', wait_ms: 0 })
  expect((await ask(DATE)).body).toEqual({ outcome: 'already_made', wait_ms: 0 })
  const [row] = await world.sql`SELECT made_by FROM daily_reports`
  expect(row).toEqual({ made_by: 'edge' })
  const { body } = await get<DailyReport>(`/${DATE}`)
  expect(reportSchema.parse(body)).toEqual(body)
  expect(body).toMatchObject({ date: DATE, gainer: { nickname: '민지', pnl_krw: '4210000.5' } })
})

it('is asked for with a date of now, signed, and nothing else', async () => {
  expect(problemIn(await ask('2026-11-19'))).toEqual([400, 'invalid-request', '#/date'])
  expect(problemIn(await ask('2026-02-30'))).toEqual([400, 'invalid-request', '#/date'])
  expect(problemIn(await ask(DATE, { more: 1 }))[0]).toBe(400)
  const unsigned = await world.call(REPORTS_PATH, { body: { date: DATE }, signature: null })
  expect(problemIn(unsigned)).toEqual([401, 'unauthenticated'])
})

it('is listed, newest first', async () => {
  const { sql, clock } = world
  await sql`
    INSERT INTO daily_reports (date, figures, simulated, made_at, made_by)
    SELECT date - 1, figures, simulated, ${new Date(clock.nowMs - DAY_MS)}, 'hand'
    FROM daily_reports WHERE date = ${DATE}`
  const dates = async (query: string): Promise<string[]> =>
    (await get<{ reports: DailyReport[] }>(query)).body.reports.map(({ date }) => date)
  expect(await dates('')).toEqual([DATE, '2026-11-19'])
  expect(await dates('?limit=1')).toEqual([DATE])
  expect(await dates(`?before=${DATE}`)).toEqual(['2026-11-19'])
  expect(problemIn(await get('?before=2026-02-30'))).toEqual([400, 'invalid-request', '#/before'])
  expect(problemIn(await get('/2026-02-30'))).toEqual([400, 'invalid-request', '#/date'])
})
