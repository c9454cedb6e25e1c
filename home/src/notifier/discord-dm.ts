// A message of Discord's bot to one person. Source: Discord's API documentation, "Create DM" and
// "Create Message".

import { createHash } from 'node:crypto'
import { DISCORD } from '@motu/shared/render-template.ts'
import { verdictOf } from './discord.ts'
import { type Answer, type Call, postJson } from './http-call.ts'
import type { Place, Sent } from './service.ts'

/** Channels that are remembered; of more, the oldest is asked for anew. */
const CHANNELS_MAX = 10_000

export type DiscordPerson = {
  readonly apiUrl: string
  readonly botToken: string
  readonly userId: string
  /** The channels of the people that were written to, by their ids. */
  readonly channels: Map<string, string>
}

export function discordDm(person: DiscordPerson, call: Call = fetch): Place {
  const { apiUrl, botToken, userId, channels } = person
  const headers = { authorization: `Bot ${botToken}` }
  const post = (path: string, body: unknown) => postJson(call, apiUrl + path, body, headers)
  return {
    medium: DISCORD,
    addressHash: createHash('sha256').update(`${botToken} ${userId}`).digest('hex'),
    async send(content): Promise<Sent> {
      let channel = channels.get(userId)
      if (channel === undefined) {
        const opened = await post('/users/@me/channels', { recipient_id: userId })
        if ('kind' in opened) return opened
        channel = channelIn(opened)
        if (channel === undefined) return refusalOf(opened)
        if (channels.size >= CHANNELS_MAX) channels.delete(channels.keys().next().value!)
        channels.set(userId, channel)
      }
      const message = { content, allowed_mentions: { parse: [] } }
      const answer = await post(`/channels/${channel}/messages`, message)
      return 'kind' in answer ? answer : refusalOf(answer)
    },
  }
}

/** He shut us out, or shares no server with us any more. A wrong token says nothing of him. */
function refusalOf(answer: Answer): Sent {
  const { status } = answer
  if (status === 403) return { kind: 'gone', error: 'answered 403' }
  if (status === 401) return { kind: 'failing', error: 'answered 401' }
  return verdictOf(answer)
}

function channelIn({ status, body }: Answer): string | undefined {
  const { id } = (body ?? {}) as { id?: unknown }
  const isChannel = status >= 200 && status < 300 && typeof id === 'string' && /^\d{1,20}$/.test(id)
  return isChannel ? id : undefined
}
