// Pure: no I/O, no clock, no randomness.
// What a day came to.
//
// Profit: (worth at the day's end − put in until then) − (worth at its beginning − put in until then), so
// that starting cash, adjustments and bailouts count for nothing. Gainer and loser are among those who
// took part: who traded, or whose worth moved. The gainer has the highest profit, though it may be a loss;
// the loser the lowest of the others. The volume king traded the most won, bought and sold together. Of
// equals the one who traded more comes first, then the one whose name does.

import type { ReportFigures } from '@motu/shared/contract/reports.ts'
import { DECIMAL_MAX, type Decimal, formatDecimal } from '@motu/shared/decimal.ts'

/** Lines of the table of worth at the most. */
const TABLE_MAX = 100

/** What an account was worth, and what had been put into it from outside until then; in won. */
export type Worth = { readonly atMs: number; readonly netKrw: Decimal; readonly putInKrw: Decimal }

export type Contestant = {
  readonly userId: string
  readonly nickname: string
  readonly began: Worth
  readonly ended: Worth
  /** Of his fills of the day; orders that were filled, wholly or in part. */
  readonly notionalKrw: Decimal
  readonly tradeCount: number
}

type Result = Contestant & { readonly pnlKrw: Decimal }

/** The figures of a day; whoever is in `unnamed` counts in the sums, and is named nowhere. */
export function figuresOf(
  all: readonly Contestant[],
  unnamed: ReadonlySet<string> = new Set(),
): ReportFigures {
  const named = all
    .filter(({ userId }) => !unnamed.has(userId))
    .map((one): Result => ({ ...one, pnlKrw: pnlOf(one) }))
    .sort(byVolumeThenName)
  const took = named.filter(({ pnlKrw, tradeCount }) => pnlKrw !== 0n || tradeCount > 0)
  const gainer = took.toSorted((a, b) => compare(b.pnlKrw, a.pnlKrw))[0]
  const others = took.filter((one) => one !== gainer)
  const loser = others.toSorted((a, b) => compare(a.pnlKrw, b.pnlKrw))[0]
  const king = named.find(({ tradeCount }) => tradeCount > 0)
  const notional = all.reduce((sum, { notionalKrw }) => sum + notionalKrw, 0n)
  return {
    gainer: gainer ? resultOf(gainer) : null,
    loser: loser ? resultOf(loser) : null,
    volume_king: king
      ? {
          nickname: king.nickname,
          notional_krw: formatDecimal(king.notionalKrw),
          trade_count: king.tradeCount,
        }
      : null,
    trade_count: all.reduce((sum, { tradeCount }) => sum + tradeCount, 0),
    notional_krw: formatDecimal(notional > DECIMAL_MAX ? DECIMAL_MAX : notional),
    net_worth: tableOf(named),
    users: all.length,
    worth_began_at: instant(Math.min(...all.map(({ began }) => began.atMs))),
    worth_ended_at: instant(Math.max(...all.map(({ ended }) => ended.atMs))),
  }
}

function pnlOf({ began, ended }: Contestant): Decimal {
  return ended.netKrw - ended.putInKrw - (began.netKrw - began.putInKrw)
}

function resultOf({ nickname, pnlKrw }: Result): { nickname: string; pnl_krw: string } {
  return { nickname, pnl_krw: formatDecimal(pnlKrw) }
}

function tableOf(named: readonly Result[]): ReportFigures['net_worth'] {
  const sorted = named.toSorted((a, b) => compare(b.ended.netKrw, a.ended.netKrw))
  const rankOf = (one: Result): number =>
    1 + sorted.findIndex(({ ended }) => ended.netKrw === one.ended.netKrw)
  return sorted.slice(0, TABLE_MAX).map((one) => ({
    rank: rankOf(one),
    nickname: one.nickname,
    net_worth_krw: formatDecimal(one.ended.netKrw),
    pnl_krw: formatDecimal(one.pnlKrw),
  }))
}

/** Sorting keeps the order of equals: what is sorted by this first breaks its ties by it. */
function byVolumeThenName(a: Result, b: Result): number {
  return (
    compare(b.notionalKrw, a.notionalKrw) ||
    a.nickname.localeCompare(b.nickname) ||
    (a.userId < b.userId ? -1 : 1)
  )
}

function compare(a: Decimal, b: Decimal): number {
  return a < b ? -1 : a > b ? 1 : 0
}

function instant(ms: number): string {
  return new Date(ms).toISOString()
}
