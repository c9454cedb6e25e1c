// The exchanges beside the venue, all of them: each by itself, so that one which fails or is blocked
// stops no other. What they tell is for screens; it never meets the feed that orders are decided on.

import { INSTRUMENTS } from '@motu/shared/instrument.ts'
import { parseTickerId } from '@motu/shared/ticker.ts'
import type { Bus } from '../../bus/bus.ts'
import type { Log } from '../../log.ts'
import { every } from '../schedule.ts'
import { type ExchangePace, exchangeSource } from './exchange-source.ts'
import type { ExchangeSetting } from './exchange-settings.ts'
import { ReferenceIntake } from './reference-intake.ts'

const PUBLISH_INTERVAL_MS = 1_000

export type ReferencesOptions = {
  exchanges: readonly ExchangeSetting[]
  bus: Pick<Bus, 'publish'>
  now: () => number
  log: Log
  pace?: ExchangePace
}

export type References = Pick<ReferenceIntake, 'feeds' | 'quarantined'> & {
  /** Resolves once everything has ended, after the signal. */
  ended: Promise<unknown>
}

/** Begins to watch the exchanges, until the signal aborts. */
export function startReferences(options: ReferencesOptions, signal: AbortSignal): References {
  const { exchanges, bus, now, log, pace } = options
  const intake = new ReferenceIntake({ bus, now, log })
  const bases = INSTRUMENTS.filter(({ venue }) => venue === 'CRYPTO').map(
    ({ tickerId }) => parseTickerId(tickerId)!.symbol,
  )
  const runs = exchanges.map((setting) =>
    exchangeSource({ setting, bases, now, log, ...(pace ? { pace } : {}) }).run(intake, signal),
  )
  const schedule = { name: 'references', intervalMs: PUBLISH_INTERVAL_MS, now, signal, log }
  const publishing =
    exchanges.length === 0
      ? Promise.resolve()
      : every(schedule, () => {
          intake.sweep()
          return intake.publish()
        })
  return {
    feeds: () => intake.feeds(),
    quarantined: () => intake.quarantined(),
    ended: Promise.all([...runs, publishing]),
  }
}
