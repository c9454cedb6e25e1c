// What home is told from outside: the environment, read once, at start.

import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { INVITE_CODE_LENGTH_MAX } from '@motu/shared/contract/auth.ts'
import { type BotSettings, botSecretsOf, readBotSettings } from './bot/bot-settings.ts'
import { type ExchangeSetting, readExchangeSettings } from './feeder/ccxt/exchange-settings.ts'
import { type KisAccount, kisSecretsOf, readKisSettings } from './feeder/kis/kis-settings.ts'
import {
  type NotifierSettings,
  notifierSecretsOf,
  readNotifierSettings,
} from './notifier/notifier-settings.ts'
import { type PushSettings, readPushSettings } from './push-settings.ts'
import { type OidcSettings, readOidcSettings } from './oidc-settings.ts'

export const ROLES = ['api', 'engine', 'feeder', 'notifier', 'bot'] as const
export type Role = (typeof ROLES)[number]

export const FEEDS = ['replay', 'upbit', 'live'] as const
export type Feed = (typeof FEEDS)[number]

/** How lifelike fills are; `home/src/engine/fill-profile.ts` says what each means. */
export const FILL_PROFILES = ['standard', 'arcade', 'strict'] as const

/** A shorter one could be guessed, in spite of the limits on tries. */
const INVITE_CODE_LENGTH_MIN = 8

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
  /** File with the keys of exchange credentials; made when the first are left. */
  credentialKeysFile: string
  startingCashKrw: string
  /** What whoever opens an account has to know; null: anyone may open one. */
  inviteCode: string | null
  /**
   * The origin browsers call, which passkeys and providers are bound to; null: the one the edge was
   * called by, which behind a proxy that ends TLS is not theirs.
   */
  publicOrigin: string | null
  /** Other origins whose pages are ours too, such as a development server's. */
  allowedOrigins: readonly string[]
  oidcProviders: readonly OidcSettings[]
  /**
   * `replay`; `upbit` for coins from the exchange beside a replay of the rest; `live` for everything
   * that has a live source, beside a replay of the rest.
   */
  feed: Feed
  upbitUrl: string | null
  /** Accounts at KIS that `live` reads KRX, the US and the exchange rate with; none: a replay. */
  kisAccounts: readonly KisAccount[]
  /** Exchanges whose prices of coins are shown beside the venue's; never traded on. */
  exchanges: readonly ExchangeSetting[]
  /** Every venue trades without a pause: for practice on a replay, which has no hours of its own. */
  alwaysOpen: boolean
  /** The rules fills are made by. */
  fillProfile: (typeof FILL_PROFILES)[number]
  /** Where messages go, and which. */
  notifier: NotifierSettings
  /** Where the bot is. */
  bot: BotSettings
  push: PushSettings
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
  return {
    roles: new Set((roles.length > 0 ? roles : ROLES) as readonly Role[]),
    processId: env.MOTU_PROCESS_ID ?? randomUUID(),
    postgresUrl: required(env, 'MOTU_POSTGRES_URL'),
    redisUrl: textOrFile(env, 'MOTU_REDIS_URL'),
    amqpUrl: textOrFile(env, 'MOTU_AMQP_URL'),
    redisPrefix: env.MOTU_REDIS_PREFIX ?? '',
    queuePrefix: env.MOTU_QUEUE_PREFIX ?? '',
    apiHost: env.MOTU_HOME_HOST ?? '127.0.0.1',
    apiPort: wholeNumber(env, 'MOTU_HOME_PORT', 8788),
    internalSecret: required(env, 'MOTU_INTERNAL_SECRET'),
    signingKeyFile: env.MOTU_SIGNING_KEY_FILE ?? '.motu/signing-key.json',
    credentialKeysFile: env.MOTU_CREDENTIAL_KEYS_FILE ?? '.motu/credential-keys.json',
    startingCashKrw,
    inviteCode: readInviteCode(env),
    publicOrigin: readOrigin(env),
    allowedOrigins: (env.MOTU_ALLOWED_ORIGINS ?? '').split(',').filter(Boolean),
    oidcProviders: readOidcSettings(textOrFile(env, 'MOTU_OIDC_PROVIDERS') ?? '[]'),
    feed: oneOf(env, 'MOTU_FEED', FEEDS),
    upbitUrl: env.MOTU_UPBIT_URL || null,
    kisAccounts: readKisSettings(textOrFile(env, 'MOTU_KIS_ACCOUNTS') ?? '[]'),
    exchanges: readExchangeSettings(env.MOTU_EXCHANGES ?? '', env.MOTU_EXCHANGE_URLS || '{}'),
    alwaysOpen: readAlwaysOpen(env),
    fillProfile: oneOf(env, 'MOTU_FILL_PROFILE', FILL_PROFILES),
    notifier: readNotifierSettings((name) => textOrFile(env, name)),
    bot: readBotSettings((name) => textOrFile(env, name)),
    push: readPushSettings(env),
    tickMs: wholeNumber(env, 'MOTU_TICK_MS', 500),
    engines: wholeNumber(env, 'MOTU_ENGINES', 1),
    logLevel: env.MOTU_LOG_LEVEL ?? 'info',
  }
}

