// Pure: no I/O, no clock, no randomness.
// Tables as files that a spreadsheet opens as they are (RFC 4180).

/** Without it Excel takes UTF-8 for the code page of the machine, and Korean becomes noise. */
const BYTE_ORDER_MARK = '\uFEFF'
const LINE_END = '\r\n'
/** A cell that begins so is run as a formula (OWASP, CSV injection). */
const FORMULA_START = /^[=+\-@\t\r\n]/
const NUMBER = /^-?\d+(?:\.\d+)?$/

export type CsvColumn<T> = {
  readonly header: string
  /** A number is written bare; anything that is none, though it should be, is kept as text. */
  readonly kind: 'text' | 'number'
  /** Null: an empty cell. */
  readonly of: (row: T) => string | null
}

/** The file: a head, then a line a row. */
export function csvOf<T>(columns: readonly CsvColumn<T>[], rows: readonly T[]): string {
  const head = columns.map(({ header }) => cellOf(header, 'text'))
  const lines = rows.map((row) => columns.map(({ kind, of }) => cellOf(of(row) ?? '', kind)))
  return BYTE_ORDER_MARK + [head, ...lines].map((line) => line.join(',') + LINE_END).join('')
}

function cellOf(text: string, kind: 'text' | 'number'): string {
  if (kind === 'number' && NUMBER.test(text)) return text
  const harmless = FORMULA_START.test(text) ? `'${text}` : text
  return /[",\r\n]|^ | $/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless
}
