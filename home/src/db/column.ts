// Pure: no I/O, no clock, no randomness.
// Columns as arguments: an array in Postgres's own text form. Measured: half the time of an array
// argument, which the driver escapes value by value.

/**
 * Answers a writer of columns of these rows. Only `quoted` text may hold anything beyond letters,
 * digits, `.`, `:`, `-` and `_`; everything else that goes in here is ours.
 */
export function columnsOf<T>(rows: readonly T[]) {
  return (value: (row: T) => string | number | bigint | boolean | null): string =>
    `{${rows.map((row) => value(row) ?? 'NULL').join(',')}}`
}

/** Text that someone else chose, quoted for the inside of an array. */
export function quoted(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&')}"`
}
