// Pure: no I/O, no clock, no randomness.
// Rules that change on a day: a table has one row per period, each with its id and its source.

/** `2026-01-02`, a day in the zone of the venue whose rule it dates. */
export type IsoDate = string

/** What every row of a dated table says about itself. */
export type Dated = {
  /** Stable and unique in its table; books keep it beside what was charged by it. */
  readonly id: string
  /** The first day the row holds; null in a first row that holds for every earlier day as well. */
  readonly from: IsoDate | null
  /** Where the rule is written, and what of it nobody has checked. */
  readonly source: string
}

const ISO_DATE = /^\d{4}-\d{2}-\d{2}$/

/**
 * The row in force on a day; null on a day before the first row, when the rule did not exist yet.
 * Rows are sorted by `from`, which a test holds every table to. Throws when `date` is not a date:
 * as text it would compare, and choose a row.
 */
export function inForce<Row extends Dated>(rows: readonly Row[], date: IsoDate): Row | null {
  assertDate(date)
  for (let index = rows.length - 1; index >= 0; index -= 1) {
    const row = rows[index]!
    if (row.from === null || row.from <= date) return row
  }
  return null
}

/** The row in force on a day and those that follow it: what may still come to apply. */
export function inForceFrom<Row extends Dated>(rows: readonly Row[], date: IsoDate): Row[] {
  const first = inForce(rows, date)
  return rows.filter((row) => row === first || (row.from !== null && row.from > date))
}

function assertDate(date: IsoDate): void {
  if (!ISO_DATE.test(date)) throw new Error(`not a date: ${date}`)
}
