// Pure: no I/O, no clock, no randomness.
// A snapshot of one coin with its book and its prints: what the feeder is told.

import { decimal } from '@motu/shared/decimal.ts'
import { EVENT_LEVELS_MAX, type OrderBook } from '@motu/shared/market-data.ts'
import { changePercent, type Observation } from '../observation.ts'
import type { UpbitSnapshot } from './upbit-snapshot.ts'

/** `book` is null where its deeper levels could not be read: then only the best prices are told. */
export function observationOf(
  { observed_at, ...snapshot }: UpbitSnapshot,
  book: OrderBook | null,
  prints: NonNullable<Observation['prints']>,
): Observation {
  return {
    ...snapshot,
    currency: 'KRW',
    change_pct: changePercent(decimal(snapshot.price), decimal(snapshot.base_price)),
    received_at: observed_at,
    source: 'upbit',
    simulated: false,
    ...(book === null
      ? {}
      : {
          bids: book.bids.slice(0, EVENT_LEVELS_MAX),
          asks: book.asks.slice(0, EVENT_LEVELS_MAX),
        }),
    prints: [...prints],
  }
}
