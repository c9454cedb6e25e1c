// Corporate actions as rows: recorded by an admin or a source, applied once at their ex-date.

import { decimal } from '@motu/shared/decimal.ts'
import type { ActionTerms } from '@motu/shared/corporate-action.ts'
import type { Sql, Transaction } from './connect.ts'

export type CorporateAction = {
  readonly id: string
  readonly tickerId: string
  /** `2026-11-20`, in the zone of the venue. */
  readonly exDate: string
  readonly terms: ActionTerms
  readonly source: string
  readonly createdAt: number
  /** Null: not applied yet. */
  readonly appliedAt: number | null
}

type Row = {
  id: string
  ticker_id: string
  kind: ActionTerms['kind']
  ex_date: string
  ratio_from: string | null
  ratio_to: string | null
  amount: string | null
  source: string
  created_at: Date
  applied_at: Date | null
}

const COLUMNS = `id, ticker_id, kind, ex_date::text AS ex_date, ratio_from, ratio_to, amount, source,
  created_at, applied_at`

function actionOf(row: Row): CorporateAction {
  return {
    id: row.id,
    tickerId: row.ticker_id,
    exDate: row.ex_date,
    terms:
      row.kind === 'SPLIT'
        ? { kind: 'SPLIT', from: decimal(row.ratio_from!), to: decimal(row.ratio_to!) }
        : { kind: 'CASH_DIVIDEND', amount: decimal(row.amount!) },
    source: row.source,
    createdAt: row.created_at.getTime(),
    appliedAt: row.applied_at?.getTime() ?? null,
  }
}

/** Not applied, with an ex-date up to this one; the oldest first. A split comes after a dividend. */
export async function readDueActions(sql: Sql, until: string): Promise<CorporateAction[]> {
  const rows = await sql<Row[]>`
    SELECT ${sql.unsafe(COLUMNS)} FROM corporate_actions
    WHERE applied_at IS NULL AND ex_date <= ${until}::date ORDER BY ex_date, kind, ticker_id`
  return rows.map(actionOf)
}

/** Of one ticker, or of all; the newest ex-date first. */
export async function readActions(
  sql: Sql,
  { tickerId, limit }: { tickerId: string | undefined; limit: number },
): Promise<CorporateAction[]> {
  const rows = await sql<Row[]>`
    SELECT ${sql.unsafe(COLUMNS)} FROM corporate_actions
    WHERE ${tickerId ?? null}::text IS NULL OR ticker_id = ${tickerId ?? null}
    ORDER BY ex_date DESC, ticker_id, kind LIMIT ${limit}`
  return rows.map(actionOf)
}

/** Records an action; one that is there under its id stays as it is, and is answered. */
export async function insertAction(
  tx: Transaction,
  action: Omit<CorporateAction, 'appliedAt'>,
  texts: { ratioFrom: string | null; ratioTo: string | null; amount: string | null },
): Promise<{ action: CorporateAction; isNew: boolean }> {
  const { id, tickerId, exDate, terms, source, createdAt } = action
  const { count } = await tx`
    INSERT INTO corporate_actions (id, ticker_id, kind, ex_date, ratio_from, ratio_to, amount, source,
      created_at)
    VALUES (${id}, ${tickerId}, ${terms.kind}, ${exDate}, ${texts.ratioFrom}, ${texts.ratioTo},
      ${texts.amount}, ${source}, ${new Date(createdAt)})
    ON CONFLICT (id) DO NOTHING`
  const rows = await tx<Row[]>`
    SELECT ${tx.unsafe(COLUMNS)} FROM corporate_actions WHERE id = ${id}`
  return { action: actionOf(rows[0]!), isNew: count === 1 }
}
