// Pure: no I/O, no clock, no randomness.
// The rows of a ranking, each with a key of its own: nicknames need not be unique.

import type { Ranked } from '@motu/shared/contract/ranking.ts'

export type RankedRow = { readonly key: string; readonly ranked: Ranked }

/** A row keeps its key while its user keeps his nickname, so that it can be seen to move. */
export function rankedRows(ranking: readonly Ranked[]): RankedRow[] {
  const counts = new Map<string, number>()
  return ranking.map((ranked) => {
    const base = ranked.is_self ? 'self' : `other ${ranked.nickname}`
    const count = (counts.get(base) ?? 0) + 1
    counts.set(base, count)
    return { key: `${count} ${base}`, ranked }
  })
}
