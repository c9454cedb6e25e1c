// Finds what may be told in the outbox: durable, in the order of the commits, each page together with
// the place it was read up to.

import { PARTITION_COUNT } from '@motu/shared/partition.ts'
import type { Sql } from '../db/connect.ts'
import {
  AFTER_TRANSACTION,
  findPlace,
  oldestRunning,
  readCommitted,
  writePlaces,
} from '../db/outbox.ts'
import { whalesAmong } from './find-whales.ts'
import { orderEndsAmong } from './order-ends.ts'
import { writeNotifications } from './write-notifications.ts'

const EVENTS_PER_READ = 500

export type FindOptions = {
  readonly sql: Sql
  /** From what notional, in KRW as a decimal text, an order is a whale's. */
  readonly thresholdKrw: string
}

/**
 * Writes down what happened since the last look. Who looks for the first time begins now: nobody wants
 * to read of last week. Answers how many are new.
 */
export async function findEvents(options: FindOptions, nowMs: number): Promise<number> {
  let written = 0
  for (let partition = 0; partition < PARTITION_COUNT; partition += 1) {
    for (let isWhole = false; !isWhole;) {
      const page = await readPage(options, partition, nowMs)
      isWhole = page.isWhole
      written += page.written
    }
  }
  return written
}

/** Forgets how far it was read: the next look begins with what happens after it. */
export async function forgetEvents(sql: Sql): Promise<void> {
  await sql`DELETE FROM outbox_cursors WHERE reader LIKE 'notifier:%'`
}

async function readPage(
  { sql, thresholdKrw }: FindOptions,
  partition: number,
  nowMs: number,
): Promise<{ written: number; isWhole: boolean }> {
  const before = await oldestRunning(sql)
  const after = await findPlace(sql, 'notifier', partition)
  if (after === null) {
    const beginning = { xid: String(before - 1n), id: AFTER_TRANSACTION }
    await writePlaces(sql, new Map([[partition, beginning]]), 'notifier')
    return { written: 0, isWhole: true }
  }
  const events = await readCommitted(sql, partition, { after, before, limit: EVENTS_PER_READ })
  const last = events.at(-1)
  if (!last) return { written: 0, isWhole: true }
  const whales = await whalesAmong(sql, events, thresholdKrw)
  const ends = await orderEndsAmong(sql, events)
  const written = await sql.begin(async (tx) => {
    const count = await writeNotifications(tx, [...whales, ...ends], nowMs)
    await writePlaces(tx, new Map([[partition, { xid: last.xid, id: last.id }]]), 'notifier')
    return count
  })
  return { written, isWhole: events.length < EVENTS_PER_READ }
}