/** What nobody may read in a log. */
export function secretsOf(config: Config): string[] {
  const urls = [config.postgresUrl, config.redisUrl, config.amqpUrl]
  const passwords = urls.flatMap((url) => (url === null ? [] : passwordsIn(url)))
  const clients = config.oidcProviders.flatMap(({ clientSecret }) => clientSecret ?? [])
  const invitation = config.inviteCode === null ? [] : [config.inviteCode]
  const kis = kisSecretsOf(config.kisAccounts)
  const places = notifierSecretsOf(config.notifier)
  const bot = botSecretsOf(config.bot)
  return [config.internalSecret, ...invitation, ...passwords, ...clients, ...kis, ...places, ...bot]
}

/** The password as it stands in the URL, and as it is meant. */
function passwordsIn(url: string): string[] {
  if (!URL.canParse(url)) return []
  const { password } = new URL(url)
  const meant = /^(?:[^%]|%[0-9a-f]{2})*$/i.test(password) ? decodeURIComponent(password) : password
  return [password, meant]
}

function required(env: NodeJS.ProcessEnv, name: string): string {
  const value = textOrFile(env, name)
  if (value === null) throw new Error(`${name} is not set`)
  return value
}

/**
 * A variable, or the file that the one with `_FILE` behind its name points at: secrets are mounted
 * as files, and an environment is read by more than us. The line break an editor leaves is no part.
 */
export function textOrFile(env: NodeJS.ProcessEnv, name: string): string | null {
  const file = env[`${name}_FILE`]
  if (!file) return env[name] || null
  if (env[name]) throw new Error(`${name} and ${name}_FILE are both set: which one is meant?`)
  const text = readFileSync(file, 'utf8').replace(/\r?\n$/, '')
  if (text === '') throw new Error(`${file} is empty: ${name}_FILE must name a file that is not`)
  return text
}

function readInviteCode(env: NodeJS.ProcessEnv): string | null {
  const code = textOrFile(env, 'MOTU_INVITE_CODE')
  if (code === null) return null
  const { length } = code
  const isFit = length >= INVITE_CODE_LENGTH_MIN && length <= INVITE_CODE_LENGTH_MAX
  // A blank at an end is lost wherever the code is copied.
  if (!isFit || code.trim() !== code) {
    const range = `${INVITE_CODE_LENGTH_MIN} to ${INVITE_CODE_LENGTH_MAX}`
    throw new Error(`MOTU_INVITE_CODE must be ${range} characters, with no blank at its ends`)
  }
  return code
}

function readAlwaysOpen(env: NodeJS.ProcessEnv): boolean {
  const text = env.MOTU_ALWAYS_OPEN || '0'
  if (text !== '0' && text !== '1') throw new Error('MOTU_ALWAYS_OPEN must be 1 or 0')
  const feed = env.MOTU_FEED || 'replay'
  if (text === '1' && feed !== 'replay') {
    const why = 'orders would fill while the market is shut'
    throw new Error(`MOTU_ALWAYS_OPEN is for MOTU_FEED=replay: with ${feed}, ${why}`)
  }
  return text === '1'
}

function readOrigin(env: NodeJS.ProcessEnv): string | null {
  const text = env.MOTU_PUBLIC_ORIGIN
  if (!text) return null
  const origin = URL.canParse(text) ? new URL(text).origin : 'null'
  if (origin !== text) throw new Error('MOTU_PUBLIC_ORIGIN must be like https://motu.example')
  return origin
}

/** One of some words; the first of them where nothing is set. */
function oneOf<T extends string>(
  env: NodeJS.ProcessEnv,
  name: string,
  words: readonly [T, ...T[]],
): T {
  const text = env[name] || words[0]
  const word = words.find((one) => one === text)
  if (word === undefined) throw new Error(`${name} must be one of ${words.join(', ')}`)
  return word
}

function wholeNumber(env: NodeJS.ProcessEnv, name: string, fallback: number): number {
  const text = env[name]
  if (!text) return fallback
  if (!/^\d{1,9}$/.test(text)) throw new Error(`${name} must be a whole number`)
  return Number.parseInt(text, 10)
}
