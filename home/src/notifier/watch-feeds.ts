// Tells admins of feeds that are out and of their return. What was told stands in Postgres, so that a
// successor goes on from there and tells nothing twice.

import type { Venue } from '@motu/shared/instrument.ts'
import type { Bus } from '../bus/bus.ts'
import type { Sql } from '../db/connect.ts'
import { type FeedChange, feedName, FeedWatch } from './feed-watch.ts'
import { clockTime, durationText } from '@motu/shared/message-time.ts'
import type { Notification } from './notification.ts'
import { writeNotifications } from './write-notifications.ts'

/** What was told longer ago damps nothing, and what is still out after it is told again. */
const REMEMBERED_MS = 7 * 24 * 60 * 60_000

export type FeedWatcherOptions = {
  readonly sql: Sql
  readonly bus: Bus
  readonly now: () => number
  /** Whether a venue's regular session is on. */
  readonly trades: (venue: Venue, nowMs: number) => boolean
}

export class FeedWatcher {
  readonly #options: FeedWatcherOptions
  readonly #watch: FeedWatch

  constructor(options: FeedWatcherOptions) {
    this.#options = options
    this.#watch = new FeedWatch(options.trades)
  }

  /** Listens from now on; answers how to stop. */
  listen(): Promise<() => Promise<void>> {
    const { bus, now } = this.#options
    return bus.subscribe('feed_status', (reports) => {
      const last = reports.at(-1)
      if (last) this.#watch.hear(last, now())
    })
  }

  /** Learns what those who led before have told. */
  async recall(): Promise<void> {
    const { sql, now } = this.#options
    const rows = await sql<{ kind: FeedChange['kind']; feed: string; since: string }[]>`
      SELECT kind, values->>'id' AS feed, values->>'at' AS since FROM notifications
      WHERE user_id IS NULL AND kind IN ('feed_outage', 'feed_return')
        AND occurred_at > ${new Date(now() - REMEMBERED_MS)}
      ORDER BY id`
    for (const { kind, feed, since } of rows) {
      this.#watch.told({ feed, kind, sinceMs: Date.parse(since) })
    }
  }

  /** Writes down what is to be told; answers whether there was something. */
  async look(): Promise<boolean> {
    const { sql, now } = this.#options
    const nowMs = now()
    const changes = this.#watch.changes(nowMs)
    await writeNotifications(
      sql,
      changes.map((change) => notificationOf(change, nowMs)),
      nowMs,
    )
    for (const change of changes) this.#watch.told(change)
    return changes.length > 0
  }
}

function notificationOf(change: FeedChange, nowMs: number): Notification {
  const { feed, kind, sinceMs, outMs, simulated } = change
  const at = new Date(sinceMs).toISOString()
  return {
    eventId: `${kind.replace('_', '-')}:${feed}:${at}`,
    ...{ kind, userId: null, tickerId: null, simulated, occurredAtMs: nowMs },
    values: {
      ...{ id: feed, at, feed: feedName(feed) },
      ...{ since: clockTime(sinceMs), duration: durationText(outMs) },
    },
  }
}
