// The venues' calendars as a process knows them: the rows of shared, and over them what admins said.
// Every process reads the overrides anew every few seconds, so that a change needs no deploy.

import type { OverrideView } from '@motu/shared/contract/market-calendar.ts'
import { type Venue, VENUES } from '@motu/shared/instrument.ts'
import { SESSION_TABLES, VenueCalendar } from '@motu/shared/venues/calendar.ts'
import { overrideFault } from '@motu/shared/venues/calendar-override.ts'
import { listOverrides } from './db/calendar-overrides.ts'
import type { Sql } from './db/connect.ts'
import type { Log } from './log.ts'

/** How long another process may not know of a change. */
export const RELOAD_INTERVAL_MS = 5_000

export type CalendarsOptions = {
  sql: Sql
  /** The feed is a replay that trades without a pause. */
  alwaysOpen: boolean
  log: Log
}

export class Calendars {
  readonly alwaysOpen: boolean
  readonly #options: CalendarsOptions
  #byVenue: ReadonlyMap<Venue, VenueCalendar>
  #published: ReadonlyMap<Venue, VenueCalendar>
  #overrides: readonly OverrideView[] = []
  /** What the calendars were made of: they keep the days they computed as long as it stays. */
  #madeOf = '[]'
  #timer: NodeJS.Timeout | null = null
  #isClosed = false
  #isReloading: Promise<void> | null = null

  constructor(options: CalendarsOptions) {
    this.#options = options
    this.alwaysOpen = options.alwaysOpen
    this.#published = this.#make([], false)
    this.#byVenue = this.alwaysOpen ? this.#make([], true) : this.#published
  }

  /** Reads the overrides, and again every few seconds; rejects when they cannot be read now. */
  async open(): Promise<void> {
    await this.reload()
    this.#schedule()
  }

  async close(): Promise<void> {
    this.#isClosed = true
    if (this.#timer) clearTimeout(this.#timer)
    await this.#isReloading?.catch(() => {})
  }

  /** As it is known now: ask again for each use, a change makes a new one. */
  of(venue: Venue): VenueCalendar {
    return this.#byVenue.get(venue)!
  }

  /** The days the venue really trades, though a replay may trade without a pause. */
  published(venue: Venue): VenueCalendar {
    return this.#published.get(venue)!
  }

  /** What admins said of a venue's dates. */
  overridesOf(venue: Venue): readonly OverrideView[] {
    return this.#overrides.filter((override) => override.venue === venue)
  }

  /** Reads the overrides now; called after a change of them is committed. */
  async reload(): Promise<void> {
    // One that is under way may have read before the change.
    const before = this.#isReloading
    const reading = (before ?? Promise.resolve()).catch(() => {}).then(() => this.#read())
    this.#isReloading = reading
    await reading
  }

  async #read(): Promise<void> {
    const overrides = await listOverrides(this.#options.sql)
    const madeOf = JSON.stringify(overrides)
    if (madeOf === this.#madeOf) return
    this.#overrides = overrides
    this.#published = this.#make(overrides, false)
    if (!this.alwaysOpen) this.#byVenue = this.#published
    this.#madeOf = madeOf
  }

  #make(
    overrides: readonly OverrideView[],
    alwaysOpen: boolean,
  ): ReadonlyMap<Venue, VenueCalendar> {
    const { log } = this.#options
    const valid = overrides.filter((override) => {
      const fault = faultOf(override)
      if (fault) log.error({ override, fault }, 'a calendar override is ignored')
      return fault === null
    })
    return new Map(VENUES.map((venue) => [venue, new VenueCalendar(venue, valid, { alwaysOpen })]))
  }

  #schedule(): void {
    if (this.#isClosed) return
    this.#timer = setTimeout(() => {
      void this.reload()
        .catch((error: unknown) =>
          this.#options.log.warn({ err: error }, 'the calendar overrides stay as they were'),
        )
        .then(() => this.#schedule())
    }, RELOAD_INTERVAL_MS)
    this.#timer.unref()
  }
}

/** Rows are checked when they come in; one that was put there by hand may be anything. */
function faultOf(override: OverrideView): string | null {
  if (!VENUES.includes(override.venue)) return `there is no venue ${override.venue}`
  return overrideFault(SESSION_TABLES[override.venue], override)
}
