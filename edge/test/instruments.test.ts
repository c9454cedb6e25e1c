// What is listed, kept on the edge's disk and known to the isolate.

import { env } from 'cloudflare:workers'
import { runInDurableObject } from 'cloudflare:test'
import {
  findInstrument,
  type Instrument,
  INSTRUMENTS,
  INSTRUMENTS_MAX,
  instrumentsVersion,
  registerInstruments,
} from '@motu/shared/instrument.ts'
import { packInstrument } from '@motu/shared/instrument-list.ts'
import { afterEach, expect, it } from 'vitest'
import { type Env, lastGoodOf } from '../src/env.ts'
import { recallInstruments, refreshInstruments } from '../src/instruments.ts'
import { KeptInstruments } from '../src/kept-instruments.ts'

const edgeEnv = env as unknown as Env
const APPLE = INSTRUMENTS.find(({ tickerId }) => tickerId === 'US-STOCK-AAPL')!
const listed = (index: number): Instrument => ({
  ...{ ...APPLE, tickerId: `US-STOCK-N${index}`, nameKo: `새 회사 ${index}`, sector: '금융' },
})

afterEach(() => registerInstruments([], 'built-in'))

it('keeps as many as there may be, and gives them back once per version', () =>
  runInDurableObject(edgeEnv.LAST_GOOD.getByName('kept-instruments'), (_instance, state) => {
    const kept = new KeptInstruments(state.storage.sql)
    expect(kept.find('built-in')).toBeNull()
    const many = Array.from({ length: INSTRUMENTS_MAX - 30 }, (_, index) => listed(index))
    kept.put('a', many.map(packInstrument))
    expect(kept.find('a')).toEqual({ version: 'a', instruments: null })
    expect(kept.find('b')?.instruments).toEqual(many.map(packInstrument))
    kept.put('b', [packInstrument(listed(1))])
    expect(new KeptInstruments(state.storage.sql).find('a')).toEqual({
      ...{ version: 'b', instruments: [packInstrument(listed(1))] },
    })
  }))

it('knows in the dark what home listed before', async () => {
  await lastGoodOf(edgeEnv).keepInstruments('c', [
    packInstrument(listed(1)),
    packInstrument({ ...APPLE, status: 'DELISTED' }),
  ])
  expect(findInstrument('US-STOCK-N1')).toBeUndefined()
  await recallInstruments(edgeEnv)
  expect(findInstrument('US-STOCK-N1')).toEqual(listed(1))
  expect(findInstrument('US-STOCK-AAPL')!.status).toBe('DELISTED')
  expect(instrumentsVersion()).toBe('c')
  // Home is dark in these tests: nothing changes, and nothing breaks.
  await refreshInstruments(edgeEnv)
  expect(instrumentsVersion()).toBe('c')
})
