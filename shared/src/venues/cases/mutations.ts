// Pure: no I/O, no clock, no randomness.
// Small changes to a table, one at a time: what a test of the table has to notice.

export type Mutation<Rules> = { readonly path: string; readonly rules: Rules }

/** Prose; nothing is decided by it. */
const NOT_RULES = new Set(['source'])
/** Words that mean something: each becomes the other. */
const OPPOSITES: Readonly<Record<string, string>> = {
  trade: 'settlement',
  settlement: 'trade',
  percent_of_notional: 'per_share',
  per_share: 'percent_of_notional',
}
const DATE = /^\d{4}-\d{2}-\d{2}$/
const DAY_MS = 86_400_000
/** A first row that had a first day; earlier than any that a case is about. */
const SOME_FIRST_DAY = '2014-12-31'

/**
 * Every table that differs from `rules` in one value: a number by its last digit, a date by a day,
 * an id or another word by another one, a list by an entry less, an absent value by a present one.
 */
export function mutationsOf<Rules>(rules: Rules): Mutation<Rules>[] {
  return changesOf(rules, '').map(([path, changed]) => ({ path, rules: changed as Rules }))
}

type Change = readonly [path: string, value: unknown]

function changesOf(value: unknown, path: string): Change[] {
  if (Array.isArray(value)) return changesOfList(value, path)
  if (typeof value === 'object' && value !== null) {
    return Object.entries(value).flatMap(([key, part]) =>
      NOT_RULES.has(key)
        ? []
        : changesOf(part, `${path}.${key}`).map(([where, changed]): Change => [
            where,
            { ...value, [key]: changed },
          ]),
    )
  }
  return othersThan(value, path).map((other): Change => [`${path} = ${String(other)}`, other])
}

function changesOfList(list: readonly unknown[], path: string): Change[] {
  return list.flatMap((part, index): Change[] => [
    [`${path}[${index}] left out`, list.toSpliced(index, 1)],
    ...changesOf(part, `${path}[${index}]`).map(([where, changed]): Change => [
      where,
      list.with(index, changed),
    ]),
  ])
}

function othersThan(value: unknown, path: string): unknown[] {
  if (typeof value === 'bigint') return [value - 1n, value + 1n]
  if (typeof value === 'string') {
    if (DATE.test(value)) return [dayAfter(value, -1), dayAfter(value, 1)]
    return [OPPOSITES[value] ?? `${value}~`]
  }
  if (value !== null) throw new Error(`${path}: no other value is known for ${String(value)}`)
  if (path.endsWith('.from')) return [SOME_FIRST_DAY]
  return /\.(cap|max)$/.test(path) ? [1n] : [[]]
}

function dayAfter(date: string, days: number): string {
  return new Date(Date.parse(date) + days * DAY_MS).toISOString().slice(0, 10)
}
