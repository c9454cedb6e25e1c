// The time as the page shows it: ages and staleness follow `now`, once a second.

export class Clock {
  now = $state(0)
  readonly #read: () => number

  constructor(read: () => number) {
    this.#read = read
    this.now = read()
  }

  tick(): void {
    this.now = this.#read()
  }
}
