// Home's stream to the Hub (`/internal/stream`): one socket, many users.

import type { Order } from './contract/orders.ts'
import type { PriceAlert } from './contract/price-alerts.ts'
import type { FeedStatus } from './contract/status.ts'
import type { MarketEvent } from './market-data.ts'

/** What a user's socket was missing comes back in answers of at most this many orders. */
export const RESUME_EVENTS_MAX = 1_000
/** How often the Hub asks home for the time. */
export const CLOCK_PING_INTERVAL_MS = 2_000
/** Beyond this offset between edge and home the status is degraded, and the later instant counts. */
export const CLOCK_OFFSET_MAX_MS = 250

/**
 * Something that gave someone entry has ended: a sign-in, an API key, or all of a user's at once.
 * `until` is when nothing it opened can matter any more: who keeps denials may forget it then.
 */
export type Revocation = {
  kind: 'session' | 'key' | 'user'
  /** The id of the sign-in (`sid`), of the key (its public part), or of the user. */
  id: string
  at: string
  until: string
}

/** The order event of one user: `seq` counts up by one per user. */
export type OrderEvent = { user_id: string; seq: number; order: Order }

/** A price alert of one user that was told just now. */
export type AlertEvent = { user_id: string; alert: PriceAlert }

export type HomeFrame =
  | { t: 'market'; events: MarketEvent[] }
  | { t: 'orders'; events: OrderEvent[] }
  | { t: 'alerts'; events: AlertEvent[] }
  /** Answer to `resume`: what came after `from`, oldest first; `reset` when that is no longer kept. */
  | { t: 'resumed'; request_id: string; events: OrderEvent[]; last_seq: number; reset: boolean }
  | { t: 'pong'; edge_ms: number; home_ms: number }
  | { t: 'feeds'; feeds: FeedStatus[] }
  /** First all that still matter, when the Hub connects; then each as it happens. */
  | { t: 'revocations'; revocations: Revocation[] }

export type HubFrame =
  /** `offset_ms`: home's clock minus the edge's, as the Hub measured it last; null at first. */
  | { t: 'ping'; edge_ms: number; offset_ms: number | null }
  | { t: 'resume'; request_id: string; user_id: string; from: number | null }
