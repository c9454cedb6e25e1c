// Discord's webhooks. Source: Discord's API documentation, "Execute Webhook" and "Rate Limits".

import { createHash } from 'node:crypto'
import { DISCORD } from '@motu/shared/render-template.ts'
import {
  type Answer,
  type Call,
  pauseMsOf,
  postForm,
  postJson,
  verdictOfStatus,
} from './http-call.ts'
import type { Picture, Place, Sent } from './service.ts'

const EMBED_COLOUR = 0xffc857

/** A webhook, by its URL, which is its secret. */
export function discordPlace(webhookUrl: string, call: Call = fetch): Place {
  const url = new URL(webhookUrl)
  // With it Discord answers when the message is there, not when it has taken note of it.
  url.searchParams.set('wait', 'true')
  return {
    medium: DISCORD,
    addressHash: createHash('sha256').update(webhookUrl).digest('hex'),
    async send(content, picture) {
      // Whatever the text says: nobody is pinged.
      const message = { content, allowed_mentions: { parse: [] } }
      if (picture) {
        const answer = await postForm(call, url.href, formOf(message, picture))
        const sent = 'kind' in answer ? answer : verdictOf(answer)
        // Refused is not there: the text alone may be taken.
        if (sent.kind !== 'refused') return sent
      }
      const answer = await postJson(call, url.href, message)
      return 'kind' in answer ? answer : verdictOf(answer)
    },
  }
}

/** The picture stands in an embed, under its title. Source: "Uploading Files". */
function formOf(message: object, { fileName, png, title, description }: Picture): FormData {
  const embed = {
    title,
    color: EMBED_COLOUR,
    image: { url: `attachment://${fileName}` },
    footer: { text: '모투 · 모의투자' },
  }
  const attachments = [{ id: 0, filename: fileName, description }]
  const form = new FormData()
  form.set('payload_json', JSON.stringify({ ...message, embeds: [embed], attachments }))
  form.set('files[0]', new Blob([png], { type: 'image/png' }), fileName)
  return form
}

/** What an answer of Discord's says of the message. */
export function verdictOf({ status, headers, body }: Answer): Sent {
  if (status >= 200 && status < 300) {
    const isLast = headers.get('x-ratelimit-remaining') === '0'
    return { kind: 'sent', pauseMs: isLast ? pauseMsOf(headers.get('x-ratelimit-reset-after')) : 0 }
  }
  if (status === 429) {
    const { retry_after: seconds = headers.get('retry-after') } = (body ?? {}) as {
      retry_after?: unknown
    }
    return { kind: 'limited', pauseMs: pauseMsOf(seconds) }
  }
  // Deleted, or its token changed: asking again only brings us nearer to a ban.
  if (status === 404 || status === 401) return { kind: 'gone', error: `answered ${status}` }
  return verdictOfStatus(status)
}
