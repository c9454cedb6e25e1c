// Pure: no I/O, no clock, no randomness.
// Discord's interactions: what they ask, and how a reply is written there. Source: Discord's API
// documentation, "Receiving and Responding".

import { type BotAsk, parsePress, parseTyped } from '@motu/shared/bot/ask.ts'
import type { BotReply } from '@motu/shared/bot/reply.ts'
import { DISPLAY_NAME_LENGTH_MAX } from '@motu/shared/bot-calls.ts'
import type { Instrument } from '@motu/shared/instrument.ts'
import { parseTickerId } from '@motu/shared/ticker.ts'
import { cut, DISCORD } from '@motu/shared/render-template.ts'
import { z } from 'zod'
import type { Asker } from './asker.ts'

export const PING = 1
export const COMMAND = 2
export const COMPONENT = 3
export const AUTOCOMPLETE = 4

const EPHEMERAL = 64
/** Of a choice's name. */
const CHOICE_LENGTH_MAX = 100
export const CHOICES_MAX = 25

const snowflake = z.string().regex(/^\d{1,20}$/)
const userSchema = z.object({
  id: snowflake,
  username: z.string().min(1).max(100),
  global_name: z.string().max(100).nullish(),
})
const optionSchema = z.object({
  name: z.string().max(32),
  value: z.union([z.string().max(200), z.number(), z.boolean()]).optional(),
  focused: z.boolean().optional(),
})

/** What we read of an interaction; Discord adds to them as it likes. */
export const interactionSchema = z.object({
  id: snowflake,
  application_id: snowflake,
  type: z.int(),
  token: z.string().min(1).max(1_000),
  data: z
    .object({
      name: z.string().max(32).optional(),
      custom_id: z.string().max(100).optional(),
      options: z.array(optionSchema).max(25).optional(),
    })
    .nullish(),
  member: z.object({ user: userSchema }).nullish(),
  user: userSchema.nullish(),
})
export type Interaction = z.infer<typeof interactionSchema>

/** Who asks; null for what nobody asked. What is answered there others do not see. */
export function askerOf({ id, member, user }: Interaction): Asker | null {
  const who = member?.user ?? user
  if (!who) return null
  return {
    person: { service: 'discord', external_id: who.id },
    name: cut(who.global_name || who.username, DISPLAY_NAME_LENGTH_MAX),
    interactionId: id,
    isOverheard: false,
  }
}

export function askOf({ type, data }: Interaction): BotAsk {
  if (type === COMPONENT) return parsePress(data?.custom_id ?? '') ?? { kind: 'help' }
  const given = new Map(data?.options?.map(({ name, value }) => [name, String(value ?? '')]))
  const text = (name: string): string => given.get(name) ?? ''
  switch (data?.name) {
    case 'price':
      return { kind: 'price', instrument: text('instrument') }
    case 'rank':
    case 'me':
      return { kind: data.name }
    case 'link':
      return { kind: 'link', code: text('code') }
    case 'buy':
    case 'sell': {
      const quantity = parseTyped(text('quantity'))
      const limitPrice = given.has('price') ? parseTyped(text('price')) : null
      if (quantity === null || (given.has('price') && limitPrice === null)) return { kind: 'help' }
      const side = data.name === 'buy' ? 'BUY' : 'SELL'
      return { kind: 'trade', side, instrument: text('instrument'), quantity, limitPrice }
    }
    default:
      return { kind: 'help' }
  }
}

/** What is typed at the option that has the focus. */
export function focusedText({ data }: Interaction): string {
  return String(data?.options?.find(({ focused }) => focused)?.value ?? '')
}

export function choicesOf(instruments: readonly Instrument[]): object {
  const choices = instruments.slice(0, CHOICES_MAX).map(({ tickerId, nameKo, venue }) => ({
    name: cut(
      `${nameKo} (${parseTickerId(tickerId)?.symbol ?? tickerId}) · ${venue}`,
      CHOICE_LENGTH_MAX,
    ),
    value: tickerId,
  }))
  return { type: 8, data: { choices } }
}

/** Button styles: 1 blurple, 2 grey. */
const STYLES = { confirm: 1, dismiss: 2, order: 2 } as const

/** A message: text that people chose shows as it is, and pings nobody. */
export function messageOf({ title, lines, buttons }: BotReply): object {
  const text = [`**${DISCORD.escape(title)}**`, ...lines.map(DISCORD.escape)].join('\n')
  return {
    content: cut(DISCORD.calm(text), DISCORD.lengthMax),
    allowed_mentions: { parse: [] },
    components:
      buttons.length === 0
        ? []
        : [
            {
              type: 1,
              components: buttons.map(({ kind, id, label }) => ({
                ...{ type: 2, style: STYLES[kind], label, custom_id: `${kind}:${id}` },
              })),
            },
          ],
  }
}

/** The first answer: a message of its own, or instead of the one whose button was pressed. */
export function responseOf({ type }: Interaction, reply: BotReply): object {
  const data = messageOf(reply)
  if (type === COMPONENT) return { type: 7, data }
  return { type: 4, data: reply.isPublic ? data : { ...data, flags: EPHEMERAL } }
}

/** The answer that only says that one will come. Whether others see it is decided by now. */
export function deferralOf({ type, data }: Interaction): object {
  if (type === COMPONENT) return { type: 6 }
  return data?.name === 'price' ? { type: 5 } : { type: 5, data: { flags: EPHEMERAL } }
}
