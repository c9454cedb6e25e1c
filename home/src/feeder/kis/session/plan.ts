// Pure: no I/O, no clock, no randomness.
// Who registers what: the tickers in demand spread over the accounts, trades and book of one on the same
// session. What stays in demand stays where it is; what room is left goes to market operations.

import type { TickerId } from '@motu/shared/ticker.ts'
import { type KisSymbol, marketOperation, type Registration, tradeAndBook } from '../kis-symbols.ts'

/** A session takes 41; KIS's sample stops at 40, which leaves one for what it forgets to release. */
export const REGISTRATIONS_MAX = 40
const PER_TICKER = 2

export type Seat = {
  /** The account. */
  name: string
  /** Registrations it may hold. */
  limit: number
  /** The mock service has no feed of market operations. */
  hasOperations: boolean
}

export type Plan = {
  /** By account. */
  registrations: ReadonlyMap<string, readonly Registration[]>
  /** Which account streams a ticker. */
  seatOf: ReadonlyMap<TickerId, string>
  /** In demand, but without room: to be polled. */
  polled: readonly TickerId[]
}

export function planRegistrations(options: {
  /** The most wanted first. */
  demand: readonly TickerId[]
  symbols: ReadonlyMap<TickerId, KisSymbol>
  seats: readonly Seat[]
  /** Where each was before. */
  before: ReadonlyMap<TickerId, string>
}): Plan {
  const { symbols, seats, before } = options
  const demand = [...new Set(options.demand)].filter((tickerId) => symbols.has(tickerId))
  const room = new Map(seats.map(({ name, limit }) => [name, Math.floor(limit / PER_TICKER)]))
  const roomInAll = [...room.values()].reduce((sum, places) => sum + places, 0)
  const streamed = demand.slice(0, roomInAll)
  const seatOf = new Map<TickerId, string>()
  const sit = (tickerId: TickerId, name: string): void => {
    seatOf.set(tickerId, name)
    room.set(name, room.get(name)! - 1)
  }
  for (const tickerId of streamed) {
    const name = before.get(tickerId)
    if (name !== undefined && (room.get(name) ?? 0) > 0) sit(tickerId, name)
  }
  for (const tickerId of streamed) {
    if (seatOf.has(tickerId)) continue
    const [roomiest] = [...room].toSorted(([, a], [, b]) => b - a)
    sit(tickerId, roomiest![0])
  }
  const registrations = new Map(
    seats.map((seat) => {
      const mine = streamed.filter((tickerId) => seatOf.get(tickerId) === seat.name)
      return [
        seat.name,
        registrationsOf(
          seat,
          mine.map((tickerId) => symbols.get(tickerId)!),
        ),
      ]
    }),
  )
  return { registrations, seatOf, polled: demand.slice(roomInAll) }
}

function registrationsOf(seat: Seat, symbols: readonly KisSymbol[]): Registration[] {
  const pairs = symbols.flatMap(tradeAndBook)
  if (!seat.hasOperations) return pairs
  const operations = symbols.flatMap((symbol) => marketOperation(symbol) ?? [])
  return [...pairs, ...operations.slice(0, Math.max(0, seat.limit - pairs.length))]
}
