// Which session streams what, planned anew as demand changes and as KIS refuses registrations.

import type { TickerId } from '@motu/shared/ticker.ts'
import type { Log } from '../../../log.ts'
import type { KisAccount } from '../kis-settings.ts'
import type { KisSymbol, Registration } from '../kis-symbols.ts'
import { OPERATION_FEED } from '../frames/records.ts'
import type { KisTimes } from '../kis-times.ts'
import { type Plan, planRegistrations, REGISTRATIONS_MAX } from './plan.ts'
import type { KisSession } from './session.ts'

export type SeatingOptions = {
  accounts: readonly KisAccount[]
  /** By account. */
  sessions: ReadonlyMap<string, KisSession>
  symbols: ReadonlyMap<TickerId, KisSymbol>
  demand: () => readonly TickerId[]
  times: KisTimes
  now: () => number
  log: Log
}

export class Seating {
  readonly #options: SeatingOptions
  #plan: Plan | null = null
  /** By account: how many registrations KIS took away from the usual number. */
  readonly #missing = new Map<string, { count: number; until: number }>()
  /** What KIS does not stream, and until when that is believed. */
  readonly #refused = new Map<TickerId, number>()

  constructor(options: SeatingOptions) {
    this.#options = options
  }

  /** Tells each session what is wanted of it. */
  plan(): void {
    const { accounts, sessions, symbols, demand, now } = this.#options
    const nowMs = now()
    const isRefused = (tickerId: TickerId): boolean => (this.#refused.get(tickerId) ?? 0) > nowMs
    this.#plan = planRegistrations({
      demand: demand().filter((tickerId) => !isRefused(tickerId)),
      symbols,
      seats: accounts.map(({ name, kind }) => {
        const missing = this.#missing.get(name)
        const count = missing && missing.until > nowMs ? missing.count : 0
        return { name, limit: REGISTRATIONS_MAX - count, hasOperations: kind === 'real' }
      }),
      before: this.#plan?.seatOf ?? new Map(),
    })
    for (const [name, registrations] of this.#plan.registrations) {
      sessions.get(name)!.want(registrations)
    }
  }

  /** A registration that KIS does not take: its ticker is polled instead, for a while. */
  refused(
    account: string,
    { registration, isFull }: { registration: Registration; isFull: boolean },
  ): void {
    const { times, now } = this.#options
    const until = now() + times.adminMs
    if (isFull) {
      const missing = this.#missing.get(account)
      const count = missing && missing.until > now() ? missing.count : 0
      this.#missing.set(account, { count: Math.min(count + 1, REGISTRATIONS_MAX), until })
    } else if (registration.trId !== OPERATION_FEED) this.#refused.set(registration.tickerId, until)
    this.plan()
  }

  /** When the session that streams this ticker last heard anything; zero when none does. */
  heardAtMs(tickerId: TickerId): number {
    const name = this.#plan?.seatOf.get(tickerId)
    const session = name === undefined ? undefined : this.#options.sessions.get(name)
    return session?.streams(tickerId) ? session.heardAtMs : 0
  }
}
