// Accounts at chat services that speak for a user. A link ends; its row stays, because orders of before
// are judged by it.

import { randomUUID } from 'node:crypto'
import type { Role } from '@motu/shared/access-token.ts'
import type { ChatPerson, LinkedUser } from '@motu/shared/bot-calls.ts'
import { type ChatService, LINK_ID_PREFIX } from '@motu/shared/channel-link.ts'
import type { ChannelLink } from '@motu/shared/contract/channel-links.ts'
import type { Sql, Transaction } from '../../db/connect.ts'

export async function listLinks(sql: Sql, userId: string): Promise<ChannelLink[]> {
  const rows = await sql<
    { service: ChatService; display_name: string; may_trade: boolean; linked_at: Date }[]
  >`
    SELECT service, display_name, may_trade, linked_at FROM channel_links
    WHERE user_id = ${userId} AND ended_at IS NULL ORDER BY service`
  return rows.map(({ linked_at, ...link }) => ({ ...link, linked_at: linked_at.toISOString() }))
}

export type NewLink = {
  userId: string
  person: ChatPerson
  displayName: string
  mayTrade: boolean
}
export type MadeLink = {
  linkId: string
  /** Links that gave way: the person's to another account, the user's to another person. */
  replaced: readonly { linkId: string; userId: string }[]
}

/**
 * Links a person to a user, instead of whatever either was linked to; null when the user is shut out.
 */
export async function insertLink(
  tx: Transaction,
  { userId, person, displayName, mayTrade }: NewLink,
  nowMs: number,
): Promise<MadeLink | null> {
  const users = await tx`
    SELECT 1 FROM users WHERE id = ${userId} AND disabled_at IS NULL FOR NO KEY UPDATE`
  if (users.length === 0) return null
  const { service, external_id: externalId } = person
  const at = new Date(nowMs)
  const ended = await tx<{ id: string; user_id: string }[]>`
    UPDATE channel_links SET ended_at = ${at}, ended_reason = 'replaced'
    WHERE ended_at IS NULL AND service = ${service}
      AND (external_id = ${externalId} OR user_id = ${userId}) RETURNING id, user_id`
  const linkId = LINK_ID_PREFIX + randomUUID()
  await tx`
    INSERT INTO channel_links (id, user_id, service, external_id, display_name, may_trade, linked_at)
    VALUES (${linkId}, ${userId}, ${service}, ${externalId}, ${displayName}, ${mayTrade}, ${at})`
  return { linkId, replaced: ended.map(({ id, user_id }) => ({ linkId: id, userId: user_id })) }
}

export type Ending = {
  userId: string
  /** All of his without it. */
  service?: ChatService
  reason: 'unlinked' | 'disabled'
}

/** Ends links of a user; answers which. */
export async function endLinks(
  tx: Transaction,
  { userId, service, reason }: Ending,
  nowMs: number,
): Promise<string[]> {
  const rows = await tx<{ id: string }[]>`
    UPDATE channel_links SET ended_at = ${new Date(nowMs)}, ended_reason = ${reason}
    WHERE user_id = ${userId} AND ended_at IS NULL
      ${service === undefined ? tx`` : tx`AND service = ${service}`} RETURNING id`
  return rows.map(({ id }) => id)
}

type LinkedRow = {
  id: string
  user_id: string
  role: Role
  nickname: string
  may_trade: boolean
}

/** Whom a person speaks for now; null for nobody, and for one who is shut out. */
export async function findLinkedUser(
  sql: Sql | Transaction,
  { service, external_id: externalId }: ChatPerson,
): Promise<LinkedUser | null> {
  const [row] = await sql<LinkedRow[]>`
    SELECT l.id, l.user_id, u.role, u.nickname, l.may_trade
    FROM channel_links l JOIN users u ON u.id = l.user_id
    WHERE l.service = ${service} AND l.external_id = ${externalId} AND l.ended_at IS NULL
      AND u.disabled_at IS NULL`
  if (!row) return null
  const { id: link_id, ...user } = row
  return { link_id, ...user }
}
