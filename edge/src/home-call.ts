// A call to home's API: signed, and with a deadline. Home is `dark` when no answer comes in time.

import { SIGNATURE_HEADER, signCall } from '@motu/shared/internal.ts'
import { systemClock } from './clock.ts'
import type { Env } from './env.ts'
import { log, reasonOf } from './log.ts'
import { RecentKeys } from './recent-keys.ts'

export const HOME_DEADLINE_MS = 3_000

export type HomeCall = {
  method: string
  /** With the query. */
  path: string
  body?: string
  headers?: Record<string, string>
  deadlineMs?: number
}

/** While home is dark every call fails; the log needs to hear of it once in a while. */
const darkLog = new RecentKeys({ intervalMs: 10_000, now: systemClock })

export type HomeSettings = Pick<Env, 'HOME_URL' | 'INTERNAL_SECRET'>

/** The signature header of a call made now. */
export async function signatureOf(env: HomeSettings, call: HomeCall): Promise<string> {
  const { method, path, body = '' } = call
  if (!env.INTERNAL_SECRET) throw new Error('INTERNAL_SECRET is not set')
  const at = { nowMs: systemClock(), nonce: crypto.randomUUID() }
  return signCall(env.INTERNAL_SECRET, { method, path, body }, at)
}

/** Home's answer; null when home is dark: unreachable, or silent until the deadline. */
export async function callHome(env: HomeSettings, call: HomeCall): Promise<Response | null> {
  try {
    const signature = await signatureOf(env, call)
    return await fetch(env.HOME_URL + call.path, {
      method: call.method,
      headers: { ...call.headers, [SIGNATURE_HEADER]: signature },
      ...(call.body ? { body: call.body } : {}),
      redirect: 'manual',
      signal: AbortSignal.timeout(call.deadlineMs ?? HOME_DEADLINE_MS),
    })
  } catch (error) {
    const { method } = call
    // A provider's code travels in the query: it is nobody's to read.
    const [path = ''] = call.path.split('?')
    if (darkLog.admit(path)) log.warn('home is dark', { method, path, reason: reasonOf(error) })
    return null
  }
}
