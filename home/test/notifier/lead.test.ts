// Of two only one leads: until it stops, loses its connection, or is silent for too long.

import { pino } from 'pino'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { takeTurns, type Turn } from '../../src/notifier/lead.ts'
import { createDatabase, type TestDatabase } from '../database.ts'
import { until } from '../until.ts'

const log = pino({ level: 'silent' })

let database: TestDatabase
let stops: (() => Promise<void>)[] = []
beforeAll(async () => {
  database = await createDatabase()
})
afterAll(() => database.drop())
afterEach(async () => {
  for (const stop of stops) await stop()
  stops = []
})

/** Somebody who would lead; `turns` are those that he had, the last one perhaps still his. */
function join() {
  const turns: Turn[] = []
  const stop = takeTurns({
    ...{ postgresUrl: database.url, log },
    lead: (turn) => {
      turns.push(turn)
      return new Promise((resolve) => {
        turn.signal.addEventListener('abort', () => resolve(), { once: true })
      })
    },
  })
  stops.push(stop)
  return {
    ...{ turns, stop },
    leads: () => turns.length > 0 && !turns.at(-1)!.signal.aborted,
  }
}

const isHeld = (turn: Turn): Promise<boolean> =>
  database.sql.begin((tx) => turn.isHeld(tx)) as Promise<boolean>

const leadConnections = () => database.sql<{ pid: number }[]>`
  SELECT l.pid FROM pg_locks l JOIN pg_stat_activity a USING (pid)
  WHERE l.locktype = 'advisory' AND l.granted AND a.application_name = 'motu-notifier-lead'
    AND a.datname = current_database()`

it('hands the lead over when it stops', async () => {
  const first = join()
  await until(() => first.leads())
  const second = join()
  expect(await isHeld(first.turns[0]!)).toBe(true)
  expect(second.turns).toHaveLength(0)
  await first.stop()
  await until(() => second.leads())
  expect(await isHeld(first.turns[0]!)).toBe(false)
  expect(await isHeld(second.turns[0]!)).toBe(true)
})

it('stops leading when its connection is cut, and only one leads after', async () => {
  const both = [join(), join()]
  await until(() => both.some((one) => one.leads()))
  const cut = both.find((one) => one.leads())!
  const [before] = cut.turns
  const [{ pid } = { pid: 0 }] = await leadConnections()
  await database.sql`SELECT pg_terminate_backend(${pid})`
  await until(() => before!.signal.aborted)
  expect(await isHeld(before!)).toBe(false)
  await until(() => both.filter((one) => one.leads()).length === 1)
  expect(await leadConnections()).toHaveLength(1)
})
