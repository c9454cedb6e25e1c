// What this page knows to be listed, for whoever draws it: shared's registry, whose changes are felt.

import { findInstrument, type Instrument, registerInstruments } from '@motu/shared/instrument.ts'
import type { TickerId } from '@motu/shared/ticker.ts'

let met = $state.raw<readonly Instrument[]>([])

/** The instrument behind a ticker id; what asked for one that was met only later is drawn anew. */
export function instrumentOf(tickerId: TickerId): Instrument | undefined {
  void met
  return findInstrument(tickerId)
}

/** Takes note of instruments beyond the built-in ones. */
export function meetInstruments(instruments: readonly Instrument[]): void {
  const unknown = instruments.filter(({ tickerId }) => !findInstrument(tickerId))
  if (unknown.length === 0) return
  const next = [...met, ...unknown]
  registerInstruments(next, `met ${next.length}`)
  met = next
}
