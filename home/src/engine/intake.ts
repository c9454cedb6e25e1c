// Order path, file 4 of 6. A message from the queue: parsed again, settled, and only then
// acknowledged. What cannot become an order is parked; what is not ours is left alone.

import { createHash } from 'node:crypto'
import {
  ORDER_MESSAGE_BYTES_MAX,
  type OrderMessage,
  orderMessageSchema,
} from '@motu/shared/order-message.ts'
import { partitionOf } from '@motu/shared/partition.ts'
import type { Sql } from '../db/connect.ts'
import type { Log } from '../log.ts'
import type { Delivery } from '../queue/queue.ts'
import type { Verdict } from './settler.ts'
import type { Work } from './settle.ts'

export type Intake = {
  /** A delivery of a partition's queue. */
  take(delivery: Delivery): void
  /** A delivery of the dead-letter queue: tried once more, alone, then recorded. */
  takeDead(delivery: Delivery): void
}

type IntakeOptions = {
  sql: Sql
  log: Log
  owns: (partition: number) => boolean
  /** Resolves once committed. */
  settle: (work: Work) => Promise<Verdict>
  now: () => number
}

export function createIntake(options: IntakeOptions): Intake {
  const { log, settle } = options

  async function take(delivery: Delivery): Promise<void> {
    const message = parse(delivery.body)
    if (!message || partitionOf(message.user_id) !== delivery.partition) {
      log.warn({ partition: delivery.partition }, 'message parked: it is not an order')
      delivery.park()
      return
    }
    const verdict = await settle(workOf(message))
    if (verdict.kind === 'settled') delivery.ack()
    else if (verdict.kind === 'refused') delivery.park()
    // Lost: its new owner gets it from the queue once this consumer is gone.
  }

  async function takeDead(delivery: Delivery): Promise<void> {
    const message = parse(delivery.body)
    if (!message) return bury(delivery, 'unreadable', null)
    if (!options.owns(partitionOf(message.user_id))) return delivery.retry()
    const verdict = await settle(workOf(message))
    if (verdict.kind === 'settled') return delivery.ack()
    if (verdict.kind === 'lost') return delivery.retry()
    const reason = verdict.error instanceof Error ? verdict.error.name : 'refused'
    log.error({ order_id: message.order_id, reason }, 'dead letter')
    // Its 202 was a promise of a final status: FAILED, unless an earlier try stored it after all.
    if (message.kind === 'place') await settle({ kind: 'bury', message })
    return bury(delivery, reason, message.order_id)
  }

  /** Keeps a dead letter where an admin can read it; the same body twice is kept once. */
  async function bury(delivery: Delivery, reason: string, orderId: string | null): Promise<void> {
    const body = delivery.body.replaceAll('\0', '\uFFFD').slice(0, 4 * ORDER_MESSAGE_BYTES_MAX)
    const hash = createHash('sha256').update(delivery.body).digest('hex')
    await options.sql`
      INSERT INTO dead_letters (body_sha256, body, reason, order_id, created_at)
      VALUES (${hash}, ${body.toWellFormed()}, ${reason}, ${orderId}, ${new Date(options.now())})
      ON CONFLICT (body_sha256) DO NOTHING`
    delivery.ack()
  }

  /** An error here is the infrastructure's (settling itself never rejects): tried again later. */
  const guarded = (handle: (delivery: Delivery) => Promise<void>) => (delivery: Delivery) => {
    handle(delivery).catch((error: unknown) => {
      log.error({ err: error }, 'intake failed: the message goes back to its queue')
      delivery.retry()
    })
  }

  return { take: guarded(take), takeDead: guarded(takeDead) }
}

function workOf(message: OrderMessage): Work {
  return message.kind === 'place' ? { kind: 'place', message } : { kind: 'cancel', message }
}

/** Text to message; `null` when it is not one of ours. */
export function parse(body: string): OrderMessage | null {
  if (Buffer.byteLength(body) > ORDER_MESSAGE_BYTES_MAX) return null
  let value: unknown
  try {
    value = JSON.parse(body)
  } catch {
    return null
  }
  const parsed = orderMessageSchema.safeParse(value)
  return parsed.success ? parsed.data : null
}
