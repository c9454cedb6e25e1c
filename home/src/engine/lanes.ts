// Work of one user after the other, in the order it came; users do not wait for each other.

export class Lanes {
  readonly #last = new Map<string, Promise<unknown>>()
  readonly #onIdle: (userId: string) => void

  /** `onIdle` is told when nothing of a user is in hand any more. */
  constructor(onIdle: (userId: string) => void) {
    this.#onIdle = onIdle
  }

  /** Users with work in hand. */
  get size(): number {
    return this.#last.size
  }

  has(userId: string): boolean {
    return this.#last.has(userId)
  }

  /** Runs a user's work once what came before it is done, however that ended. */
  run<T>(userId: string, work: () => Promise<T>): Promise<T> {
    const before = this.#last.get(userId) ?? Promise.resolve()
    const mine = before.then(work, work)
    this.#last.set(userId, mine)
    const leave = (): void => {
      if (this.#last.get(userId) !== mine) return
      this.#last.delete(userId)
      this.#onIdle(userId)
    }
    mine.then(leave, leave)
    return mine
  }
}
