// The instrument looked at last, in this browser: where `거래` leads without a ticker.

import { INSTRUMENTS } from '@motu/shared/instrument.ts'
import { parseTickerId, type TickerId } from '@motu/shared/ticker.ts'

const KEY = 'motu.symbol'

type Kept = Pick<Storage, 'getItem' | 'setItem'>

/** The first of the built-in instruments before any was looked at. */
export function lastSymbol(storage: Kept): TickerId {
  const stored = storage.getItem(KEY)
  return stored !== null && parseTickerId(stored) ? stored : INSTRUMENTS[0]!.tickerId
}

export function rememberSymbol(storage: Kept, tickerId: TickerId): void {
  storage.setItem(KEY, tickerId)
}
