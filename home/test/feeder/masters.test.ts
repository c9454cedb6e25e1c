// Master data into a real Postgres, from there into the registry, and by the command.

import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { pino } from 'pino'
import {
  findInstrument,
  type Instrument,
  INSTRUMENTS,
  instrumentsVersion,
  knownInstruments,
  registerInstruments,
} from '@motu/shared/instrument.ts'
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest'
import { followInstruments, loadInstruments } from '../../src/db/instruments.ts'
import type { Master } from '../../src/feeder/masters/master.ts'
import { storeMaster } from '../../src/feeder/masters/store-master.ts'
import { createDatabase, type TestDatabase } from '../database.ts'

const run = promisify(execFile)
const NOW = Date.parse('2026-11-20T00:00:00Z')
const SAMPLES = join(import.meta.dirname, '../../src/feeder/masters/samples')
const SAMSUNG = INSTRUMENTS.find(({ tickerId }) => tickerId === 'KRX-STOCK-005930')!

let database: TestDatabase
beforeEach(async () => {
  database = await createDatabase()
})
afterEach(() => database.drop())
afterAll(() => registerInstruments([], 'built-in'))

const listed = (code: number, more: Partial<Instrument> = {}): Instrument => ({
  ...{ ...SAMSUNG, tickerId: `KRX-STOCK-${code}`, nameKo: `회사 "${code}", {}\\`, sector: null },
  ...more,
})
const master = (instruments: Instrument[], source = 'krx:kospi'): Master => ({
  ...{ source, instruments, skipped: new Map() },
})
const range = (from: number, to: number): Instrument[] =>
  Array.from({ length: to - from + 1 }, (_, index) => listed(from + index))
const statusOf = async (code: number): Promise<unknown> => {
  const [row] = await database.sql`
    SELECT status FROM instruments WHERE ticker_id = ${`KRX-STOCK-${code}`}`
  return row?.status
}

describe('a master', () => {
  it('is stored, and stored again without a change', async () => {
    const { sql } = database
    const all = master([...range(100_001, 100_010), listed(100_011, { sector: '금융' })])
    expect(await storeMaster(sql, all, NOW)).toEqual({
      ...{ kind: 'stored', added: 11, changed: 0, delisted: 0 },
    })
    expect(await storeMaster(sql, all, NOW + 1)).toEqual({
      ...{ kind: 'stored', added: 0, changed: 0, delisted: 0 },
    })
    expect(await loadInstruments(sql)).toBe(true)
    expect(instrumentsVersion()).toBe(`11-${NOW}`)
    expect(findInstrument('KRX-STOCK-100011')).toEqual(listed(100_011, { sector: '금융' }))
    expect(knownInstruments()).toHaveLength(41)
    expect(await loadInstruments(sql)).toBe(false)
  })

  it.each([
    [20, 'stored'],
    [21, 'refused'],
  ])('that lost %i of a hundred is %s', async (lost, kind) => {
    const { sql } = database
    await storeMaster(sql, master(range(100_001, 100_100)), NOW)
    await storeMaster(sql, master([listed(200_001)], 'krx:kosdaq'), NOW)
    const stored = await storeMaster(sql, master(range(100_001 + lost, 100_100)), NOW + 1)
    expect(stored.kind).toBe(kind)
    expect(await statusOf(100_001)).toBe(kind === 'stored' ? 'DELISTED' : 'LISTED')
    // Another source's are not missed.
    expect(await statusOf(200_001)).toBe('LISTED')
  })

  it('halts, delists, lists again, and follows who changed the board', async () => {
    const { sql } = database
    await storeMaster(sql, master(range(100_001, 100_010)), NOW)
    const halted = [...range(100_001, 100_008), listed(100_009, { status: 'HALTED' })]
    expect(await storeMaster(sql, master(halted), NOW + 1)).toEqual({
      ...{ kind: 'stored', added: 0, changed: 1, delisted: 1 },
    })
    expect(await statusOf(100_009)).toBe('HALTED')
    expect(await statusOf(100_010)).toBe('DELISTED')
    await storeMaster(sql, master([listed(100_010, { board: 'KOSDAQ' })], 'krx:kosdaq'), NOW + 2)
    expect(await statusOf(100_010)).toBe('LISTED')
    await storeMaster(sql, master(range(100_001, 100_009)), NOW + 3)
    expect(await statusOf(100_010)).toBe('LISTED')
  })

  it('that is empty is refused', async () => {
    const stored = await storeMaster(database.sql, master([]), NOW)
    expect(stored).toMatchObject({ kind: 'refused', reason: 'empty' })
  })

  it('is taken in by a process that follows the table', async () => {
    const { sql } = database
    await storeMaster(sql, master(range(100_001, 100_001)), NOW)
    const stop = await followInstruments(sql, pino({ level: 'silent' }))
    expect(findInstrument('KRX-STOCK-100001')?.board).toBe('KOSPI')
    await stop()
  })
})

describe('the command', () => {
  const command = async (...args: string[]): Promise<string> => {
    const env = { ...process.env, MOTU_POSTGRES_URL: database.url }
    const script = join(import.meta.dirname, '../../../scripts/instruments.ts')
    try {
      const { stdout } = await run(process.execPath, [script, ...args], { env })
      return stdout
    } catch (error) {
      return `failed: ${(error as { stderr: string }).stderr}`
    }
  }
  const load = (source: string, file: string, ...more: string[]): Promise<string> =>
    command('load', '--source', source, '--file', join(SAMPLES, file), ...more)

  it('loads every source, and says what it did', async () => {
    expect(await load('krx', 'kospi_code.mst')).toContain('added 6, changed 0, delisted 0')
    expect(await load('krx', 'kosdaq_code.mst.zip')).toContain('added 4, changed 0, delisted 0')
    expect(await load('us', 'nasmst.cod')).toContain('left out: 1 (no base price)')
    // Bitcoin's price is known; of the others only those that are told.
    expect(await load('crypto', 'market-all.json')).toContain('left out: 2 (no price known)')
    const prices = join(SAMPLES, 'ticker.json')
    expect(await load('crypto', 'market-all.json', '--prices', prices)).toContain('added 1,')
    const [row] = await database.sql`SELECT count(*)::int FROM instruments`
    expect(row!.count).toBe(15)
  })

  it.each([
    [['--help'], 'npm run instruments'],
    [[], 'failed: npm run instruments'],
    [['load', '--source', 'krx', '--file', '/nowhere/kospi'], 'failed: /nowhere/kospi cannot be'],
    [['load', '--source', 'krx'], 'failed: --file is missing'],
    [['load', '--source', 'moon', '--file', 'x'], 'failed: --source is krx'],
    [['load', '--source', 'krx', '--file', `${SAMPLES}/nasmst.cod`], 'failed: Which board'],
    [['load', '--source', 'us', '--file', `${SAMPLES}/kospi_code.mst`], 'failed: line 1 is none'],
  ])('%j answers', async (args, answer) => {
    expect(await command(...args)).toContain(answer)
  })
})
