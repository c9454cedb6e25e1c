// Order path, file 4 of 6. What the queue delivers, a message or a bundle of them: parsed again,
// settled, and only then acknowledged. What cannot become an order is parked; what is not ours is
// left alone.

import { createHash } from 'node:crypto'
import {
  BUNDLE_LENGTH_MAX,
  linesOf,
  ORDER_MESSAGE_BYTES_MAX,
  type OrderMessage,
  orderMessageSchema,
} from '@motu/shared/order-message.ts'
import { partitionOf } from '@motu/shared/partition.ts'
import type { Sql } from '../db/connect.ts'
import type { Log } from '../log.ts'
import type { Delivery } from '../queue/queue.ts'
import type { Verdict } from './settler.ts'
import type { MessageWork } from './settle.ts'

export type Intake = {
  /** A delivery of a partition's queue. */
  take(delivery: Delivery): void
  /** A delivery of the dead-letter queue: each message once more, alone, then recorded. */
  takeDead(delivery: Delivery): void
}

type IntakeOptions = {
  sql: Sql
  log: Log
  owns: (partition: number) => boolean
  /** Resolves once committed. */
  settle: (work: MessageWork) => Promise<Verdict>
  now: () => number
}

export function createIntake(options: IntakeOptions): Intake {
  const { log, settle } = options

  async function take(delivery: Delivery): Promise<void> {
    const messages = messagesOf(delivery.body)
    const orders = messages.filter(
      (one) => one !== null && partitionOf(one.user_id) === delivery.partition,
    ) as OrderMessage[]
    // In their order: a cancel stands behind its order.
    const verdicts = await Promise.all(orders.map((message) => settle(workOf(message))))
    // Lost: its new owner gets all of it from the queue once this consumer is gone.
    if (verdicts.some(({ kind }) => kind === 'lost')) return
    const isWhole = orders.length === messages.length
    if (!isWhole) log.warn({ partition: delivery.partition }, 'parked: not all of it are orders')
    // What was settled is recognised when the dead-letter consumer looks at each again.
    if (isWhole && verdicts.every(({ kind }) => kind === 'settled')) delivery.ack()
    else delivery.park()
  }

  async function takeDead(delivery: Delivery): Promise<void> {
    const messages = messagesOf(delivery.body)
    const isNotOurs = (one: OrderMessage | null): boolean =>
      one !== null && !options.owns(partitionOf(one.user_id))
    if (messages.some(isNotOurs)) return delivery.retry()
    const texts = linesOf(delivery.body)
    if (messages.every((one) => one === null)) await bury(options, delivery.body, UNREADABLE)
    else {
      for (const [index, message] of messages.entries()) {
        const isDone = await settleDead(texts[index]!, message)
        if (!isDone) return delivery.retry()
      }
    }
    delivery.ack()
  }

  /** Once more, alone; what is refused again is recorded. False when its partition was lost. */
  async function settleDead(text: string, message: OrderMessage | null): Promise<boolean> {
    if (!message) {
      await bury(options, text, UNREADABLE)
      return true
    }
    const verdict = await settle(workOf(message))
    if (verdict.kind !== 'refused') return verdict.kind === 'settled'
    const death = { message, ...causeOf(verdict.error) }
    log.error({ order_id: message.order_id, reason: death.reason }, 'dead letter')
    // Its 202 was a promise of a final status: FAILED, unless an earlier try stored it after all.
    if (message.kind === 'place') await settle({ kind: 'bury', message })
    await bury(options, text, death)
    return true
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

/** Why a message is given up, and what it was where it could be read. */
type Death = { reason: string; detail: string | null; message: OrderMessage | null }

const UNREADABLE: Death = { reason: 'unreadable', detail: null, message: null }
/** Of what an error says, that much tells what went wrong. */
const DETAIL_LENGTH_MAX = 500

function causeOf(error: unknown): Pick<Death, 'reason' | 'detail'> {
  if (!(error instanceof Error)) return { reason: 'refused', detail: null }
  return { reason: error.name, detail: storable(error.message, DETAIL_LENGTH_MAX) }
}

/** Text that Postgres takes. */
const storable = (text: string, lengthMax: number): string =>
  text.replaceAll('\0', '\uFFFD').slice(0, lengthMax).toWellFormed()

/** Keeps a dead letter where an admin can read it; the same text twice is kept once. */
async function bury(
  { sql, now }: IntakeOptions,
  text: string,
  { reason, detail, message }: Death,
): Promise<void> {
  const body = storable(text, 4 * ORDER_MESSAGE_BYTES_MAX)
  const hash = createHash('sha256').update(text).digest('hex')
  await sql`
    INSERT INTO dead_letters (body_sha256, body, reason, detail, order_id, user_id, created_at)
    VALUES (${hash}, ${body}, ${reason}, ${detail}, ${message?.order_id ?? null},
      ${message?.user_id ?? null}, ${new Date(now())})
    ON CONFLICT (body_sha256) DO NOTHING`
}

function workOf(message: OrderMessage): MessageWork {
  return message.kind === 'place' ? { kind: 'place', message } : { kind: 'cancel', message }
}

/** The messages of a body, `null` for each that is none of ours; one `null` when it is too long. */
function messagesOf(body: string): (OrderMessage | null)[] {
  const lines = linesOf(body)
  return lines.length > BUNDLE_LENGTH_MAX ? [null] : lines.map(parse)
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
