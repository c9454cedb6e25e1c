// Pure: no I/O, no clock, no randomness.
// Who stands where.
//
// Profit of a period: (net worth now − put in until now) − (net worth then − put in until then), so that
// what was given, or taken, from outside counts for nothing. Return: that profit over the net worth the
// period began with, in percent, cut to four places; 0 where it began with nothing. Of `all` time the
// period began with an empty account: profit is net worth less all that was put in, over what was put in.
// The return is not weighted by time: money put in during the period is not in what it began with.

import type { RankingPeriod } from '@motu/shared/contract/ranking.ts'
import { type Decimal, ratio, toStep } from '@motu/shared/decimal.ts'

/** What an account was worth, and what had been put into it from outside until then; in won. */
export type Worth = { readonly netKrw: Decimal; readonly depositedKrw: Decimal }

export type Contestant = {
  readonly userId: string
  readonly nickname: string
  readonly now: Worth
  readonly began: Readonly<Record<Exclude<RankingPeriod, 'all'>, Worth>>
}
export type Placed<T extends Contestant> = {
  readonly one: T
  readonly rank: number
  readonly pnlKrw: Decimal
  readonly returnPct: Decimal
}

/** 0.0001 %. */
const RETURN_STEP: Decimal = 10_000n
const EMPTY: Worth = { netKrw: 0n, depositedKrw: 0n }

/** All of them, best first: by net worth over all time, else by return. Equal figures share a rank. */
export function rank<T extends Contestant>(all: readonly T[], period: RankingPeriod): Placed<T>[] {
  const figures = all.map((one) => ({ one, ...resultOf(one, period) }))
  const figureOf = ({ one, returnPct }: (typeof figures)[number]): Decimal =>
    period === 'all' ? one.now.netKrw : returnPct
  figures.sort((a, b) => {
    const difference = figureOf(b) - figureOf(a)
    if (difference !== 0n) return difference > 0n ? 1 : -1
    return a.one.nickname.localeCompare(b.one.nickname) || (a.one.userId < b.one.userId ? -1 : 1)
  })
  const placed: Placed<T>[] = []
  for (const [index, figure] of figures.entries()) {
    const before = figures[index - 1]
    const isTie = before !== undefined && figureOf(before) === figureOf(figure)
    placed.push({ ...figure, rank: isTie ? placed[index - 1]!.rank : index + 1 })
  }
  return placed
}

function resultOf(
  { now, began }: Contestant,
  period: RankingPeriod,
): { pnlKrw: Decimal; returnPct: Decimal } {
  const then = period === 'all' ? EMPTY : began[period]
  const base = period === 'all' ? now.depositedKrw : then.netKrw
  const pnlKrw = now.netKrw - now.depositedKrw - (then.netKrw - then.depositedKrw)
  if (base <= 0n) return { pnlKrw, returnPct: 0n }
  return { pnlKrw, returnPct: toStep(ratio(pnlKrw * 100n, base, 'down'), RETURN_STEP, 'down') }
}
