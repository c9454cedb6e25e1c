// Pure: no I/O, no clock, no randomness.

import { USD_KRW } from '@motu/shared/ticker.ts'

/** The exchange rate as something to be told of: won for one dollar. */
export const USD_KRW_RATE = { tickerId: USD_KRW, currency: 'KRW' } as const
