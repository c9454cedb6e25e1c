// Follows the event streams of many tickers on one connection, without a gap and without a repeat.
//
// Ids are made of an event's instant and number: after FLUSHALL a stream begins anew with larger
// ids than the last one read, so the same place goes on. A publisher whose answer was lost sends
// again, and the stream then holds an event twice: its epoch and seq tell, and it is dropped here.

import { setTimeout as sleep } from 'node:timers/promises'
import type { Redis } from 'ioredis'
import type { MarketEvent } from '@motu/shared/market-data.ts'
import type { Log } from '../log.ts'

/** Entries of one stream in one answer at the most. */
const ENTRIES_PER_READ = 500
const BLOCK_MS = 2_000
/** A read that blocks for two seconds and has no answer after this long hangs on a dead connection. */
const READ_TIMEOUT_MS = 6_000
const RETRY_DELAY_MS = 200

type Entry = [id: string, fields: string[]]
type Answer = [stream: string, entries: Entry[]][] | null

export type FollowOptions = {
  reader: Redis
  streams: readonly string[]
  onEvents: (events: MarketEvent[]) => void
  signal: AbortSignal
  log: Log
}

/** Runs until the signal aborts. */
export async function followStreams(options: FollowOptions): Promise<void> {
  const { streams, onEvents, signal, log } = options
  const places = new Map(streams.map((stream) => [stream, '0-0']))
  const seen = new Map<string, MarketEvent>()
  // A read that waits for a connection is not rejected by `disconnect`: the abort must end it.
  const aborted = new Promise<null>((resolve) => {
    signal.addEventListener('abort', () => resolve(null), { once: true })
  })
  while (!signal.aborted) {
    const answer = await Promise.race([readNext(options, places), aborted])
    const events = (answer ?? []).flatMap(([stream, entries]) =>
      entries.flatMap(([id, fields]) => {
        places.set(stream, id)
        return parseEntry(fields, log)
      }),
    )
    const fresh = events.filter((event) => isFresh(event, seen))
    if (fresh.length > 0) onEvents(fresh)
  }
}

/** One blocking read; null when nothing came, or the connection was lost and is tried again. */
async function readNext(
  { reader, signal, log }: FollowOptions,
  places: ReadonlyMap<string, string>,
): Promise<Answer> {
  const timer = setTimeout(() => reader.disconnect(true), READ_TIMEOUT_MS)
  try {
    const streams = [...places.keys(), ...places.values()]
    return await reader.xread('COUNT', ENTRIES_PER_READ, 'BLOCK', BLOCK_MS, 'STREAMS', ...streams)
  } catch (error) {
    if (signal.aborted) return null
    log.warn({ err: error }, 'the event streams cannot be read; trying again')
    await sleep(RETRY_DELAY_MS)
    return null
  } finally {
    clearTimeout(timer)
  }
}

function parseEntry(fields: string[], log: Log): MarketEvent[] {
  try {
    return [JSON.parse(fields[1] ?? '') as MarketEvent]
  } catch (error) {
    log.error({ err: error }, 'an entry of an event stream is not JSON')
    return []
  }
}

function isFresh(event: MarketEvent, seen: Map<string, MarketEvent>): boolean {
  const last = seen.get(event.ticker_id)
  if (last && last.epoch === event.epoch && event.seq <= last.seq) return false
  seen.set(event.ticker_id, event)
  return true
}
