// To the edge with what was heard at a service: the bot is there. Heard twice it is answered alike, so
// that a call whose answer was lost may be made again.

import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { RELAY_PATH } from '@motu/shared/bot-calls.ts'
import type { ChatService } from '@motu/shared/channel-link.ts'
import { SIGNATURE_HEADER, signCall } from '@motu/shared/internal.ts'
import type { Log } from '../log.ts'

/** The edge waits for home in its turn, and for what becomes of an order. */
const TIMEOUT_MS = 20_000
const TRIES = 3
const PAUSE_MS = 500

export type Relay = (service: ChatService, event: unknown) => Promise<unknown>
type Parts = { edgeUrl: string; secret: string; now: () => number; log: Log }

/** Answers what the edge says to an event; null when it cannot be asked, or refuses it. */
export function relayTo({ edgeUrl, secret, now, log }: Parts): Relay {
  return async (service, event) => {
    const body = JSON.stringify({ service, event })
    for (let tries = 1; tries <= TRIES; tries += 1) {
      const at = { nowMs: now(), nonce: randomUUID() }
      const signature = await signCall(secret, { method: 'POST', path: RELAY_PATH, body }, at)
      try {
        const answer = await fetch(edgeUrl + RELAY_PATH, {
          method: 'POST',
          headers: { 'content-type': 'application/json', [SIGNATURE_HEADER]: signature },
          body,
          signal: AbortSignal.timeout(TIMEOUT_MS),
        })
        if (answer.ok) return await answer.json()
        await answer.body?.cancel()
        log.warn({ service, status: answer.status }, 'the edge does not answer for the bot')
        if (answer.status < 500) return null
      } catch (error) {
        log.warn({ service, reason: (error as Error).name }, 'the edge is not reached for the bot')
      }
      await sleep(PAUSE_MS * tries)
    }
    return null
  }
}
