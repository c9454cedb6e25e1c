// Sends the messages of one place, one after another. Before a try is begun it is written down, and
// again when its answer is there: what a crash leaves in between is sent once more, and says so.

import { setTimeout as sleep } from 'node:timers/promises'
import type { Sql, Transaction } from '../db/connect.ts'
import type { Log } from '../log.ts'
import type { Turn } from './lead.ts'
import {
  type AnyNotification,
  type Notification,
  PUBLIC_PLACES,
  type PublicPlace,
} from './notification.ts'
import { LATE_AFTER_MS, LATE_ALONE_MAX, SUMMARY_MAX } from './plan-deliveries.ts'
import { NOTIFICATION_COLUMNS, type NotificationRow, readNotification } from './route.ts'
import type { Picture, Place, Sent } from './service.ts'
import { writeNotifications } from './write-notifications.ts'

const RETRY_MS_MAX = 5 * 60_000
/** A message is not tried for longer than this, if it was tried as often as that. */
const GIVE_UP_AFTER_MS = 24 * 60 * 60_000
const ATTEMPTS_MIN = 20
const FINISH_RETRY_MS = 500
/** Who slept for so long after writing down that he sends may not be the only one any more. */
const CLAIM_HOLDS_MS = 3_000

export type DeliverOptions = {
  readonly sql: Sql
  /** As the rows call the place. */
  readonly name: string
  readonly place: Place
  /** How to write a message, asked anew for each one: texts change. */
  readonly writer: () => Promise<Writer>
  /** What goes with the message of an event; null for most. */
  readonly pictureOf?: (eventId: string) => Promise<Picture | null>
  readonly now: () => number
  readonly log: Log
  readonly turn: Turn
  /** Told when a place turns out to be gone. */
  readonly onGone: (name: string) => void | Promise<void>
  /** What was held back together is told together; nothing is, where it is not said. */
  readonly wasHeldBack?: (createdAtMs: number) => boolean
  /** What was said to a person stays between him and us. */
  readonly isPrivate?: boolean
}

/** The text of a message that tells these. */
export type Writer = (told: readonly AnyNotification[], mayRepeat: boolean) => string

type Claim = { id: bigint; attempts: number; may_repeat: boolean; created_at: Date }

/**
 * Sends the next message of a place. Answers how long to wait until there may be another: 0 where one
 * was sent, null where nothing waits.
 */
export async function deliverNext(options: DeliverOptions): Promise<number | null> {
  const { sql, name, place, now, turn } = options
  const [waiting] = await sql`
    SELECT id FROM deliveries WHERE place = ${name} AND state IN ('queued', 'sending')
    ORDER BY id LIMIT 1`
  if (!waiting) return null
  const write = await options.writer()
  const begunAt = performance.now()
  const begun = await sql.begin(async (tx) => {
    const pauseMs = await openPlace(tx, options)
    // Asked under the place's lock: whoever led before has written all that he ever will.
    if (!(await turn.isHeld(tx))) return null
    await recover(tx, options)
    if (pauseMs !== 0) return pauseMs
    await mergeWaiting(tx, options)
    return claim(tx, name, now())
  })
  if (begun === null || typeof begun === 'number') return begun
  const rows = await sql<NotificationRow[]>`
    SELECT ${sql(NOTIFICATION_COLUMNS.map((column) => `n.${column}`))}
    FROM delivery_notifications d JOIN notifications n USING (event_id)
    WHERE d.delivery_id = ${begun.id} ORDER BY n.id`
  const text = write(rows.map(readNotification), begun.may_repeat)
  const picture = rows.length === 1 ? await pictureFor(rows[0]!, options) : null
  // A sleeper leaves it to the one who leads now.
  if (turn.signal.aborted || performance.now() - begunAt > CLAIM_HOLDS_MS) {
    return putBack(sql, begun)
  }
  const sent = await place.send(text, picture)
  return finishSurely(options, begun, { text, sent })
}

