// Publishes market events: the last price, the stream and the screens, in one round trip.

import type { Redis } from 'ioredis'
import {
  EVENT_RETENTION_MS,
  EVENTS_PER_TICKER_MAX,
  type MarketEvent,
  PRICE_TTL_MS,
} from '@motu/shared/market-data.ts'

type Target = { redis: Redis; prefix: string }

export async function publishEvents(target: Target, events: readonly MarketEvent[]): Promise<void> {
  if (events.length === 0) return
  const { redis, prefix } = target
  const pipeline = redis.pipeline()
  for (const event of events) {
    const text = JSON.stringify(event)
    const stream = `${prefix}events:${event.ticker_id}`
    const oldest = Date.parse(event.received_at) - EVENT_RETENTION_MS
    pipeline.set(`${prefix}price:${event.ticker_id}`, text, 'PX', PRICE_TTL_MS)
    pipeline.xadd(stream, 'MAXLEN', '~', EVENTS_PER_TICKER_MAX, idOf(event), 'event', text)
    pipeline.xtrim(stream, 'MINID', '~', oldest)
    pipeline.pexpire(stream, EVENT_RETENTION_MS)
  }
  pipeline.publish(`${prefix}market_updates`, JSON.stringify(events))
  const failures = failuresIn(await pipeline.exec())
  const failed = failures.find((error) => !isBehind(error))
  if (failed) throw failed
  if (failures.length > 0) await appendAnyway(target, events)
}

/**
 * An event's place in its stream: its instant and its number, so that the place grows with the event
 * even where Redis was flushed in between, within the same millisecond.
 */
function idOf(event: MarketEvent): string {
  return `${Date.parse(event.received_at)}-${event.seq}`
}

/** A clock that went back, or an event sent again: Redis chooses the ids. Readers drop repeats. */
async function appendAnyway(
  { redis, prefix }: Target,
  events: readonly MarketEvent[],
): Promise<void> {
  const pipeline = redis.pipeline()
  for (const event of events) {
    pipeline.xadd(`${prefix}events:${event.ticker_id}`, '*', 'event', JSON.stringify(event))
  }
  const [failed] = failuresIn(await pipeline.exec())
  if (failed) throw failed
}

const isBehind = (error: Error): boolean => error.message.includes('equal or smaller')

/** A pipeline is not rejected by the failure of a command in it: each answer carries its own. */
function failuresIn(answers: [error: Error | null, result: unknown][] | null): Error[] {
  return (answers ?? []).flatMap(([error]) => (error === null ? [] : [error]))
}
