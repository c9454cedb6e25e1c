// A call to home's API: signed, and with a deadline. Home is `dark` when no answer comes in time.

import { SIGNATURE_HEADER, signCall } from '@motu/shared/internal.ts'
import { systemClock } from './clock.ts'
import type { Env } from './env.ts'

export const HOME_DEADLINE_MS = 3_000

export type HomeCall = {
  method: string
  /** With the query. */
  path: string
  body?: string
  headers?: Record<string, string>
  deadlineMs?: number
}

export type HomeSettings = Pick<Env, 'HOME_URL' | 'INTERNAL_SECRET'>

/** The signature header of a call made now. */
export async function signatureOf(env: HomeSettings, call: HomeCall): Promise<string> {
  const { method, path, body = '' } = call
  const at = { nowMs: systemClock(), nonce: crypto.randomUUID() }
  return signCall(env.INTERNAL_SECRET, { method, path, body }, at)
}

/** Home's answer; null when home is dark: unreachable, or silent until the deadline. */
export async function callHome(env: HomeSettings, call: HomeCall): Promise<Response | null> {
  const signature = await signatureOf(env, call)
  try {
    return await fetch(env.HOME_URL + call.path, {
      method: call.method,
      headers: { ...call.headers, [SIGNATURE_HEADER]: signature },
      ...(call.body ? { body: call.body } : {}),
      redirect: 'manual',
      signal: AbortSignal.timeout(call.deadlineMs ?? HOME_DEADLINE_MS),
    })
  } catch {
    // fetch rejects for one reason only: there was no answer. The status page shows it.
    return null
  }
}