/** A message without its picture is better than none. */
async function pictureFor(
  { event_id }: NotificationRow,
  { pictureOf, log }: DeliverOptions,
): Promise<Picture | null> {
  try {
    return pictureOf ? await pictureOf(event_id) : null
  } catch (error) {
    log.warn({ err: error, event: event_id }, 'a message goes without its picture')
    return null
  }
}

/** Nothing was sent: the next one sends it, unless somebody has taken it up already. */
async function putBack(sql: Sql, { id, attempts }: Claim): Promise<number> {
  await sql`
    UPDATE deliveries SET state = 'queued'
    WHERE id = ${id} AND state = 'sending' AND attempts = ${attempts}`
  return 0
}

/**
 * What somebody began and did not end may have arrived: nobody else is sending here now. It was the
 * first in its turn, and is not looked for behind a backlog.
 */
async function recover(tx: Transaction, { name, log }: DeliverOptions): Promise<void> {
  const { count } = await tx`
    UPDATE deliveries SET state = 'queued', may_repeat = true
    WHERE state = 'sending' AND id IN (
      SELECT id FROM deliveries WHERE place = ${name} AND state IN ('queued', 'sending')
      ORDER BY id LIMIT ${SUMMARY_MAX})`
  if (count > 0) log.warn({ place: name }, 'a message may be sent twice')
}

/** The answer is known: it is written down as soon as Postgres is there, for as long as we lead. */
async function finishSurely(
  options: DeliverOptions,
  begun: Claim,
  outcome: { text: string; sent: Sent },
): Promise<number> {
  for (;;) {
    try {
      return await finish(options, begun, outcome)
    } catch (error) {
      if (options.turn.signal.aborted) throw error
      await sleep(FINISH_RETRY_MS)
    }
  }
}

/** How long the place is to be left alone; a place with a new address is open again. Null: it is gone. */
async function openPlace(tx: Transaction, options: DeliverOptions): Promise<number | null> {
  const { name, place, now } = options
  const [row] = await tx<{ paused_until: Date | null; switched_off_at: Date | null }[]>`
    INSERT INTO delivery_places AS p (place, address_hash) VALUES (${name}, ${place.addressHash})
    ON CONFLICT (place) DO UPDATE SET
      paused_until = CASE WHEN p.address_hash = EXCLUDED.address_hash THEN p.paused_until END,
      switched_off_at = CASE WHEN p.address_hash = EXCLUDED.address_hash THEN p.switched_off_at END,
      error = CASE WHEN p.address_hash = EXCLUDED.address_hash THEN p.error END,
      address_hash = EXCLUDED.address_hash
    RETURNING paused_until, switched_off_at`
  if (row!.switched_off_at) return null
  return Math.max(0, (row!.paused_until?.getTime() ?? 0) - now())
}

/**
 * What waited too long is not told line by line, nor what was held back: of those whose turn is next,
 * many become one.
 */
async function mergeWaiting(
  tx: Transaction,
  { name, now, wasHeldBack = () => false }: DeliverOptions,
): Promise<void> {
  const waiting = await tx<{ id: bigint; created_at: Date }[]>`
    SELECT id, created_at FROM deliveries
    WHERE state = 'queued' AND attempts = 0 AND NOT is_summary AND id IN (
      SELECT id FROM deliveries WHERE place = ${name} AND state IN ('queued', 'sending')
      ORDER BY id LIMIT ${SUMMARY_MAX})
    ORDER BY id FOR UPDATE`
  const lateBefore = now() - LATE_AFTER_MS
  const late = waiting.filter((one) => one.created_at.getTime() < lateBefore)
  const heldBack = waiting.filter((one) => wasHeldBack(one.created_at.getTime()))
  if (heldBack.length > 1) await merge(tx, heldBack)
  else if (late.length > LATE_ALONE_MAX) await merge(tx, late)
}

async function merge(tx: Transaction, rows: readonly { id: bigint }[]): Promise<void> {
  const [first, ...others] = rows.map(({ id }) => id)
  await tx`UPDATE deliveries SET is_summary = true WHERE id = ${first!}`
  await tx`
    UPDATE delivery_notifications SET delivery_id = ${first!}
    WHERE delivery_id IN ${tx(others)}`
  await tx`DELETE FROM deliveries WHERE id IN ${tx(others)}`
}

