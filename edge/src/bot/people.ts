// Who somebody at a chat service is to us, and what he may know: home says so; while it is dark what it
// said last counts, as it does for API keys.

import {
  ASK_PATH,
  askAnswerSchema,
  type AskAnswer,
  type AskCall,
  type ChatPerson,
  LINK_PATH,
  linkAnswerSchema,
  type LinkAnswer,
  type LinkCall,
  type LinkedUser,
} from '@motu/shared/bot-calls.ts'
import type { Principal } from '@motu/shared/contract/access.ts'
import { systemClock } from '../clock.ts'
import { botDeskOf, type Env, hubOf } from '../env.ts'
import { callHome } from '../home-call.ts'
import { log } from '../log.ts'
import { denials } from '../upkeep.ts'

/** Longer than the API's: whoever asks in a chat has been told to wait. */
const DEADLINE_MS = 8_000

/** Home's answer to a question of a person; `dark` when it gives none. */
export async function ask(env: Env, call: AskCall): Promise<AskAnswer | 'dark'> {
  const askedMs = systemClock()
  const answer = await post(env, ASK_PATH, call)
  if (answer === 'dark') return answer
  const said = askAnswerSchema.parse(answer)
  const { user } = said
  const desk = botDeskOf(env)
  if (user && isGood(user, askedMs)) await desk.keepUser(call.person, { user, askedMs })
  else await desk.forgetUser(call.person)
  return user && !isGood(user, askedMs) ? { user: null } : said
}

/** Whom a person speaks for, as known last; null for nobody, and where that is not known any more. */
export async function recall(env: Env, person: ChatPerson): Promise<LinkedUser | null> {
  const kept = await botDeskOf(env).findUser(person)
  return kept && isGood(kept.user, kept.askedMs) ? kept.user : null
}

/** Redeems a code. */
export async function link(env: Env, call: LinkCall): Promise<LinkAnswer | 'dark'> {
  const answer = await post(env, LINK_PATH, call)
  return answer === 'dark' ? answer : linkAnswerSchema.parse(answer)
}

/** Known to be away: nobody waits for the deadline to find out again. */
export async function isDark(env: Env): Promise<boolean> {
  const { isUp, seenAt } = await hubOf(env).homeSeen()
  return !isUp && seenAt !== null
}

/** A link is a credential as a key is, and the edge places orders with it as with one. */
export function principalOf({ link_id, user_id, role, may_trade }: LinkedUser): Principal {
  const scopes = may_trade ? (['read', 'trade'] as const) : (['read'] as const)
  return { userId: user_id, role, via: { kind: 'key', keyId: link_id, scopes } }
}

const isGood = ({ link_id, user_id }: LinkedUser, askedMs: number): boolean =>
  !denials.isKeyDenied(link_id) && !denials.isOutdated(user_id, askedMs)

async function post(env: Env, path: string, call: AskCall | LinkCall): Promise<unknown> {
  if (await isDark(env)) return 'dark'
  const answer = await callHome(env, {
    ...{ method: 'POST', path, body: JSON.stringify(call), deadlineMs: DEADLINE_MS },
    headers: { 'content-type': 'application/json' },
  })
  if (answer?.ok) return answer.json()
  await answer?.body?.cancel()
  if (answer) log.warn('home does not answer the bot', { status: answer.status })
  return 'dark'
}
