// Telegram's updates, asked for (long polling), answered one after another by the edge. An update is
// done with when the next ones are asked for: what a restart makes us hear again the edge knows.
// Source: Telegram's Bot API, "Getting updates".

import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import type { Log } from '../log.ts'
import type { Relay } from './relay.ts'

/** How long Telegram may hold a question for updates. */
const POLL_SECONDS = 25
const POLL_TIMEOUT_MS = (POLL_SECONDS + 10) * 1_000
const CALL_TIMEOUT_MS = 10_000
const CALL_TRIES = 4
const PAUSE_MS = 1_000
const PAUSE_MS_MAX = 60_000

const answerSchema = z.object({
  ok: z.boolean(),
  result: z.unknown().optional(),
  parameters: z.object({ retry_after: z.number().optional() }).optional(),
})
const updatesSchema = z.array(z.looseObject({ update_id: z.int() }))
const callsSchema = z.object({
  calls: z.array(z.object({ method: z.string(), params: z.record(z.string(), z.unknown()) })),
})

type Settings = { baseUrl: string; botToken: string }
type Parts = { settings: Settings; relay: Relay; log: Log }
/** `pauseMs` is how long Telegram asks us to wait; 0 where it says nothing. */
type Outcome = { status: number; result: unknown; pauseMs: number }

/** Listens until it is stopped. */
export function startTelegram({ settings, relay, log }: Parts): () => Promise<void> {
  const ending = new AbortController()
  const { signal } = ending
  const listening = listen({ settings, relay, log, signal }).catch((error: unknown) => {
    if (!signal.aborted) log.error({ reason: (error as Error).name }, 'Telegram is not heard')
  })
  return async () => {
    ending.abort()
    await listening
  }
}

async function listen(parts: Parts & { signal: AbortSignal }): Promise<void> {
  const { settings, log, signal } = parts
  // A webhook of before would keep the updates from us.
  await post(settings, 'deleteWebhook', { params: {}, signal, timeoutMs: CALL_TIMEOUT_MS })
  let offset = 0
  let failures = 0
  while (!signal.aborted) {
    const params = { offset, timeout: POLL_SECONDS, allowed_updates: ['message', 'callback_query'] }
    const { status, result, pauseMs } = await post(settings, 'getUpdates', {
      ...{ params, signal, timeoutMs: POLL_TIMEOUT_MS },
    })
    const updates = status === 200 ? updatesSchema.safeParse(result) : null
    if (!updates?.success) {
      failures += 1
      if (!signal.aborted) log.warn({ status }, 'Telegram tells no updates')
      const growing = PAUSE_MS * 2 ** Math.min(failures - 1, 6)
      await pause(Math.min(Math.max(pauseMs, growing), PAUSE_MS_MAX), signal)
      continue
    }
    failures = 0
    for (const update of updates.data) {
      await answerUpdate(parts, update)
      offset = update.update_id + 1
    }
  }
}

async function answerUpdate(
  { settings, relay, log, signal }: Parts & { signal: AbortSignal },
  update: unknown,
): Promise<void> {
  const answer = callsSchema.safeParse(await relay('telegram', update))
  for (const { method, params } of answer.data?.calls ?? []) {
    for (let tries = 1; tries <= CALL_TRIES && !signal.aborted; tries += 1) {
      const { status, pauseMs } = await post(settings, method, {
        ...{ params, signal, timeoutMs: CALL_TIMEOUT_MS },
      })
      if (status !== 429 && status !== 0 && status < 500) {
        if (status !== 200) log.warn({ method, status }, 'Telegram refuses an answer')
        break
      }
      await pause(Math.min(Math.max(pauseMs, PAUSE_MS * tries), PAUSE_MS_MAX), signal)
    }
  }
}

type Call = { params: object; signal: AbortSignal; timeoutMs: number }

/** Status 0: no answer. The address holds the token: no error of ours names it. */
async function post(
  { baseUrl, botToken }: Settings,
  method: string,
  { params, signal, timeoutMs }: Call,
): Promise<Outcome> {
  try {
    const response = await fetch(`${baseUrl}/bot${botToken}/${method}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(params),
      redirect: 'manual',
      signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
    })
    const answer = answerSchema.safeParse(await response.json())
    const seconds = answer.data?.parameters?.retry_after ?? 0
    return { status: response.status, result: answer.data?.result, pauseMs: seconds * 1_000 }
  } catch {
    // Not reached, cut off, or no JSON: the caller tries again.
    return { status: 0, result: null, pauseMs: 0 }
  }
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  // Ended while it waits: the loop looks at the signal.
  await sleep(ms, undefined, { signal }).catch(() => undefined)
}
