// Pure: no I/O, no clock, no randomness.
// Who is behind the market: orders that were accepted while home was dark, and everything that waited
// then. They are brought forward message by message, each with the events of before it, and meet the
// live market only when nothing old comes any more.

/**
 * A message older than this when it arrives was held somewhere: its user is behind. A queue that is only
 * long is shorter than that.
 */
export const LATE_MS = 10_000
/** Nothing old has come for this long: all of it has. */
export const QUIET_MS = 1_000
/** After a dark time the edge needs a moment to find home again. */
export const RETURN_MS = 5_000
/** Longer is not waited for: what comes then comes too late for what waited. */
export const CATCH_UP_MS_MAX = 40_000

export class CatchUp {
  /** Users with messages of the past. */
  readonly #behind = new Set<string>()
  /** Since when everything that waited stands still; null: it does not. */
  #returnedAt: number | null = null
  /** Since when anything stands still at all. */
  #beganAt: number | null = null
  #lastLateAt = 0

  /** Home was away, or blind: everything accepted before now stands still for a moment. */
  noteReturn(nowMs: number): void {
    this.#returnedAt ??= nowMs
    this.#beganAt ??= nowMs
  }

  /** Whether a message was held somewhere before it came. */
  isOld(instant: number, nowMs: number): boolean {
    return nowMs - instant > LATE_MS
  }

  /** Whether what comes from a user waits for its turn behind his past. */
  isBehind(userId: string): boolean {
    return this.#returnedAt !== null || this.#behind.has(userId)
  }

  /** A message of the past has come, or is done with. */
  noteLate(userId: string, nowMs: number): void {
    this.#behind.add(userId)
    this.#beganAt ??= nowMs
    this.#lastLateAt = nowMs
  }

  /** Whether an order may not meet the live market yet. `since`: from when on it works. */
  standsStill(userId: string, since: number): boolean {
    return this.#behind.has(userId) || (this.#returnedAt !== null && since < this.#returnedAt)
  }

  get isActive(): boolean {
    return this.#beganAt !== null
  }

  /** Whether home came back so lately that even the first event of a ticker may be yet to come. */
  isReturning(nowMs: number): boolean {
    return this.#returnedAt !== null && nowMs - this.#returnedAt < RETURN_MS
  }

  /**
   * Ends the catching up once nothing old comes any more; true when it just ended. `isBusy`: gaps
   * are being filled, or messages of the past are in hand.
   */
  end(nowMs: number, isBusy: boolean): boolean {
    if (this.#beganAt === null) return false
    const isQuiet = nowMs - this.#lastLateAt >= QUIET_MS
    const isOver = !isBusy && isQuiet && !this.isReturning(nowMs)
    if (!isOver && nowMs - this.#beganAt < CATCH_UP_MS_MAX) return false
    this.#behind.clear()
    this.#returnedAt = null
    this.#beganAt = null
    return true
  }
}
