// An instant in a query, as a person or a program writes it.

import { invalidRequest } from './problem.ts'

const INSTANT_MAX_MS = 4_102_444_800_000 // 2100-01-01

/** A day, or an instant with its offset. `Date.parse` alone takes `-5` for a month of 2001. */
const ISO_8601 = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:\d\d))?$/

/** ISO 8601 or milliseconds since 1970, within this century; `undefined` where nothing is said. */
export function parseInstant(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const isMs = /^\d{1,14}$/.test(text)
  const ms = isMs ? Number.parseInt(text, 10) : ISO_8601.test(text) ? Date.parse(text) : Number.NaN
  if (ms >= 0 && ms < INSTANT_MAX_MS) return ms
  const message = 'must be ISO 8601, such as 2026-11-20T09:00:00Z, or milliseconds since 1970'
  throw invalidRequest([{ path: [name], message }])
}
