// What home is told from outside: the environment, read once, at start.

import { randomUUID } from 'node:crypto'

export const ROLES = ['api', 'engine', 'feeder'] as const
export type Role = (typeof ROLES)[number]

export type Config = {
  roles: ReadonlySet<Role>
  /** Names this process in the partitions table and the logs. */
  processId: string
  postgresUrl: string
  /** Null: the bus lives in this process (`npm start` without services). */
  redisUrl: string | null
  /** Null: orders come over the HTTP courier. */
  amqpUrl: string | null
  /** Before every Redis key and channel; empty in production. */
  redisPrefix: string
  /** Before every queue's name; empty in production. */
  queuePrefix: string
  apiHost: string
  apiPort: number
  internalSecret: string
  /** File with the private signing key (JWK); made on the first start. */
  signingKeyFile: string
  startingCashKrw: string
  /** `replay`, or `upbit` for coins from the exchange beside a replay of the rest. */
  feed: 'replay' | 'upbit'
  upbitUrl: string | null
  /** Milliseconds between two replayed events of one ticker. */
  tickMs: number
  /** Engines expected to share the partitions: each takes at most ⌈8/n⌉ while others beat. */
  engines: number
  logLevel: string
}

/** Reads the environment; a missing or senseless value is an error that names its variable. */
export function readConfig(env: NodeJS.ProcessEnv, roles: readonly string[]): Config {
  const unknown = roles.find((role) => !(ROLES as readonly string[]).includes(role))
  if (unknown !== undefined) throw new Error(`unknown role ${unknown}: use ${ROLES.join(', ')}`)
  const startingCashKrw = env.MOTU_STARTING_CASH_KRW ?? '100000000'
  if (!/^[1-9]\d{0,11}$/.test(startingCashKrw)) {
    throw new Error('MOTU_STARTING_CASH_KRW must be whole won, at most twelve digits')
  }
  const feed = env.MOTU_FEED ?? 'replay'
  if (feed !== 'replay' && feed !== 'upbit') throw new Error('MOTU_FEED must be replay or upbit')
  return {
    roles: new Set((roles.length > 0 ? roles : ROLES) as readonly Role[]),
    processId: env.MOTU_PROCESS_ID ?? randomUUID(),
    postgresUrl: required(env, 'MOTU_POSTGRES_URL'),
    redisUrl: env.MOTU_REDIS_URL || null,
    amqpUrl: env.MOTU_AMQP_URL || null,
    redisPrefix: env.MOTU_REDIS_PREFIX ?? '',
    queuePrefix: env.MOTU_QUEUE_PREFIX ?? '',
    apiHost: env.MOTU_HOME_HOST ?? '127.0.0.1',
    apiPort: wholeNumber(env, 'MOTU_HOME_PORT', 8788),
    internalSecret: required(env, 'MOTU_INTERNAL_SECRET'),
    signingKeyFile: env.MOTU_SIGNING_KEY_FILE ?? '.motu/signing-key.json',
    startingCashKrw,
    feed,
    upbitUrl: env.MOTU_UPBIT_URL || null,
    tickMs: wholeNumber(env, 'MOTU_TICK_MS', 500),
    engines: wholeNumber(env, 'MOTU_ENGINES', 1),
    logLevel: env.MOTU_LOG_LEVEL ?? 'info',
  }
}

function required(env: NodeJS.ProcessEnv, name: string): string {
  const value = env[name]
  if (!value) throw new Error(`${name} is not set`)
  return value
}

function wholeNumber(env: NodeJS.ProcessEnv, name: string, fallback: number): number {
  const text = env[name]
  if (!text) return fallback
  if (!/^\d{1,9}$/.test(text)) throw new Error(`${name} must be a whole number`)
  return Number.parseInt(text, 10)
}
