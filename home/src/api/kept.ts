// A reading that many ask for: read once, and kept for a moment. Whoever asks while it is being read
// waits for that reading; one that failed is not kept.

export type Reading<T> = { value: T; atMs: number }

export class Kept<T> {
  readonly #read: () => Promise<T>
  readonly #now: () => number
  readonly #ageMsMax: number
  #kept: { atMs: number; reading: Promise<Reading<T>> } | null = null

  constructor(read: () => Promise<T>, { now, ageMsMax }: { now: () => number; ageMsMax: number }) {
    this.#read = read
    this.#now = now
    this.#ageMsMax = ageMsMax
  }

  /** The value, and when its reading began; rejects as the reading does. */
  get(): Promise<Reading<T>> {
    const nowMs = this.#now()
    if (this.#kept && Math.abs(nowMs - this.#kept.atMs) < this.#ageMsMax) return this.#kept.reading
    const reading = this.#read().then((value) => ({ value, atMs: nowMs }))
    const kept = { atMs: nowMs, reading }
    this.#kept = kept
    reading.catch(() => {
      if (this.#kept === kept) this.#kept = null
    })
    return reading
  }
}
