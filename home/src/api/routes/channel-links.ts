// Accounts at Discord and Telegram: a code is made here, typed to the bot there, and redeemed by the
// edge, which knows who typed it.

import { randomInt } from 'node:crypto'
import type { OpenAPIHono } from '@hono/zod-openapi'
import {
  type ChatPerson,
  LINK_PATH,
  type LinkAnswer,
  type LinkCall,
  linkCallSchema,
} from '@motu/shared/bot-calls.ts'
import {
  formatLinkCode,
  LINK_CODE_ALPHABET,
  LINK_CODE_LENGTH,
  LINK_CODE_LIFETIME_MS,
  parseLinkCode,
} from '@motu/shared/channel-link.ts'
import {
  createLinkCodeRoute,
  endChannelLinkRoute,
  listChannelLinksRoute,
} from '@motu/shared/contract/channel-links.ts'
import { DomainError } from '@motu/shared/problem.ts'
import type { ApiParts } from '../api.ts'
import { actorOf, audit } from '../audit.ts'
import type { ApiEnv } from '../env.ts'
import { LinkTries } from '../link-tries.ts'
import { invalidRequest } from '../problem.ts'
import { dropChallenges, insertChallenge, takeChallenge } from '../queries/challenges.ts'
import { endLinks, findLinkedUser, insertLink, listLinks } from '../queries/channel-links.ts'
import { insertNotice } from '../queries/notices.ts'
import { revocationOf } from '../queries/revocations.ts'

const CODE = { kind: 'channel-link' } as const
const SERVICE_NAMES = { discord: 'Discord', telegram: 'Telegram' } as const

export function addChannelLinkRoutes(app: OpenAPIHono<ApiEnv>, parts: ApiParts): void {
  const { sql, now, config, revocations } = parts
  const tries = new LinkTries()

  app.openapi(listChannelLinksRoute, async (c) => {
    const links = await listLinks(sql, c.get('principal').userId)
    return c.json({ services: [...config.bot.services], links }, 200)
  })

  app.openapi(createLinkCodeRoute, async (c) => {
    const { may_trade: mayTrade } = c.req.valid('json')
    const { userId } = c.get('principal')
    const nowMs = now()
    const code = newCode()
    const asked = { ...CODE, secret: code, userId, detail: { mayTrade } }
    await dropChallenges(sql, { ...CODE, userId })
    await insertChallenge(sql, { ...asked, lifetimeMs: LINK_CODE_LIFETIME_MS }, nowMs)
    c.header('cache-control', 'no-store')
    const expires_at = new Date(nowMs + LINK_CODE_LIFETIME_MS).toISOString()
    return c.json({ code: formatLinkCode(code), may_trade: mayTrade, expires_at }, 201)
  })

  app.openapi(endChannelLinkRoute, async (c) => {
    const { service } = c.req.valid('param')
    const { userId } = c.get('principal')
    const nowMs = now()
    const ended = await sql.begin(async (tx) => {
      const linkIds = await endLinks(tx, { userId, service, reason: 'unlinked' }, nowMs)
      if (linkIds.length === 0) {
        throw new DomainError('not-found', { detail: 'You have no link to an account there.' })
      }
      const target = `user:${userId}`
      const detail = { service }
      await audit(tx, { action: 'channel_unlinked', ...actorOf(c), target, detail }, nowMs)
      return linkIds
    })
    await revocations.announce(ended.map((id) => revocationOf('key', id, nowMs)))
    return c.body(null, 204)
  })

  app.post(LINK_PATH, async (c) => {
    const parsed = linkCallSchema.safeParse(await c.req.json())
    if (!parsed.success) throw invalidRequest(parsed.error.issues)
    return c.json(await redeem(parts, tries, parsed.data))
  })
}

const newCode = (): string =>
  Array.from(
    { length: LINK_CODE_LENGTH },
    () => LINK_CODE_ALPHABET[randomInt(LINK_CODE_ALPHABET.length)]!,
  ).join('')

/** Links who typed a code to who made it. Wrong codes are counted, and written down. */
async function redeem(
  parts: ApiParts,
  tries: LinkTries,
  { person, display_name: displayName, code: typed }: LinkCall,
): Promise<LinkAnswer> {
  const { sql, now, revocations } = parts
  const nowMs = now()
  const who = `${person.service}:${person.external_id}`
  if (!tries.take(who, nowMs)) return { outcome: 'too_many_tries' }
  const code = parseLinkCode(typed)
  const asked =
    code === null
      ? null
      : await takeChallenge<{ mayTrade: boolean }>(sql, { ...CODE, secret: code }, nowMs)
  if (!asked?.userId) {
    await audit(sql, { action: 'channel_link_refused', actorVia: who }, nowMs)
    return { outcome: 'unknown_code' }
  }
  const { mayTrade } = asked.detail
  const link = { userId: asked.userId, person, displayName, mayTrade }
  const made = await sql.begin(async (tx) => {
    const inserted = await insertLink(tx, link, nowMs)
    if (!inserted) return null
    await noteLink(tx, link, nowMs)
    const user = await findLinkedUser(tx, person)
    return { ...inserted, user: user! }
  })
  if (!made) return { outcome: 'unknown_code' }
  tries.forget(who)
  await revocations.announce(made.replaced.map(({ linkId }) => revocationOf('key', linkId, nowMs)))
  return { outcome: 'linked', user: made.user }
}

type Noted = { userId: string; person: ChatPerson; displayName: string; mayTrade: boolean }

async function noteLink(
  tx: Parameters<typeof insertLink>[0],
  { userId, person, displayName, mayTrade }: Noted,
  nowMs: number,
): Promise<void> {
  const { service, external_id: externalId } = person
  const actor = { actorId: userId, actorVia: `${service}:${externalId}`, target: `user:${userId}` }
  const detail = { service, name: displayName, may_trade: mayTrade }
  await audit(tx, { action: 'channel_linked', ...actor, detail }, nowMs)
  const label = `${SERVICE_NAMES[service]} ${displayName}`
  await insertNotice(tx, { userId, kind: 'account_linked', detail: { label } }, nowMs)
}
