// What the edge's disk keeps of what is listed, for when home is dark or the edge was restarted.

import type { InstrumentList, PackedInstrument } from '@motu/shared/instrument-list.ts'

/** A row of SQLite holds 2 MB; five hundred instruments are 75 KB. */
const INSTRUMENTS_PER_CHUNK = 500

export class KeptInstruments {
  readonly #sql: SqlStorage

  constructor(sql: SqlStorage) {
    this.#sql = sql
    sql.exec(`CREATE TABLE IF NOT EXISTS instruments (
      chunk INTEGER PRIMARY KEY,
      version TEXT NOT NULL,
      list TEXT NOT NULL
    )`)
  }

  /** Keeps a list instead of the one before. The writes of one call are one transaction. */
  put(version: string, instruments: readonly PackedInstrument[]): void {
    this.#sql.exec('DELETE FROM instruments')
    for (let start = 0; start < instruments.length; start += INSTRUMENTS_PER_CHUNK) {
      const chunk = JSON.stringify(instruments.slice(start, start + INSTRUMENTS_PER_CHUNK))
      const insert = 'INSERT INTO instruments (chunk, version, list) VALUES (?,?,?)'
      this.#sql.exec(insert, start / INSTRUMENTS_PER_CHUNK, version, chunk)
    }
  }

  /** The list, unless its version is known already; null when nothing is kept. */
  find(known: string): InstrumentList | null {
    const [first] = this.#sql.exec<{ version: string }>('SELECT version FROM instruments LIMIT 1')
    if (!first) return null
    if (first.version === known) return { version: known, instruments: null }
    const select = 'SELECT list FROM instruments ORDER BY chunk'
    const chunks = [...this.#sql.exec<{ list: string }>(select)]
    const instruments = chunks.flatMap(({ list }) => JSON.parse(list) as PackedInstrument[])
    return { version: first.version, instruments }
  }
}
