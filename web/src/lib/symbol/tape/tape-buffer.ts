// Pure: no I/O, no clock, no randomness.
// The newest prints of a ticker, newest first, and no more than fit.

import type { TapeView } from '@motu/shared/contract/stream.ts'

const PRINTS_SHOWN_MAX = 100

export type Print = {
  /** Counts up with every print taken: a row keeps its element while others come. */
  readonly id: number
  /** In ms since 1970. */
  readonly at: number
  readonly price: string
  readonly quantity: string
  /** Who took what stood in the book; null where the venue does not say. */
  readonly side: 'BUY' | 'SELL' | null
}

/**
 * The list with what a frame brings, oldest first in the frame. After a lost connection the first
 * frame has recent prints, some of them known: one that begins before the newest known print is
 * taken from behind that print only.
 */
export function withPrints(
  list: readonly Print[],
  frame: TapeView['prints'],
  max: number = PRINTS_SHOWN_MAX,
): readonly Print[] {
  const fresh = isRepeat(list, frame) ? afterKnown(list, frame) : frame
  if (fresh.length === 0) return list
  const nextId = (list[0]?.id ?? 0) + 1
  const added = fresh.map(([at, price, quantity, side], index) => ({
    ...{ id: nextId + index, at, price, quantity, side },
  }))
  return [...added.reverse(), ...list].slice(0, max)
}

function isRepeat([newest]: readonly Print[], [first]: TapeView['prints']): boolean {
  return newest !== undefined && first !== undefined && first[0] < newest.at
}

/** What of a repeated frame comes after the newest known print. */
function afterKnown(list: readonly Print[], frame: TapeView['prints']): TapeView['prints'] {
  const newest = list[0]!
  const known = frame.findLastIndex(
    ([at, price, quantity, side]) =>
      at === newest.at &&
      price === newest.price &&
      quantity === newest.quantity &&
      side === newest.side,
  )
  return known >= 0 ? frame.slice(known + 1) : frame.filter(([at]) => at > newest.at)
}
