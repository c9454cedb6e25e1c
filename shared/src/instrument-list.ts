// Pure: no I/O, no clock, no randomness.
// Instruments on their way from home to an edge, and on its disk: one short row each.

import { z } from 'zod'
import { decimal, formatDecimal, parseDecimal } from './decimal.ts'
import {
  BOARDS,
  CURRENCIES,
  type Instrument,
  INSTRUMENT_KINDS,
  INSTRUMENTS_MAX,
  LISTING_STATUSES,
  VENUES,
} from './instrument.ts'
import { TICKER_ID_LENGTH_MAX } from './ticker.ts'

/** Where home answers an edge. `?known=` names the version the edge has. */
export const INSTRUMENTS_PATH = '/internal/instruments'

export const packedInstrumentSchema = z.tuple([
  z.string().max(TICKER_ID_LENGTH_MAX),
  z.enum(VENUES),
  z.enum(INSTRUMENT_KINDS),
  z.enum(BOARDS).nullable(),
  z.enum(LISTING_STATUSES),
  z.string(),
  z.string(),
  z.string().nullable(),
  z.enum(CURRENCIES),
  z.string().refine((text) => parseDecimal(text) !== null),
])
/** Ticker id, venue, kind, board, status, Korean and English name, sector, currency, reference price. */
export type PackedInstrument = z.infer<typeof packedInstrumentSchema>

export const instrumentListSchema = z.object({
  version: z.string().min(1).max(100),
  /** Null: the version that was named is still the one. */
  instruments: z.array(packedInstrumentSchema).max(INSTRUMENTS_MAX).nullable(),
})
export type InstrumentList = z.infer<typeof instrumentListSchema>

export function packInstrument(one: Instrument): PackedInstrument {
  const { tickerId, venue, kind, board, status, nameKo, nameEn, sector, currency } = one
  const price = formatDecimal(one.referencePrice)
  return [tickerId, venue, kind, board, status, nameKo, nameEn, sector, currency, price]
}

export function unpackInstrument(packed: PackedInstrument): Instrument {
  const [tickerId, venue, kind, board, status, nameKo, nameEn, sector, currency, price] = packed
  const names = { nameKo, nameEn, sector }
  return {
    ...{ tickerId, venue, kind, board, status, ...names, currency },
    referencePrice: decimal(price),
  }
}
