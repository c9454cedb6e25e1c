// What is listed, as the API shows it, and the index it is searched by.

import type { instrumentSchema } from '@motu/shared/contract/market.ts'
import { decimal, formatDecimal } from '@motu/shared/decimal.ts'
import {
  type Instrument,
  INSTRUMENTS_MAX,
  knownInstruments,
  lotOf,
  tickOf,
  VENUE_RULES,
} from '@motu/shared/instrument.ts'
import {
  indexInstruments,
  searchInstruments,
  type SearchIndex,
} from '@motu/shared/instrument-search.ts'
import type { MarketEvent } from '@motu/shared/market-data.ts'
import type { z } from 'zod'

let indexed: { list: readonly Instrument[]; index: SearchIndex } | null = null

/** The index of all that is known, made anew when that has changed (20,000 take 60 ms). */
export function everything(): SearchIndex {
  const list = knownInstruments()
  if (indexed?.list !== list) indexed = { list, index: indexInstruments(list) }
  return indexed.index
}

/**
 * What somebody may mean by what he typed: instruments that answer to it, and what of it may be a
 * part of a ticker id that is no longer known. Nothing typed: anything.
 */
export function called(
  typed = '',
): { tickerIds: readonly string[]; idPart: string | null } | undefined {
  if (typed.trim() === '') return undefined
  const found = searchInstruments(everything(), typed, { limit: INSTRUMENTS_MAX })
  const id = typed.trim().toUpperCase()
  const idPart = /^[A-Z0-9.-]+$/.test(id) ? id : null
  return { tickerIds: found.map(({ tickerId }) => tickerId), idPart }
}

/** One instrument for a client; its tick is that of its last price. */
export function viewInstrument(
  one: Instrument,
  events: ReadonlyMap<string, MarketEvent>,
): z.infer<typeof instrumentSchema> {
  const price = events.get(one.tickerId)?.price
  const at = price === undefined ? one.referencePrice : decimal(price)
  return {
    ticker_id: one.tickerId,
    venue: one.venue,
    kind: one.kind,
    board: one.board,
    status: one.status,
    name_ko: one.nameKo,
    name_en: one.nameEn,
    sector: one.sector,
    currency: one.currency,
    lot: formatDecimal(lotOf(one, 'MARKET')),
    tick: formatDecimal(tickOf(one, at)),
    commission_percent: formatDecimal(VENUE_RULES[one.venue].commissionPercent),
  }
}
