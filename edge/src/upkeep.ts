// What the doors of an isolate remember, and how that is kept in step with home and the disk. On
// self-hosted workerd the Hub and every request share one isolate; on Cloudflare the others learn of
// revocations from the disk, within seconds.

import type { Context } from 'hono'
import type { UsageReport } from '@motu/shared/api-key-calls.ts'
import { ApiKeys } from './api-keys.ts'
import { TokenVerifier } from './auth.ts'
import { systemClock } from './clock.ts'
import { Denials } from './denials.ts'
import { type AppEnv, type Env, lastGoodOf } from './env.ts'
import { callHome } from './home-call.ts'
import {
  KEPT_INSTRUMENTS_AGE_MAX_MS,
  recallInstruments,
  refreshInstruments,
} from './instruments.ts'
import { log, reasonOf } from './log.ts'
import { Usage } from './usage.ts'

const USAGE_PATH = '/internal/api-keys/usage'
const SIGN_OUTS_PATH = '/internal/sign-outs'
const DENIALS_AGE_MAX_MS = 5_000

/** One each per isolate: what was verified once need not be verified again. */
export const denials = new Denials()
export const tokens = new TokenVerifier(systemClock, denials)
export const apiKeys = new ApiKeys(systemClock, denials)
export const usage = new Usage(systemClock)

let denialsReadAt = 0
let instrumentsReadAt = 0

/** After the answer, once in a while: hears what was revoked, tells what was used. */
export function keepUp(c: Context<AppEnv>): void {
  const nowMs = systemClock()
  if (nowMs - denialsReadAt >= DENIALS_AGE_MAX_MS) {
    denialsReadAt = nowMs
    c.executionCtx.waitUntil(readDenials(c.env))
  }
  if (nowMs - instrumentsReadAt >= KEPT_INSTRUMENTS_AGE_MAX_MS) {
    instrumentsReadAt = nowMs
    c.executionCtx.waitUntil(recallInstruments(c.env))
  }
  if (usage.isDue) c.executionCtx.waitUntil(tellUsage(c.env))
}

/**
 * Tells home what it has not heard: uses and refusals, and who signed out meanwhile. Asks what is
 * listed now. Never rejects.
 */
export async function keepInStep(env: Env): Promise<void> {
  await Promise.all([tellUsage(env), tellSignOuts(env), refreshInstruments(env)])
}

async function tellSignOuts(env: Env): Promise<void> {
  try {
    const session_ids = await lastGoodOf(env).untoldSignOuts()
    if (session_ids.length === 0) return
    const headers = { 'content-type': 'application/json' }
    const body = JSON.stringify({ session_ids })
    const answer = await callHome(env, { method: 'POST', path: SIGN_OUTS_PATH, headers, body })
    await answer?.body?.cancel()
    if (answer?.ok) await lastGoodOf(env).forgetSignOuts(session_ids)
    else if (answer) log.error('home takes no sign-outs', { status: answer.status })
  } catch (error) {
    log.warn('sign-outs not told', { reason: reasonOf(error) })
  }
}

/** Tells home who used keys and who was refused. Never rejects. */
async function tellUsage(env: Env): Promise<void> {
  await usage.tell((report) => send(env, report))
}

async function send(env: Env, report: UsageReport): Promise<boolean> {
  const headers = { 'content-type': 'application/json' }
  const call = { method: 'POST', path: USAGE_PATH, headers, body: JSON.stringify(report) }
  const answer = await callHome(env, call)
  await answer?.body?.cancel()
  if (!answer || answer.status >= 500) return false
  if (!answer.ok) log.error('home does not understand our report', { status: answer.status })
  return true
}

async function readDenials(env: Env): Promise<void> {
  try {
    denials.add(await lastGoodOf(env).denied(), systemClock())
  } catch (error) {
    log.warn('revocations not read', { reason: reasonOf(error) })
  }
}
