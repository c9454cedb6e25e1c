// Pure: no I/O, no clock, no randomness.
// What is to be told of home's being away: once that it is, once that it is back.
//
//   nothing ──dark for long enough──► dark (a message to send) ──back for a while──► back (another) ──sent──► nothing
//                                       └── back before its message went out: one message tells both

import { clockTime, durationText } from '@motu/shared/message-time.ts'

/** How long home must be back before it is told: a link that flaps is told of once. */
export const BACK_FOR_MS = 10_000

/** A message on its way. */
export type Post = {
  text: string
  /** Tries that were begun. */
  attempts: number
  /** A try was begun and its end is not known. */
  isBegun: boolean
  /** A try may have arrived though its answer was never seen. */
  mayRepeat: boolean
  notBefore: number
}

/** An outage that is told of, as it stands on the disk. */
export type Outage = {
  darkSince: number
  /** Since when home is back; null while it is dark. */
  upSince: number | null
  /** Orders accepted meanwhile. */
  orders: number
  isOver: boolean
  post: Post | null
}

export type Seen = {
  nowMs: number
  isUp: boolean
  /** Since when home is dark. */
  darkSince: number
  /** Since when this process has watched without seeing it: an edge that slept knows nothing. */
  watchedSince: number
  /** Orders accepted since the last look. */
  orders: number
}

/** The next state after a look; null: there is nothing to tell. */
export function nextOutage(before: Outage | null, seen: Seen, afterMs: number): Outage | null {
  const { nowMs, isUp, darkSince, watchedSince } = seen
  if (before === null || (before.isOver && before.post === null)) {
    if (isUp || nowMs - Math.max(darkSince, watchedSince) < afterMs) return null
    const post = postOf(darkText(darkSince))
    return { darkSince, upSince: null, orders: seen.orders, isOver: false, post }
  }
  if (before.isOver) return before
  const orders = before.orders + seen.orders
  if (!isUp) return { ...before, orders, upSince: null }
  const upSince = before.upSince ?? nowMs
  if (nowMs - upSince < BACK_FOR_MS) return { ...before, orders, upSince }
  const isUntold = before.post !== null && before.post.attempts === 0
  const post = postOf(backText({ ...before, orders, upSince }))
  return {
    ...{ ...before, orders, upSince, isOver: true },
    // Where the first one may have arrived it is not sent again: this one says all.
    post: isUntold || before.post === null ? post : { ...post, notBefore: before.post.notBefore },
  }
}

const postOf = (text: string): Post => ({
  ...{ text, attempts: 0, isBegun: false, mayRepeat: false, notBefore: 0 },
})

function darkText(darkSince: number): string {
  return `🔌 [장애] ${clockTime(darkSince)}부터 홈 서버와 연결되지 않습니다. 주문은 계속 받아 보관합니다.`
}

function backText({ darkSince, upSince, orders }: Outage & { upSince: number }): string {
  const lasted = durationText(upSince - darkSince)
  return `✅ [복구] 홈 서버가 돌아왔습니다. ${lasted} 동안 받은 주문 ${orders}건을 처리합니다.`
}
