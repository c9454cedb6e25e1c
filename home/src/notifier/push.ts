// Web push, to one device through its browser's service. Sources: RFC 8030 (the call), RFC 8291 (the
// payload), RFC 8292 (who we are).

import { createHash, randomBytes } from 'node:crypto'
import { importJWK, SignJWT } from 'jose'
import { PLAIN_TEXT } from '@motu/shared/render-template.ts'
import { isPushEndpoint } from '../push-endpoint.ts'
import { publicPushKey, type PushKey } from '../push-keys.ts'
import { type Call, pauseMsOf, post, verdictOfStatus } from './http-call.ts'
import { encryptPush, newSender, type PushReceiver } from './push-encryption.ts'
import type { Place, Sent } from './service.ts'

/** How long a service keeps what a device that is off has not fetched. */
const KEPT_SECONDS = 24 * 60 * 60
/** Services take at most a day. */
const TOKEN_MS = 12 * 60 * 60_000

export type PushSender = {
  readonly key: PushKey
  /** Whom a service writes to when we misbehave: `mailto:` or `https:`. */
  readonly contact: string
  /** Origins besides the browsers' own services. */
  readonly origins: readonly string[]
  readonly now: () => number
}

export type PushSubscription = PushReceiver & { readonly endpoint: string }

/** A device; what is sent to it is a payload of ours in JSON (`PushPayload`). */
export function pushPlace(
  subscription: PushSubscription,
  sender: PushSender,
  call: Call = fetch,
): Place {
  const { endpoint } = subscription
  return {
    medium: PLAIN_TEXT,
    addressHash: createHash('sha256').update(endpoint).digest('hex'),
    async send(payload): Promise<Sent> {
      // Looked at again: the list may have grown shorter since it was added.
      if (!isPushEndpoint(endpoint, sender.origins)) return { kind: 'gone', error: 'not allowed' }
      const salt = randomBytes(16)
      const body = encryptPush(payload, subscription, { salt, sender: newSender() })
      const answer = await post(call, endpoint, {
        headers: {
          ...{ 'content-type': 'application/octet-stream', 'content-encoding': 'aes128gcm' },
          ...{ ttl: String(KEPT_SECONDS), urgency: 'normal' },
          authorization: await authorizationFor(new URL(endpoint).origin, sender),
        },
        body: new Uint8Array(body),
      })
      return 'kind' in answer ? answer : verdictOf(answer)
    },
  }
}

function verdictOf({ status, headers }: { status: number; headers: Headers }): Sent {
  if (status >= 200 && status < 300) return { kind: 'sent', pauseMs: 0 }
  if (status === 429) return { kind: 'limited', pauseMs: pauseMsOf(headers.get('retry-after')) }
  if (status === 404 || status === 410) return { kind: 'gone', error: `answered ${status}` }
  return verdictOfStatus(status)
}

async function authorizationFor(
  origin: string,
  { key, contact, now }: PushSender,
): Promise<string> {
  const token = await new SignJWT({ sub: contact })
    .setProtectedHeader({ typ: 'JWT', alg: 'ES256' })
    .setAudience(origin)
    .setExpirationTime(Math.floor((now() + TOKEN_MS) / 1_000))
    .sign(await importJWK(key, 'ES256'))
  return `vapid t=${token}, k=${publicPushKey(key)}`
}
