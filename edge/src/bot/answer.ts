// The bot: a question in, a reply out, the same for every service.

import type { BotAsk } from '@motu/shared/bot/ask.ts'
import { linkedReply, portfolioReply, priceReply, rankingReply } from '@motu/shared/bot/replies.ts'
import { type BotReply, SAYS } from '@motu/shared/bot/reply.ts'
import { type Portfolio, portfolioSchema } from '@motu/shared/contract/portfolio.ts'
import { DomainError } from '@motu/shared/problem.ts'
import { type Env, lastGoodOf } from '../env.ts'
import { knowInstruments } from '../instruments.ts'
import { log, reasonOf } from '../log.ts'
import { limiterOf } from '../rate-limit.ts'
import type { Asker, Said } from './asker.ts'
import { quoteOf, theInstrument } from './market.ts'
import { ask, link, recall } from './people.ts'
import { dismiss, lookAt, offer, place } from './trade.ts'

const PORTFOLIO_PATH = '/api/v1/portfolio'

/** Never rejects: what goes wrong is said, and logged. */
export async function answer(env: Env, asker: Asker, asked: BotAsk): Promise<Said> {
  const { service, external_id } = asker.person
  try {
    limiterOf(env).take('bot', `${service}:${external_id}`)
    if (asker.isOverheard && asked.kind !== 'price' && asked.kind !== 'help') {
      return { reply: SAYS.onlyAlone }
    }
    if (asked.kind === 'press' && asked.button === 'confirm')
      return await place(env, asker, asked.id)
    return { reply: await replyTo(env, asker, asked) }
  } catch (error) {
    if (error instanceof DomainError && error.code === 'rate-limited') return { reply: SAYS.busy }
    log.error('the bot failed', { kind: asked.kind, reason: reasonOf(error) })
    return { reply: SAYS.broken }
  }
}

async function replyTo(env: Env, asker: Asker, asked: BotAsk): Promise<BotReply> {
  switch (asked.kind) {
    case 'help':
      return SAYS.help
    case 'price':
      return price(env, asked.instrument)
    case 'me':
      return me(env, asker)
    case 'rank':
      return rank(env, asker)
    case 'link':
      return linked(env, asker, asked.code)
    case 'trade':
      return offer(env, asker, asked)
    case 'press':
      return asked.button === 'dismiss'
        ? dismiss(env, asker, asked.id)
        : lookAt(env, asker, asked.id)
  }
}

async function price(env: Env, text: string): Promise<BotReply> {
  await knowInstruments(env)
  const instrument = theInstrument(text)
  if (!instrument) return SAYS.noInstrument
  const found = await quoteOf(env, instrument.tickerId)
  return found ? priceReply(instrument, found.quote, found.isStale) : SAYS.noQuote
}

async function me(env: Env, { person }: Asker): Promise<BotReply> {
  const said = await ask(env, { person, what: 'portfolio' })
  if (said !== 'dark') {
    if (!said.user) return SAYS.notLinked
    return said.portfolio ? portfolioReply(said.user.nickname, said.portfolio, false) : SAYS.dark
  }
  const user = await recall(env, person)
  const kept = user && (await lastGoodOf(env).find({ user: user.user_id, path: PORTFOLIO_PATH }))
  const last: Portfolio | undefined = kept
    ? portfolioSchema.safeParse(JSON.parse(kept.body)).data
    : undefined
  return user && last ? portfolioReply(user.nickname, last, true) : SAYS.dark
}

async function rank(env: Env, { person }: Asker): Promise<BotReply> {
  const said = await ask(env, { person, what: 'ranking' })
  if (said === 'dark') return SAYS.dark
  if (!said.user) return SAYS.notLinked
  return said.ranking ? rankingReply(said.ranking.ranking, said.ranking.users) : SAYS.dark
}

async function linked(env: Env, { person, name }: Asker, code: string): Promise<BotReply> {
  const made = await link(env, { person, display_name: name, code: code.slice(0, 64) })
  if (made === 'dark') return SAYS.linkInDark
  if (made.outcome === 'linked') return linkedReply(made.user.nickname, made.user.may_trade)
  return made.outcome === 'unknown_code' ? SAYS.unknownCode : SAYS.tooManyTries
}
