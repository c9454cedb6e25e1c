// Writes a master to the table of instruments: one statement for all of it. What its source listed
// before and lists no more is DELISTED, never deleted: orders, fills and positions name it.

import { formatDecimal } from '@motu/shared/decimal.ts'
import { INSTRUMENTS_MAX } from '@motu/shared/instrument.ts'
import { columnsOf, quoted } from '../../db/column.ts'
import type { Sql, Transaction } from '../../db/connect.ts'
import type { Master } from './master.ts'

/** A list that lost more than this part of itself since the last one is a broken file. */
export const LOSS_PERCENT_MAX = 20

export type StoredMaster =
  | { readonly kind: 'stored'; added: number; changed: number; delisted: number }
  /** Nothing was changed. */
  | { readonly kind: 'refused'; reason: 'empty' | 'bulk_loss' | 'too_many'; detail: string }

/** Stores a master as a whole, or refuses it as a whole. Storing it again changes nothing. */
export async function storeMaster(sql: Sql, master: Master, nowMs: number): Promise<StoredMaster> {
  const { instruments, source } = master
  if (instruments.length === 0) return refused('empty', `${source} lists nothing`)
  return sql.begin(async (tx) => {
    // Against another load; who reads is not kept waiting.
    await tx`LOCK TABLE instruments IN SHARE ROW EXCLUSIVE MODE`
    const before = await countsOf(tx, master)
    if (before.missing * 100 > before.listed * LOSS_PERCENT_MAX) {
      const detail = `${before.missing} of ${before.listed} instruments of ${source} are missing: this file is broken, or not of this source`
      return refused('bulk_loss', detail)
    }
    if (before.total + before.unknown > INSTRUMENTS_MAX) {
      const detail = `${before.total + before.unknown} instruments are more than ${INSTRUMENTS_MAX}`
      return refused('too_many', detail)
    }
    const written = await upsert(tx, master, nowMs)
    const delisted = await delist(tx, master, nowMs)
    return { kind: 'stored', added: before.unknown, changed: written - before.unknown, delisted }
  })
}

function refused(
  reason: Extract<StoredMaster, { kind: 'refused' }>['reason'],
  detail: string,
): StoredMaster {
  return { kind: 'refused', reason, detail }
}

const idsOf = ({ instruments }: Master): string => columnsOf(instruments)((one) => one.tickerId)

type Counts = { total: number; listed: number; missing: number; unknown: number }

async function countsOf(tx: Transaction, master: Master): Promise<Counts> {
  const [row] = await tx<Counts[]>`
    WITH given AS (SELECT unnest(${idsOf(master)}::text[]) AS ticker_id)
    SELECT count(*)::int AS total,
      count(*) FILTER (WHERE i.source = ${master.source} AND i.status <> 'DELISTED')::int AS listed,
      count(*) FILTER (WHERE i.source = ${master.source} AND i.status <> 'DELISTED'
        AND g.ticker_id IS NULL)::int AS missing,
      ${master.instruments.length} - count(g.ticker_id)::int AS unknown
    FROM instruments i LEFT JOIN given g USING (ticker_id)`
  return row!
}

/** Rows added and rows changed: what says the same stays as it was, with its time. */
async function upsert(tx: Transaction, master: Master, nowMs: number): Promise<number> {
  const column = columnsOf(master.instruments)
  const maybe = (text: string | null): string | null => (text === null ? null : quoted(text))
  const { count } = await tx`
    INSERT INTO instruments (ticker_id, venue, kind, board, status, name_ko, name_en, sector,
      currency, reference_price, source, updated_at)
    SELECT *, ${master.source}, ${new Date(nowMs)}::timestamptz FROM unnest(
      ${column((one) => one.tickerId)}::text[],
      ${column((one) => one.venue)}::text[],
      ${column((one) => one.kind)}::text[],
      ${column((one) => one.board)}::text[],
      ${column((one) => one.status)}::text[],
      ${column((one) => quoted(one.nameKo))}::text[],
      ${column((one) => quoted(one.nameEn))}::text[],
      ${column((one) => maybe(one.sector))}::text[],
      ${column((one) => one.currency)}::text[],
      ${column((one) => formatDecimal(one.referencePrice))}::numeric[]
    )
    ON CONFLICT (ticker_id) DO UPDATE SET venue = EXCLUDED.venue, kind = EXCLUDED.kind,
      board = EXCLUDED.board, status = EXCLUDED.status, name_ko = EXCLUDED.name_ko,
      name_en = EXCLUDED.name_en, sector = EXCLUDED.sector, currency = EXCLUDED.currency,
      reference_price = EXCLUDED.reference_price, source = EXCLUDED.source,
      updated_at = EXCLUDED.updated_at
    WHERE (instruments.board, instruments.status, instruments.name_ko, instruments.name_en,
        instruments.sector, instruments.reference_price, instruments.source)
      IS DISTINCT FROM (EXCLUDED.board, EXCLUDED.status, EXCLUDED.name_ko, EXCLUDED.name_en,
        EXCLUDED.sector, EXCLUDED.reference_price, EXCLUDED.source)`
  return count
}

async function delist(tx: Transaction, master: Master, nowMs: number): Promise<number> {
  const { count } = await tx`
    UPDATE instruments SET status = 'DELISTED', updated_at = ${new Date(nowMs)}
    WHERE source = ${master.source} AND status <> 'DELISTED'
      AND ticker_id <> ALL (${idsOf(master)}::text[])`
  return count
}
