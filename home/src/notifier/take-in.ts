// What other programs publish on the bus without having written it to the outbox: checked, named by
// its event id, or by its content where it has none, and written down like all else.

import { createHash } from 'node:crypto'
import { z } from 'zod'
import { placeholdersOf, TEMPLATE_KEYS } from '@motu/shared/message-template.ts'
import { parseTickerId } from '@motu/shared/ticker.ts'
import type { Notification } from './notification.ts'

/** The channels they publish on; the owner's names. */
export const FOREIGN_CHANNELS = ['liquidation_events', 'human_events'] as const

const VALUE_LENGTH_MAX = 500
/** Nothing happened here before. */
const BEGINNING_MS = Date.UTC(2000, 0)

function isOfOurTime(instant: string): boolean {
  return Date.parse(instant) >= BEGINNING_MS
}

const foreignSchema = z.object({
  /** Without what no row can hold. */
  event_id: z
    .string()
    .min(1)
    .max(120)
    .regex(/^\P{Cc}+$/u)
    .optional(),
  /** A template's key. */
  kind: z.enum(TEMPLATE_KEYS as readonly [(typeof TEMPLATE_KEYS)[number]]),
  user_id: z.uuid().nullable().optional(),
  ticker_id: z.string().max(40).nullable().optional(),
  occurred_at: z.iso.datetime().refine(isOfOurTime).optional(),
  /** Whoever does not say that it is real has not said that it may go out. */
  simulated: z.boolean().default(true),
  values: z.record(z.string().max(40), z.union([z.string().max(VALUE_LENGTH_MAX), z.number()])),
})

/** A message of the bus as a notification; null when it is none of ours to tell. */
export function readForeign(message: unknown, nowMs: number): Notification | null {
  const parsed = foreignSchema.safeParse(message)
  if (!parsed.success) return null
  const { event_id, kind, user_id, ticker_id, occurred_at, simulated, values } = parsed.data
  const names = new Set(placeholdersOf(kind).map(({ name }) => name))
  const known = Object.entries(values).filter(([name]) => names.has(name))
  const content = createHash('sha256').update(JSON.stringify(parsed.data)).digest('hex')
  const tickerId = ticker_id && parseTickerId(ticker_id) ? ticker_id : null
  return {
    eventId: event_id === undefined ? `content:${content}` : `${kind}:${event_id.toWellFormed()}`,
    kind,
    userId: user_id ?? null,
    tickerId,
    values: Object.fromEntries(known.map(([name, value]) => [name, wordsOf(value)])),
    simulated,
    occurredAtMs: occurred_at === undefined ? nowMs : Math.min(Date.parse(occurred_at), nowMs),
  }
}

/** A value as text that every program can read: no half characters, no NUL. */
function wordsOf(value: string | number): string {
  return String(value).toWellFormed().replaceAll('\0', ' ')
}
