// Pure: no I/O, no clock, no randomness.
// How many sockets are open from each address group (client-address.ts): one address may not have
// them all.

export class AddressSockets {
  readonly #counts = new Map<string, number>()

  count(group: string): number {
    return this.#counts.get(group) ?? 0
  }

  add(group: string): void {
    this.#counts.set(group, this.count(group) + 1)
  }

  remove(group: string): void {
    const left = this.count(group) - 1
    if (left > 0) this.#counts.set(group, left)
    else this.#counts.delete(group)
  }
}
