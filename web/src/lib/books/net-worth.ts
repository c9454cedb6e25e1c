// Pure: no I/O, no clock, no randomness.
// Net worth over time, and what was gained in it. Money put in from outside is never a gain.

import type { NetWorthHistory } from '@motu/shared/contract/performance.ts'
import { type Decimal, decimal } from '@motu/shared/decimal.ts'
import { dayNumberAt, instantOf } from '@motu/shared/venues/zone.ts'
import { share } from '#lib/trade/share.ts'

export type NetWorthPoints = NetWorthHistory['points']
/** `percent` of what it began with; null when it began with nothing. */
export type Gain = { readonly krw: Decimal; readonly percent: Decimal | null }

/** One point of the curve. `gainKrw`: since its first point, without what was put in meanwhile. */
export type CurvePoint = {
  readonly at: number
  readonly netWorthKrw: Decimal
  readonly putInKrw: Decimal
  readonly gainKrw: Decimal
}

/** Midnight in Seoul of the day an instant belongs to, in ms: where `today` begins. */
export function seoulMidnight(now: number): number {
  return instantOf('Asia/Seoul', dayNumberAt('Asia/Seoul', now), 0)
}

/** The curve of the stored points. */
export function curveOf(points: NetWorthPoints): CurvePoint[] {
  const [first] = points
  if (!first) return []
  const began = { netWorth: decimal(first[1]), putIn: decimal(first[2]) }
  return points.map(([at, netWorth, putIn]) =>
    pointAt(at, { netWorth: decimal(netWorth), putIn: decimal(putIn) }, began),
  )
}

/** A curve ended by the net worth of this moment, unless what is stored is newer. */
export function withLive(
  curve: readonly CurvePoint[],
  live: { at: number; netWorthKrw: Decimal },
): readonly CurvePoint[] {
  const [first] = curve
  const last = curve.at(-1)
  if (!first || !last || live.at <= last.at) return curve
  const began = { netWorth: first.netWorthKrw, putIn: first.putInKrw }
  return [...curve, pointAt(live.at, { netWorth: live.netWorthKrw, putIn: last.putInKrw }, began)]
}

/** What a curve gained from its first point to its last; null of nothing. */
export function gainOf(curve: readonly CurvePoint[]): Gain | null {
  const [first] = curve
  const last = curve.at(-1)
  return first && last ? gainBetween(first, last) : null
}

/**
 * What was gained since an instant: against the last point at or before it, or the first one of an
 * account that is younger. Null while nothing is known.
 */
export function gainSince(curve: readonly CurvePoint[], since: number): Gain | null {
  const first = curve.findLast(({ at }) => at <= since) ?? curve[0]
  const last = curve.at(-1)
  return first && last ? gainBetween(first, last) : null
}

function gainBetween(first: CurvePoint, last: CurvePoint): Gain {
  const krw = last.gainKrw - first.gainKrw
  // An account that began with nothing is measured by what was put in.
  const began = first.netWorthKrw > 0n ? first.netWorthKrw : last.putInKrw - first.putInKrw
  return { krw, percent: began > 0n ? share(krw, began) : null }
}

type Standing = { netWorth: Decimal; putIn: Decimal }

function pointAt(at: number, { netWorth, putIn }: Standing, began: Standing): CurvePoint {
  const gainKrw = netWorth - began.netWorth - (putIn - began.putIn)
  return { at, netWorthKrw: netWorth, putInKrw: putIn, gainKrw }
}
