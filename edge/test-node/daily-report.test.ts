// The edge's cron, fired in workerd as Cloudflare fires it: home is asked once for the report of the day
// that ended in Seoul, and again while it is dark or says that it is too early.

import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { REPORTS_PATH } from '@motu/shared/report-call.ts'
import { createTestHarness } from 'wrangler'
import { FakeHome, SECRET } from './fake-home.ts'

const ROOT = join(import.meta.dirname, '../..')
/** Midnight in Seoul: the 20th is over. */
const MIDNIGHT = new Date('2026-11-20T15:00:00.000Z')
const CRON = '0 15 * * *'

const home = new FakeHome()
let edge: ReturnType<typeof createTestHarness>
beforeAll(async () => {
  // Wrangler wants the folder of the web app, with or without an app in it.
  mkdirSync(join(ROOT, 'web/build'), { recursive: true })
  await home.start()
  edge = createTestHarness({
    root: ROOT,
    workers: [
      {
        configPath: 'wrangler.toml',
        vars: { HOME_URL: home.url },
        secrets: { INTERNAL_SECRET: SECRET },
      },
    ],
  })
  await edge.listen()
})
afterAll(async () => {
  await edge.close()
  await home.stop()
})
afterEach(() => {
  home.answers.clear()
  home.calls.length = 0
})

const fire = () => edge.getWorker().scheduled({ scheduledTime: MIDNIGHT, cron: CRON })
const asked = () =>
  home.calls
    .filter(({ path }) => path === REPORTS_PATH)
    .map(({ body }) => JSON.parse(body) as object)
const answer = (outcome: string, wait_ms = 0) => ({ body: { outcome, wait_ms } })

it('is set to midnight in Seoul', () => {
  expect(readFileSync(join(ROOT, 'wrangler.toml'), 'utf8')).toContain(`crons = ["${CRON}"]`)
})

it.each(['made', 'already_made', 'nobody'])('asks once, where home says %s', async (outcome) => {
  home.answers.set(`POST ${REPORTS_PATH}`, answer(outcome))
  expect((await fire()).outcome).toBe('ok')
  expect(asked()).toEqual([{ date: '2026-11-20' }])
})

it('asks again when it was too early, or home was in trouble', async () => {
  const answers = [answer('too_early', 1), { status: 503 }, answer('made')]
  home.answers.set(`POST ${REPORTS_PATH}`, () => answers.shift()!)
  await fire()
  expect(asked()).toHaveLength(3)
})

it('asks a home that was dark until it is back', async () => {
  const { port } = home
  await home.stop()
  home.answers.set(`POST ${REPORTS_PATH}`, answer('made'))
  const fired = fire()
  await new Promise((resolve) => setTimeout(resolve, 500))
  await home.start(port)
  await fired
  expect(asked()).toEqual([{ date: '2026-11-20' }])
})

it('does not ask again what home refuses', async () => {
  home.answers.set(`POST ${REPORTS_PATH}`, { status: 400, body: {} })
  await fire()
  expect(asked()).toHaveLength(1)
})
