// `GET /api/v1/status`: what is up, what is dark, how many orders wait. Answers as soon as the edge
// serves, and never waits longer than the probe of home may take.

import { Hono } from 'hono'
import type { FeedStatus, Status } from '@motu/shared/contract/status.ts'
import { PARTITION_COUNT } from '@motu/shared/partition.ts'
import { CLOCK_OFFSET_MAX_MS } from '@motu/shared/upstream.ts'
import { jsonAnswer } from '../answer.ts'
import { systemClock } from '../clock.ts'
import { type AppEnv, type Env, hubOf, mailboxOf } from '../env.ts'
import { admitAnyone } from '../guard.ts'
import { callHome } from '../home-call.ts'
import { GRACE_MS_MAX } from '../kept-doors.ts'
import type { MailboxState } from '../mailbox.ts'

const PROBE_DEADLINE_MS = 1_000
/** However many ask, home and the Mailboxes are asked once in this time. */
const STATUS_AGE_MAX_MS = 1_000

let latest: { status: Status; at: number } | null = null

export const status = new Hono<AppEnv>()

status.get('/', async (c) => {
  admitAnyone(c)
  if (!latest || systemClock() - latest.at >= STATUS_AGE_MAX_MS) {
    latest = { status: await readStatus(c.env), at: systemClock() }
  }
  return jsonAnswer(c, latest.status)
})

async function readStatus(env: Env): Promise<Status> {
  const partitions = Array.from({ length: PARTITION_COUNT }, (_, partition) => partition)
  const [isHomeUp, hub, { seenAt }, mailboxes] = await Promise.all([
    probeHome(env),
    hubOf(env).state(),
    hubOf(env).homeSeen(),
    Promise.all(partitions.map((partition) => mailboxOf(env, partition).state())),
  ])
  const offsetMs = isHomeUp ? hub.clockOffsetMs : null
  const isSkewed = offsetMs !== null && Math.abs(offsetMs) > CLOCK_OFFSET_MAX_MS
  const broker = brokerOf(mailboxes)
  return {
    edge: isSkewed || broker === 'down' ? 'degraded' : 'up',
    home: isHomeUp ? 'up' : 'down',
    broker,
    held_orders: mailboxes.reduce((sum, { held }) => sum + held, 0),
    feeds: isHomeUp ? hub.feeds : hub.feeds.map(downOf),
    clock_offset_ms: offsetMs,
    grace_until: isHomeUp || seenAt === null ? null : graceUntil(seenAt),
    version: env.VERSION,
  }
}

/** While home is dark, nobody knows who speaks for what. */
function downOf({ source, last_event_at }: FeedStatus): FeedStatus {
  return { source, state: 'down', last_event_at }
}

function graceUntil(seenAt: number): string {
  return new Date(seenAt + GRACE_MS_MAX).toISOString()
}

async function probeHome(env: Env): Promise<boolean> {
  const call = { method: 'GET', path: '/internal/health', deadlineMs: PROBE_DEADLINE_MS }
  const answer = await callHome(env, call)
  await answer?.body?.cancel()
  return answer?.ok ?? false
}

/** Down as soon as one Mailbox has lost its way to the broker. */
function brokerOf(mailboxes: readonly MailboxState[]): Status['broker'] {
  if (mailboxes.some(({ broker }) => broker === 'down')) return 'down'
  return mailboxes.some(({ broker }) => broker === 'up') ? 'up' : 'none'
}
