import { expect, it } from 'vitest'
import { INSTRUMENTS } from './instrument.ts'
import { instrumentListSchema, packInstrument, unpackInstrument } from './instrument-list.ts'

it('brings every instrument back as it was', () => {
  const instruments = INSTRUMENTS.map(packInstrument)
  const wire: unknown = JSON.parse(JSON.stringify({ version: '1', instruments }))
  const list = instrumentListSchema.parse(wire).instruments!
  expect(list.map(unpackInstrument)).toEqual(INSTRUMENTS)
})

it.each([
  ['a price that is no decimal', 9, '1e5'],
  ['a venue that is none', 1, 'MARS'],
  ['a status that is none', 4, 'GONE'],
])('refuses %s', (_, index, value) => {
  const row: unknown[] = [...packInstrument(INSTRUMENTS[0]!)]
  row[index] = value
  expect(instrumentListSchema.safeParse({ version: '1', instruments: [row] }).success).toBe(false)
})