async function claim(tx: Transaction, name: string, nowMs: number): Promise<Claim | number | null> {
  const [head] = await tx<{ id: bigint; not_before: Date }[]>`
    SELECT id, not_before FROM deliveries
    WHERE place = ${name} AND state = 'queued' ORDER BY id LIMIT 1 FOR UPDATE`
  if (!head) return null
  const waitMs = head.not_before.getTime() - nowMs
  if (waitMs > 0) return waitMs
  const [row] = await tx<Claim[]>`
    UPDATE deliveries SET state = 'sending', attempts = least(attempts, 32766) + 1 WHERE id = ${head.id}
    RETURNING id, attempts, may_repeat, created_at`
  return row!
}

async function finish(
  options: DeliverOptions,
  begun: Claim,
  { text, sent }: { text: string; sent: Sent },
): Promise<number> {
  const { sql, name, log, now, onGone } = options
  const nowMs = now()
  const error = 'error' in sent ? sent.error : null
  const isTooOld =
    nowMs - begun.created_at.getTime() > GIVE_UP_AFTER_MS && begun.attempts >= ATTEMPTS_MIN
  const pauseMs = pauseAfter(sent, begun.attempts)
  const state = stateAfter(sent, isTooOld)
  if (sent.kind !== 'sent') log.warn({ place: name, sent: sent.kind, error }, 'message not sent')
  await sql.begin(async (tx) => {
    // Of a try that somebody else has taken up since, he says how it ended.
    const { count } = await tx`
      UPDATE deliveries SET state = ${state}, body = ${options.isPrivate ? null : text}, error = ${error},
        may_repeat = may_repeat OR ${sent.kind === 'unclear'},
        not_before = ${new Date(nowMs + pauseMs)},
        ended_at = ${state === 'queued' ? null : new Date(nowMs)}
      WHERE id = ${begun.id} AND state = 'sending' AND attempts = ${begun.attempts}`
    if (count === 0) return
    if (sent.kind === 'gone') {
      await tx`
        UPDATE delivery_places SET switched_off_at = ${new Date(nowMs)}, error = ${error}
        WHERE place = ${name}`
      if (isPublicPlace(name)) {
        await writeNotifications(tx, [placeGone(name, begun, { error, nowMs })], nowMs)
      }
    } else if (pauseMs > 0) {
      await tx`
        UPDATE delivery_places SET paused_until = ${new Date(nowMs + pauseMs)}
        WHERE place = ${name}`
    }
  })
  if (sent.kind === 'gone') await onGone(name)
  return pauseMs
}

const isPublicPlace = (name: string): name is PublicPlace =>
  (PUBLIC_PLACES as readonly string[]).includes(name)

/** Admins hear of it where they still can. */
function placeGone(
  place: PublicPlace,
  { id, attempts }: Claim,
  { error, nowMs }: { error: string | null; nowMs: number },
): Notification {
  return {
    eventId: `place-gone:${place}:${id}:${attempts}`,
    ...{ kind: 'place_gone', userId: null, tickerId: null, simulated: false },
    values: { place, error: error ?? '?' },
    occurredAtMs: nowMs,
  }
}

function stateAfter(sent: Sent, isTooOld: boolean): 'sent' | 'failed' | 'queued' {
  if (sent.kind === 'sent') return 'sent'
  if (sent.kind === 'refused') return 'failed'
  // What did not go because of its place, not of itself, waits: a new address is told it.
  if (sent.kind === 'gone' || sent.kind === 'limited') return 'queued'
  return isTooOld ? 'failed' : 'queued'
}

/** A service that fails is left alone for twice as long each time. */
function pauseAfter(sent: Sent, attempts: number): number {
  if (sent.kind === 'sent' || sent.kind === 'limited') return sent.pauseMs
  if (sent.kind === 'refused' || sent.kind === 'gone') return 0
  return Math.min(500 * 2 ** Math.min(attempts, 10), RETRY_MS_MAX)
}
