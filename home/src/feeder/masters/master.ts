// Pure: no I/O, no clock, no randomness.
// Master data of a source, parsed: what it lists, and how much of it was none of ours.

import type { Instrument } from '@motu/shared/instrument.ts'

/** What stands where in a row was not what the layout says. */
export class UnreadableMaster extends Error {
  override readonly name = 'UnreadableMaster'
}

export type Master = {
  /** Whose list it is, such as `krx:kospi`: what is missing from the next one was delisted. */
  readonly source: string
  readonly instruments: readonly Instrument[]
  /** Rows that are no instrument of ours, counted by why. */
  readonly skipped: ReadonlyMap<string, number>
}

/** Gathers rows into a master; a row that comes twice counts once, as it came first. */
export class MasterBuilder {
  readonly #instruments = new Map<string, Instrument>()
  readonly #skipped = new Map<string, number>()

  add(instrument: Instrument): void {
    if (this.#instruments.has(instrument.tickerId)) this.skip('listed twice')
    else this.#instruments.set(instrument.tickerId, instrument)
  }

  skip(why: string): void {
    this.#skipped.set(why, (this.#skipped.get(why) ?? 0) + 1)
  }

  build(source: string): Master {
    return { source, instruments: [...this.#instruments.values()], skipped: this.#skipped }
  }
}

/** Lines without their ends; a last empty one is none. */
export function linesOf(bytes: Uint8Array): Uint8Array[] {
  const lines: Uint8Array[] = []
  for (let start = 0; start < bytes.length;) {
    const found = bytes.indexOf(0x0a, start)
    const end = found === -1 ? bytes.length : found
    const line = bytes.subarray(start, bytes[end - 1] === 0x0d ? end - 1 : end)
    if (line.length > 0) lines.push(line)
    start = end + 1
  }
  return lines
}
