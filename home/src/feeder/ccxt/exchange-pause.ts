// The pause that an exchange wants: stream and polling keep it together.

export class ExchangePause {
  readonly #now: () => number
  #untilMs = 0

  constructor(now: () => number) {
    this.#now = now
  }

  /** Nothing is called for so long; a longer pause that is under way stays. */
  begin(ms: number): void {
    this.#untilMs = Math.max(this.#untilMs, this.#now() + ms)
  }

  leftMs(): number {
    return Math.max(0, this.#untilMs - this.#now())
  }
}
