// A user's devices that take pushes.

import { createHash, randomUUID } from 'node:crypto'
import {
  type NewPushDevice,
  PUSH_DEVICES_MAX,
  type PushDevice,
} from '@motu/shared/contract/push.ts'
import { partitionOf } from '@motu/shared/partition.ts'
import type { Sql } from '../../db/connect.ts'
import { lockUser } from './users.ts'

type Row = { id: string; endpoint: string; user_agent: string | null; created_at: Date }

const COLUMNS = ['id', 'endpoint', 'user_agent', 'created_at']

const view = ({ id, endpoint, user_agent, created_at: at }: Row): PushDevice => ({
  ...{ device_id: id, user_agent, created_at: at.toISOString() },
  endpoint_sha256: createHash('sha256').update(endpoint).digest('hex'),
})

/** The newest first; without those whose sign-in has ended. */
export async function listPushDevices(sql: Sql, userId: string): Promise<PushDevice[]> {
  const rows = await sql<Row[]>`
    SELECT ${sql(COLUMNS.map((column) => `s.${column}`))} FROM push_subscriptions s
    JOIN auth_sessions a ON a.id = s.session_id AND a.revoked_at IS NULL
    WHERE s.partition = ${partitionOf(userId)} AND s.user_id = ${userId}
    ORDER BY s.created_at DESC, s.id`
  return rows.map(view)
}

export type Adding = {
  userId: string
  sessionId: string
  userAgent: string | null
  device: NewPushDevice
}

/** Adds a device, or takes it over: a browser has one subscription, whoever signs in with it. */
export async function addPushDevice(
  sql: Sql,
  { userId, sessionId, userAgent, device }: Adding,
  nowMs: number,
): Promise<PushDevice> {
  const partition = partitionOf(userId)
  const { endpoint, keys } = device
  return sql.begin(async (tx) => {
    await lockUser(tx, userId)
    // Another's messages that still wait for this device are not for who has it now.
    await tx`
      DELETE FROM push_subscriptions WHERE endpoint = ${endpoint} AND user_id <> ${userId}`
    const [row] = await tx<Row[]>`
      INSERT INTO push_subscriptions (id, partition, user_id, session_id, endpoint, p256dh, auth,
        user_agent, created_at)
      VALUES (${randomUUID()}, ${partition}, ${userId}, ${sessionId}, ${endpoint}, ${keys.p256dh},
        ${keys.auth}, ${userAgent}, ${new Date(nowMs)})
      ON CONFLICT (endpoint) DO UPDATE SET session_id = EXCLUDED.session_id,
        p256dh = EXCLUDED.p256dh, auth = EXCLUDED.auth, user_agent = EXCLUDED.user_agent
      WHERE push_subscriptions.user_id = EXCLUDED.user_id
      RETURNING ${tx(COLUMNS)}`
    await tx`
      DELETE FROM push_subscriptions WHERE id IN (
        SELECT id FROM push_subscriptions WHERE partition = ${partition} AND user_id = ${userId}
        ORDER BY id = ${row!.id} DESC, created_at DESC, id OFFSET ${PUSH_DEVICES_MAX})`
    return view(row!)
  })
}

/** False when he has no such device. */
export async function removePushDevice(sql: Sql, userId: string, id: string): Promise<boolean> {
  const { count } = await sql`
    DELETE FROM push_subscriptions
    WHERE id = ${id} AND partition = ${partitionOf(userId)} AND user_id = ${userId}`
  return count > 0
}
