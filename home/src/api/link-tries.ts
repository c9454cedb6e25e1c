// Pure: no I/O, no clock, no randomness.
// How often somebody at a chat service may try codes: a few, then no more until some time is over.

const TRIES_MAX = 5
const WINDOW_MS = 10 * 60_000
/** People remembered: beyond it whose first try is oldest is forgotten. */
const PEOPLE_MAX = 100_000

type Tries = { count: number; sinceMs: number }

export class LinkTries {
  readonly #byPerson = new Map<string, Tries>()

  /** Takes a try; false when there is none left. */
  take(person: string, nowMs: number): boolean {
    const known = this.#byPerson.get(person)
    if (known && nowMs - known.sinceMs < WINDOW_MS) {
      known.count += 1
      return known.count <= TRIES_MAX
    }
    this.#byPerson.delete(person)
    if (this.#byPerson.size >= PEOPLE_MAX) {
      const oldest = this.#byPerson.keys().next().value
      if (oldest !== undefined) this.#byPerson.delete(oldest)
    }
    this.#byPerson.set(person, { count: 1, sinceMs: nowMs })
    return true
  }

  /** A right code starts over. */
  forget(person: string): void {
    this.#byPerson.delete(person)
  }
}
