// What the runtime hands the edge: its settings and its durable objects.

import type { Principal } from '@motu/shared/contract/access.ts'
import type { BotDesk } from './bot/bot-desk.ts'
import type { Hub } from './hub.ts'
import type { LastGood } from './last-good.ts'
import type { Mailbox } from './mailbox.ts'
import type { Draw } from './token-bucket.ts'

export type Env = {
  /** Where home's API listens, without a trailing slash. */
  HOME_URL: string
  /** Signs every call to home; without it home stays dark. */
  INTERNAL_SECRET?: string
  /** RabbitMQ; missing or empty when orders go to home by HTTP. */
  AMQP_URL?: string
  /** Before every queue's name; empty in production. */
  QUEUE_PREFIX: string
  /** Origins beside our own that may open sockets, separated by commas. */
  ALLOWED_ORIGINS: string
  /**
   * Networks whose peers may say who their client is, with commas between; the private ones without
   * it. Cloudflare itself says so instead.
   */
  TRUSTED_PROXIES?: string
  VERSION: string
  /** `off`, or JSON that changes some limits (see rate-limit.ts). */
  LIMITS?: string | null
  /** Of the application at Discord, in hex: whose interactions come here. Null: they do not. */
  DISCORD_PUBLIC_KEY?: string | null
  /** Discord's HTTP API with its version; null for the real one. */
  DISCORD_URL?: string | null
  /** The edge's own webhook, by which it tells that home is down; null: it does not. */
  HOME_ALERT_WEBHOOK_URL?: string | null
  /** After how many seconds; 60 without it. */
  HOME_ALERT_AFTER_SECONDS?: string | null
  /** One per partition, named `0` to `7`. */
  MAILBOX: DurableObjectNamespace<Mailbox>
  HUB: DurableObjectNamespace<Hub>
  LAST_GOOD: DurableObjectNamespace<LastGood>
  BOT_DESK: DurableObjectNamespace<BotDesk>
  /** The web app's files. */
  ASSETS: Fetcher
}

/** What a handler of the app finds in its context. */
export type AppEnv = {
  Bindings: Env
  Variables: {
    requestId?: string
    /** Where the request comes from: a refusal asks for it several times. */
    clientAddress?: string
    /** Who the request speaks for, once that is known. */
    principal?: Principal
    /** The limit it was counted under; null where there is none. */
    limit?: Draw | null
    /** What a refusal of a key has to do with. */
    refusedWhy?: 'outside_networks' | 'quota' | undefined
  }
}

/** Ids are derived by a hash, which costs an order 10 µs; they never change. */
const mailboxIds = new Map<number, DurableObjectId>()

/** The Mailbox of a partition. */
export function mailboxOf(env: Env, partition: number): DurableObjectStub<Mailbox> {
  let id = mailboxIds.get(partition)
  if (!id) {
    id = env.MAILBOX.idFromName(String(partition))
    mailboxIds.set(partition, id)
  }
  return env.MAILBOX.get(id)
}

/** The one Hub. */
export function hubOf(env: Env): DurableObjectStub<Hub> {
  return env.HUB.getByName('hub')
}

/** The one store of last good answers. */
export function lastGoodOf(env: Env): DurableObjectStub<LastGood> {
  return env.LAST_GOOD.getByName('last-good')
}

/** The one desk of the bot. */
export function botDeskOf(env: Env): DurableObjectStub<BotDesk> {
  return env.BOT_DESK.getByName('desk')
}
