// An interaction in, the first answer out, within the three seconds that Discord waits. What takes
// longer is deferred, and written over the original through the interaction's own token.

import { botDeskOf, type Env } from '../env.ts'
import { knowInstruments } from '../instruments.ts'
import { log, reasonOf } from '../log.ts'
import { answer } from './answer.ts'
import type { Said } from './asker.ts'
import {
  askerOf,
  askOf,
  AUTOCOMPLETE,
  CHOICES_MAX,
  choicesOf,
  COMMAND,
  COMPONENT,
  deferralOf,
  focusedText,
  type Interaction,
  messageOf,
  PING,
  responseOf,
} from './discord.ts'
import { findByText } from './market.ts'

/** Of Discord's three seconds; the rest is the way there and back. */
const FIRST_ANSWER_MS = 2_000
const DISCORD_URL = 'https://discord.com/api/v10'
const PATCH_TRIES = 6
const PATCH_PAUSE_MS = 400
/** A pause Discord asks for; beyond it the runtime would end us first. */
const PATCH_PAUSE_MS_MAX = 8_000
const PATCH_TIMEOUT_MS = 5_000

type WaitUntil = (work: Promise<unknown>) => void

/** Interactions under way here: one that comes twice shares its answer. */
const underWay = new Map<string, Promise<object>>()

/** The first answer to an interaction; null for one of a type we do not know. */
export async function answerInteraction(
  env: Env,
  interaction: Interaction,
  waitUntil: WaitUntil,
): Promise<object | null> {
  const { id, type } = interaction
  if (type === PING) return { type: PING }
  if (type === AUTOCOMPLETE) {
    await knowInstruments(env)
    return choicesOf(findByText(focusedText(interaction), CHOICES_MAX))
  }
  if (type !== COMMAND && type !== COMPONENT) return null
  const known = underWay.get(id)
  if (known) return known
  const given = firstAnswer(env, interaction, waitUntil)
  underWay.set(id, given)
  try {
    return await given
  } finally {
    underWay.delete(id)
  }
}

async function firstAnswer(
  env: Env,
  interaction: Interaction,
  waitUntil: WaitUntil,
): Promise<object> {
  const desk = botDeskOf(env)
  const before = await desk.findAnswer(interaction.id)
  if (before !== null) return JSON.parse(before) as object
  const asker = askerOf(interaction)
  if (!asker) return deferralOf(interaction)
  const work = answer(env, asker, askOf(interaction))
  const said = await Promise.race([work, sleep(FIRST_ANSWER_MS).then(() => null)])
  const first = said ? responseOf(interaction, said.reply) : deferralOf(interaction)
  await desk.keepAnswer(interaction.id, JSON.stringify(first))
  const after = said
    ? tellLater(env, interaction, said)
    : work.then((late) => tellLate(env, interaction, late))
  waitUntil(after.catch((error) => log.error('an answer is not told', { reason: reasonOf(error) })))
  return first
}

async function tellLate(env: Env, interaction: Interaction, said: Said): Promise<void> {
  await patchOriginal(env, interaction, messageOf(said.reply))
  await tellLater(env, interaction, said)
}

async function tellLater(env: Env, interaction: Interaction, { later }: Said): Promise<void> {
  const reply = await later?.()
  if (reply) await patchOriginal(env, interaction, messageOf(reply))
}

/** Writes over what was answered first; tried again where that may help. The token is never logged. */
async function patchOriginal(
  env: Env,
  { application_id, token }: Interaction,
  message: object,
): Promise<void> {
  const url = `${env.DISCORD_URL || DISCORD_URL}/webhooks/${application_id}/${token}/messages/@original`
  for (let tries = 1; tries <= PATCH_TRIES; tries += 1) {
    const outcome = await tryPatch(url, message)
    if (outcome === 'done') return
    if (outcome === 'refused') break
    await sleep(Math.min(Math.max(outcome, PATCH_PAUSE_MS * tries), PATCH_PAUSE_MS_MAX))
  }
  log.warn('Discord does not take an answer')
}

/** `done`, `refused`, or how long to wait before the next try. */
async function tryPatch(url: string, message: object): Promise<'done' | 'refused' | number> {
  try {
    const answered = await fetch(url, {
      method: 'PATCH',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(message),
      redirect: 'manual',
      signal: AbortSignal.timeout(PATCH_TIMEOUT_MS),
    })
    await answered.body?.cancel()
    if (answered.ok) return 'done'
    if (answered.status === 429) return pauseMsOf(answered.headers.get('retry-after'))
    // There is no original before Discord has heard our first answer.
    return answered.status >= 500 || answered.status === 404 ? 0 : 'refused'
  } catch (error) {
    log.info('Discord was not reached', { reason: (error as Error).name })
    return 0
  }
}

function pauseMsOf(seconds: string | null): number {
  const value = Number.parseFloat(seconds ?? '')
  return Number.isFinite(value) && value > 0 ? value * 1_000 : 1_000
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
