// What the candles of a minute say of a day, and of a year.

import { columnsOf } from '../../db/column.ts'
import type { Sql } from '../../db/connect.ts'
import { shortest } from './market.ts'

/** A ticker and its day: from an instant up to, not including, another; UTC milliseconds. */
export type DaySpan = { tickerId: string; fromMs: number; toMs: number }

/** Prices are null where there is no candle. */
export type DayRow = {
  ticker_id: string
  open: string | null
  high: string | null
  low: string | null
  volume: string
  /** At the mean of each minute's high, low and close; in the ticker's currency, two places. */
  turnover: string
}

/**
 * The days so far of any number of tickers, by ticker id: one statement, an index range for each (a
 * full day takes some 2 ms).
 */
export async function readDays(sql: Sql, spans: readonly DaySpan[]): Promise<Map<string, DayRow>> {
  if (spans.length === 0) return new Map()
  const rows = await sql<DayRow[]>`
    SELECT span.ticker_id, day.* FROM ${spansOf(sql, spans)}, LATERAL (
      SELECT (array_agg(open ORDER BY open_at))[1] AS open, max(high) AS high, min(low) AS low,
        coalesce(sum(volume), 0)::text AS volume,
        round(coalesce(sum(volume * (high + low + close)) / 3, 0), 2)::text AS turnover
      FROM candles
      WHERE ticker_id = span.ticker_id AND interval = '1m'
        AND open_at >= span.from_at AND open_at < span.to_at
    ) AS day`
  const known = (price: string | null): string | null => price && shortest(price)
  return new Map(
    rows.map((row) => [
      row.ticker_id,
      {
        ticker_id: row.ticker_id,
        ...{ open: known(row.open), high: known(row.high), low: known(row.low) },
        ...{ volume: shortest(row.volume), turnover: shortest(row.turnover) },
      },
    ]),
  )
}

/** What was traded, in units and in the ticker's currency; both times 10^8. */
export type TradedSum = { volume: bigint; turnover: bigint }

/** What was traded in each span, by ticker id; one without candles is left out. */
export async function readSums(
  sql: Sql,
  spans: readonly DaySpan[],
): Promise<Map<string, TradedSum>> {
  if (spans.length === 0) return new Map()
  const rows = await sql<{ ticker_id: string; volume: string; turnover: string }[]>`
    SELECT span.ticker_id, day.volume::text AS volume, day.turnover::text AS turnover
    FROM ${spansOf(sql, spans)}, LATERAL (
      SELECT sum(volume)::numeric(40,8) AS volume,
        (sum(volume * (high + low + close)) / 3)::numeric(40,8) AS turnover
      FROM candles
      WHERE ticker_id = span.ticker_id AND interval = '1m'
        AND open_at >= span.from_at AND open_at < span.to_at
    ) AS day
    WHERE day.volume IS NOT NULL`
  // Eight places always: without its point the text is the number times 10^8.
  const scaled = (text: string): bigint => BigInt(text.replace('.', ''))
  return new Map(
    rows.map((row) => [
      row.ticker_id,
      { volume: scaled(row.volume), turnover: scaled(row.turnover) },
    ]),
  )
}

/** The highest and lowest price of a ticker since an instant, of its minutes and its older days. */
export async function readExtremes(
  sql: Sql,
  tickerId: string,
  sinceMs: number,
): Promise<{ high: string; low: string } | null> {
  const [row] = await sql<{ high: string | null; low: string | null }[]>`
    SELECT max(high) AS high, min(low) AS low FROM candles
    WHERE ticker_id = ${tickerId} AND interval IN ('1m', '1d')
      AND open_at >= ${new Date(sinceMs)}`
  return row?.high && row.low ? { high: shortest(row.high), low: shortest(row.low) } : null
}

/** The spans as a table `span(ticker_id, from_at, to_at)`. */
function spansOf(sql: Sql, spans: readonly DaySpan[]) {
  const column = columnsOf(spans)
  return sql`unnest(
      ${column((span) => span.tickerId)}::text[],
      ${column((span) => new Date(span.fromMs).toISOString())}::timestamptz[],
      ${column((span) => new Date(span.toMs).toISOString())}::timestamptz[]
    ) AS span(ticker_id, from_at, to_at)`
}
