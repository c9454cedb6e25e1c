// The bus on Redis. Keys and channels, each behind the prefix:
//   price:{TICKER_ID}   the last event, gone after five seconds
//   events:{TICKER_ID}  a stream of the events of the last ten minutes
//   revoked:{kind}:{id}, revoked:loaded   the deny-list, see `redis-deny-list.ts`
//   config:msg_template:{key}   the texts of messages
//   market_updates, market_books, market_trades, market_references, feed_status, order_events,
//   trade_events, alert_events, edge_clock, revocations, orders_changed   pub/sub, a JSON array a message

import { Redis } from 'ioredis'
import type { MarketEvent } from '@motu/shared/market-data.ts'
import type { Log } from '../log.ts'
import type { Bus, BusChannel, BusMessages, DenyList, TemplateTexts } from './bus.ts'
import { denyInRedis, isDeniedInRedis } from './redis-deny-list.ts'
import { publishEvents } from './redis-publish.ts'
import { followStreams } from './redis-streams.ts'
import { redisTexts } from './redis-texts.ts'
import { Subscriptions } from './redis-subscriptions.ts'

/** A command that has no answer after this long fails: prices are worth nothing later. */
const COMMAND_TIMEOUT_MS = 2_000
const RECONNECT_DELAY_MS_MAX = 1_000

export type RedisBusOptions = {
  url: string
  /** Before every key and channel; keeps tests and installations apart. */
  prefix: string
  log: Log
}

/** Commands fail fast: someone waits. Readers and listeners wait for as long as it takes. */
const FAIL_FAST = { commandTimeout: COMMAND_TIMEOUT_MS, maxRetriesPerRequest: 1 }
const WAIT = { maxRetriesPerRequest: null }

function open(options: RedisBusOptions, settings: typeof FAIL_FAST | typeof WAIT): Redis {
  const redis = new Redis(options.url, {
    connectionName: `${options.prefix}motu-bus`,
    connectTimeout: COMMAND_TIMEOUT_MS,
    retryStrategy: (attempt) => Math.min(50 * 2 ** Math.min(attempt, 5), RECONNECT_DELAY_MS_MAX),
    ...settings,
  })
  // Said once per outage: every try to connect fails with an error of its own.
  let isAway = false
  redis.on('error', (error) => {
    if (!isAway) options.log.warn({ err: error }, 'redis is away')
    isAway = true
  })
  redis.on('ready', () => {
    isAway = false
  })
  return redis
}

export function redisBus(options: RedisBusOptions): Bus & DenyList & TemplateTexts {
  const { prefix, log } = options
  const redis = open(options, FAIL_FAST)
  const subscriptions = new Subscriptions({ redis: open(options, WAIT), prefix, log })
  const followers = new Set<Redis>()
  const streamOf = (tickerId: string): string => `${prefix}events:${tickerId}`
  const closing = new AbortController()

  return {
    publishMarket: (events) => publishEvents({ redis, prefix }, events),

    async readPrices(tickerIds) {
      const prices = new Map<string, MarketEvent>()
      if (tickerIds.length === 0) return prices
      const texts = await redis.mget(tickerIds.map((id) => `${prefix}price:${id}`))
      for (const [index, text] of texts.entries()) {
        if (text !== null) prices.set(tickerIds[index]!, JSON.parse(text) as MarketEvent)
      }
      return prices
    },

    async followMarket(tickerIds, onEvents, signal) {
      // A connection of its own: a blocking read holds it.
      const reader = open(options, WAIT)
      followers.add(reader)
      try {
        const streams = tickerIds.map(streamOf)
        const either = AbortSignal.any([signal, closing.signal])
        await followStreams({ reader, streams, onEvents, signal: either, log })
      } finally {
        followers.delete(reader)
        reader.disconnect()
      }
    },

    watchMarket(onEvents) {
      return subscriptions.add('market_updates', onEvents)
    },

    async publish<C extends BusChannel>(channel: C, messages: readonly BusMessages[C][]) {
      if (messages.length > 0) await redis.publish(prefix + channel, JSON.stringify(messages))
    },

    subscribe<C extends BusChannel>(channel: C, onMessages: (m: BusMessages[C][]) => void) {
      return subscriptions.add(channel, onMessages)
    },

    deny: (revocations, { isAll } = { isAll: false }) =>
      denyInRedis({ redis, prefix }, revocations, isAll),

    async isDenied(what) {
      // Without a connection the answer would only come when somebody has stopped waiting for it.
      if (redis.status !== 'ready') return null
      return isDeniedInRedis({ redis, prefix }, what).catch(() => null)
    },

    ...redisTexts({ redis, prefix }),

    close() {
      closing.abort()
      subscriptions.close()
      for (const reader of followers) reader.disconnect()
      redis.disconnect()
      return Promise.resolve()
    },
  }
}
