// Instruments as the database has them: from the sources' master data, over those that are built in.

import { decimal } from '@motu/shared/decimal.ts'
import {
  type Board,
  type Currency,
  type Instrument,
  INSTRUMENTS,
  type InstrumentKind,
  INSTRUMENTS_MAX,
  instrumentsVersion,
  type ListingStatus,
  registerInstruments,
  type Venue,
} from '@motu/shared/instrument.ts'
import type { Log } from '../log.ts'
import type { Sql } from './connect.ts'

/** How old what a process knows of the table may be. */
export const INSTRUMENTS_POLL_MS = 10_000

type Row = {
  ticker_id: string
  venue: Venue
  kind: InstrumentKind
  board: Board | null
  name_ko: string
  name_en: string
  sector: string | null
  currency: Currency
  reference_price: string
  status: ListingStatus
}

/** What tells one state of the table from another. */
export async function readInstrumentsVersion(sql: Sql): Promise<string> {
  const [row] = await sql<{ count: number; at: Date | null }[]>`
    SELECT count(*)::int AS count, max(updated_at) AS at FROM instruments`
  return row!.at === null ? 'built-in' : `${row!.count}-${row!.at.getTime()}`
}

/** As many as a process may know beside the built-in ones; what is delisted goes first. */
export async function readInstruments(sql: Sql): Promise<Instrument[]> {
  const rows = await sql<Row[]>`
    SELECT ticker_id, venue, kind, board, name_ko, name_en, sector, currency, reference_price, status
    FROM instruments ORDER BY status = 'DELISTED', venue, ticker_id
    LIMIT ${INSTRUMENTS_MAX - INSTRUMENTS.length}`
  return rows.map((row) => ({
    tickerId: row.ticker_id,
    venue: row.venue,
    kind: row.kind,
    board: row.board,
    status: row.status,
    nameKo: row.name_ko,
    nameEn: row.name_en,
    sector: row.sector,
    currency: row.currency,
    referencePrice: decimal(row.reference_price),
  }))
}

/** Registers what the table says, if it says something new. Answers whether it did. */
export async function loadInstruments(sql: Sql): Promise<boolean> {
  // The version first: what changes in between is read again the next time, not missed.
  const version = await readInstrumentsVersion(sql)
  if (version === instrumentsVersion()) return false
  registerInstruments(await readInstruments(sql), version)
  return true
}

/** Loads now, then looks every ten seconds; answers how to stop. */
export async function followInstruments(sql: Sql, log: Log): Promise<() => Promise<void>> {
  await loadInstruments(sql)
  let looking = Promise.resolve()
  const timer = setInterval(() => {
    looking = looking
      .then(() => loadInstruments(sql))
      .then((isNew) => {
        if (isNew) log.info({ version: instrumentsVersion() }, 'the list of instruments changed')
      })
      .catch((error: unknown) => log.warn({ err: error }, 'the instruments cannot be read'))
  }, INSTRUMENTS_POLL_MS)
  return async () => {
    clearInterval(timer)
    await looking
  }
}
