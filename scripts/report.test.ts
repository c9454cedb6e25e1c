// `npm run report`: what it prints, what it writes, and what it refuses.

import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createDatabase, type TestDatabase } from '../home/test/database.ts'
import { DATE, seedDay } from '../home/test/reporter/seeded-day.ts'

let database: TestDatabase
let folder: string
beforeAll(async () => {
  database = await createDatabase()
  folder = await mkdtemp(join(tmpdir(), 'motu-report-'))
  await seedDay(database.sql)
})
afterAll(async () => {
  await database.drop()
  await rm(folder, { recursive: true })
})

function report(...args: string[]): Promise<{ code: number | null; out: string; err: string }> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'report.ts'), ...args], {
    env: { ...process.env, MOTU_POSTGRES_URL: database.url },
  })
  const said = { out: '', err: '' }
  child.stdout.on('data', (chunk: Buffer) => (said.out += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (said.err += chunk.toString()))
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, ...said })))
}
const count = async (): Promise<number> => (await database.sql`SELECT 1 FROM notifications`).length

it('shows what it would say, makes it once, and writes its picture', async () => {
  const dry = await report('--date', DATE, '--dry-run')
  expect(dry.out).toContain('It has not been made')
  expect(await count()).toBe(0)
  const file = join(folder, 'report.png')
  const made = await report('--date', DATE, '--png', file)
  expect(made).toMatchObject({ code: 0, err: '' })
  const lines = made.out.split('\n')
  expect(lines.slice(0, 5)).toEqual([
    'daily report of 2026-11-20',
    '  gainer       민지  +4,210,000 KRW',
    '  loser        존버  -1,830,001 KRW',
    '  volume king  단타신  2 filled orders, 65,000,000 KRW',
    '  all          5 filled orders, 100,000,000 KRW',
  ])
  expect(lines).toContain('     3  존버  98,169,999 KRW  (-1,830,001)')
  expect(made.out).toContain('Made now.')
  expect((await readFile(file)).subarray(1, 4).toString()).toBe('PNG')
  const again = await report('--date', DATE)
  expect(again.out).toContain('It had already been made, at ')
  expect(again.code).toBe(0)
  expect(await count()).toBe(1)
})

it.each([
  [['--date', '2026-02-30'], '2026-02-30 is no date'],
  [['--date', 'yesterday'], 'yesterday is no date'],
  [['--date', '2999-01-01'], '2999-01-01 is not over in Seoul. The last day that is: 20'],
  [['--date', '2001-01-01'], 'Nobody had an account on 2001-01-01.'],
  [['--day', '2026-11-20'], 'npm run report -- '],
])('refuses %s', async (args, why) => {
  const { code, err } = await report(...args)
  expect(err).toContain(why)
  expect(err).not.toContain('    at ')
  expect(code).toBe(1)
})

it('explains itself', async () => {
  const { code, out } = await report('--help')
  expect(out).toContain('--dry-run')
  expect(code).toBe(0)
})
