// The bot's doors: Discord's interactions, signed by Discord, and what home hears at a service and hands
// on, signed by home. No token of a bot is ever here.

import { type Context, Hono } from 'hono'
import { RELAY_PATH, relaySchema } from '@motu/shared/bot-calls.ts'
import { SIGNATURE_HEADER, verifyCall } from '@motu/shared/internal.ts'
import { DomainError } from '@motu/shared/problem.ts'
import { jsonAnswer } from '../answer.ts'
import { answer } from '../bot/answer.ts'
import { answerInteraction } from '../bot/discord-answer.ts'
import { interactionSchema } from '../bot/discord.ts'
import { isFromDiscord } from '../bot/discord-signature.ts'
import { callsOf, readUpdate, type TelegramCall, updateSchema } from '../bot/telegram.ts'
import { clientAddress } from '../client-address.ts'
import { systemClock } from '../clock.ts'
import { type AppEnv, botDeskOf, type Env } from '../env.ts'
import { readBody } from '../json-body.ts'
import { invalidRequest } from '../order-request.ts'
import { limiterOf } from '../rate-limit.ts'
import { keepUp } from '../upkeep.ts'

const BODY_BYTES_MAX = 64 * 1024

/** `/bot`: what is no part of the API, and no page. */
export const bot = new Hono<AppEnv>()

bot.post('/discord', async (c) => {
  keepUp(c)
  const publicKey = c.env.DISCORD_PUBLIC_KEY
  if (!publicKey) throw new DomainError('not-found', { detail: 'Discord is not heard here.' })
  const limiter = limiterOf(c.env)
  const address = clientAddress(c)
  limiter.checkFailures(address)
  const sent = {
    timestamp: c.req.header('x-signature-timestamp'),
    signature: c.req.header('x-signature-ed25519'),
    body: await readBody(c.req.raw, BODY_BYTES_MAX),
  }
  if (!(await isFromDiscord(publicKey, sent, systemClock()))) {
    limiter.noteFailure(address)
    throw new DomainError('unauthenticated', { detail: 'This is not signed by Discord.' })
  }
  return jsonAnswer(c, await answerDiscord(c, parseJson(sent.body)))
})

bot.post(RELAY_PATH.slice('/bot'.length), async (c) => {
  keepUp(c)
  const body = await readBody(c.req.raw, BODY_BYTES_MAX)
  const call = { method: 'POST', path: RELAY_PATH, body }
  const at = { header: c.req.header(SIGNATURE_HEADER), nowMs: systemClock() }
  // Heard again, it is answered as it was: its nonce need not be remembered.
  const isHomes = c.env.INTERNAL_SECRET && (await verifyCall(c.env.INTERNAL_SECRET, call, at))
  if (!isHomes) throw new DomainError('unauthenticated', { detail: 'This is not signed by home.' })
  const parsed = relaySchema.safeParse(parseJson(body))
  if (!parsed.success) throw invalidRequest(parsed.error)
  const { service, event } = parsed.data
  if (service === 'discord') return jsonAnswer(c, await answerDiscord(c, event))
  return jsonAnswer(c, { calls: await answerTelegram(c.env, event) })
})

bot.all('/*', () => {
  throw new DomainError('not-found')
})

async function answerDiscord(c: Context<AppEnv>, event: unknown): Promise<object> {
  const interaction = interactionSchema.safeParse(event)
  if (!interaction.success) throw invalidRequest(interaction.error)
  const first = await answerInteraction(c.env, interaction.data, (work) =>
    c.executionCtx.waitUntil(work),
  )
  if (first) return first
  const errors = [{ pointer: '#/type', detail: 'is none we answer' }]
  throw new DomainError('invalid-request', { detail: 'No such interaction.', errors })
}

/** Telegram waits: what becomes of an order is told with its answer. */
async function answerTelegram(env: Env, event: unknown): Promise<TelegramCall[]> {
  const update = updateSchema.safeParse(event)
  const asked = update.success ? readUpdate(update.data) : null
  if (!update.success || !asked) return []
  const { asker, ask } = asked
  const desk = botDeskOf(env)
  const before = await desk.findAnswer(asker.interactionId)
  if (before !== null) return JSON.parse(before) as TelegramCall[]
  const { reply, later } = await answer(env, asker, ask)
  const calls = callsOf(update.data, (await later?.()) ?? reply)
  await desk.keepAnswer(asker.interactionId, JSON.stringify(calls))
  return calls
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch (cause) {
    const errors = [{ pointer: '#', detail: 'is not JSON' }]
    throw new DomainError('invalid-request', { detail: 'The body is not JSON.', errors, cause })
  }
}
