// What the notifier is told by the environment: where messages go, and which ones.

import { parseDecimal } from '@motu/shared/decimal.ts'
import type { PublicPlace } from './notification.ts'
import { TELEGRAM_URL } from './telegram.ts'

type TelegramSettings = {
  readonly baseUrl: string
  readonly botToken: string
  readonly chatId: string
}

export type NotifierSettings = {
  /** Secret: whoever has one may write to its channel. */
  readonly discord: Readonly<Partial<Record<PublicPlace, string>>>
  readonly telegram: TelegramSettings | null
  /** The same bot in the admins' chat. */
  readonly adminTelegram: TelegramSettings | null
  /** The bots that write to the accounts people linked. */
  readonly bots: {
    readonly telegram: { readonly baseUrl: string; readonly botToken: string } | null
    readonly discord: { readonly apiUrl: string; readonly botToken: string } | null
  }
  /** From how much KRW an order is told to everybody. */
  readonly whaleThresholdKrw: string
  readonly coolDownMs: number
  /** Tells of replays and other feeds that are not the market, too. */
  readonly tellsSimulated: boolean
}

type Read = (name: string) => string | null

const WEBHOOKS: readonly (readonly [PublicPlace, string])[] = [
  ['discord:alerts', 'DISCORD_ALERTS_WEBHOOK_URL'],
  ['discord:human', 'DISCORD_HUMAN_WEBHOOK_URL'],
  ['discord:admin', 'DISCORD_ADMIN_WEBHOOK_URL'],
]

/** Reads the settings; `read` answers a variable or the file it names. */
export function readNotifierSettings(read: Read): NotifierSettings {
  const discord = WEBHOOKS.flatMap(([place, name]) => {
    const url = read(name)
    if (url === null) return []
    if (!isAddress(url)) throw new Error(`${name} must be an https address (http only to itself)`)
    return [[place, url] as const]
  })
  return {
    discord: Object.fromEntries(discord),
    telegram: readTelegram(read, 'TELEGRAM_ALERTS_CHAT_ID'),
    adminTelegram: readTelegram(read, 'TELEGRAM_ADMIN_CHAT_ID'),
    bots: readBots(read),
    whaleThresholdKrw: readThreshold(read('WHALE_ALERT_THRESHOLD_KRW') ?? '10000000'),
    coolDownMs: readSeconds(read('WHALE_ALERT_COOL_DOWN_SECONDS') ?? '60') * 1_000,
    tellsSimulated: readSwitch(read('MOTU_NOTIFY_SIMULATED') ?? '0'),
  }
}

/** What nobody may read in a log: the addresses as they are written, and the tokens in them. */
export function notifierSecretsOf(settings: NotifierSettings): string[] {
  const { discord, bots } = settings
  const addresses = Object.values(discord).flatMap((url) => [url, tokenIn(url)])
  const tokens = [bots.telegram, bots.discord].flatMap((bot) => bot?.botToken ?? [])
  return [...addresses, ...tokens.flatMap((text) => [text, text.slice(text.indexOf(':') + 1)])]
}

/** The last part of a webhook's path. */
function tokenIn(url: string): string {
  return new URL(url).pathname.split('/').findLast(Boolean) ?? url
}

const DISCORD_API_URL = 'https://discord.com/api/v10'
const TOKEN = /^[\w:.-]{1,200}$/

function readBots(read: Read): NotifierSettings['bots'] {
  const [telegramToken, discordToken] = ['TELEGRAM_BOT_TOKEN', 'DISCORD_BOT_TOKEN'].map((name) => {
    const token = read(name)
    if (token === null || TOKEN.test(token)) return token
    throw new Error(`${name} is no bot token`)
  })
  const apiUrl = (read('MOTU_DISCORD_URL') ?? DISCORD_API_URL).replace(/\/+$/, '')
  if (!isAddress(apiUrl)) throw new Error('MOTU_DISCORD_URL must be an https address')
  const baseUrl = (read('MOTU_TELEGRAM_URL') ?? TELEGRAM_URL).replace(/\/+$/, '')
  if (!isAddress(baseUrl)) throw new Error('MOTU_TELEGRAM_URL must be an https address')
  return {
    telegram: telegramToken ? { baseUrl, botToken: telegramToken } : null,
    discord: discordToken ? { apiUrl, botToken: discordToken } : null,
  }
}

function readTelegram(read: Read, chatName: string): TelegramSettings | null {
  const botToken = read('TELEGRAM_BOT_TOKEN')
  const chatId = read(chatName)
  // A token alone is the bot's: it answers who writes to it, and there is no channel for alerts.
  if (chatId === null) return null
  if (botToken === null) throw new Error(`${chatName} needs TELEGRAM_BOT_TOKEN`)
  if (!/^[\w:-]{1,200}$/.test(botToken)) throw new Error('TELEGRAM_BOT_TOKEN is no bot token')
  if (!/^(?:-?\d{1,20}|@\w{1,64})$/.test(chatId)) {
    throw new Error(`${chatName} must be a number, or @ and the name of a channel`)
  }
  const baseUrl = (read('MOTU_TELEGRAM_URL') ?? TELEGRAM_URL).replace(/\/+$/, '')
  if (!isAddress(baseUrl)) throw new Error('MOTU_TELEGRAM_URL must be an https address')
  return { baseUrl, botToken, chatId }
}

/** Secrets go over TLS, or do not leave this machine. */
function isAddress(text: string): boolean {
  if (!URL.canParse(text)) return false
  const { protocol, hostname } = new URL(text)
  const isLoopback = ['127.0.0.1', 'localhost', '[::1]'].includes(hostname)
  return protocol === 'https:' || (protocol === 'http:' && isLoopback)
}

function readThreshold(text: string): string {
  const amount = parseDecimal(text)
  if (amount !== null && amount > 0n) return text
  throw new Error('WHALE_ALERT_THRESHOLD_KRW must be an amount of won above zero')
}

function readSeconds(text: string): number {
  if (/^\d{1,6}$/.test(text)) return Number.parseInt(text, 10)
  throw new Error('WHALE_ALERT_COOL_DOWN_SECONDS must be a whole number of seconds')
}

function readSwitch(text: string): boolean {
  if (text === '0' || text === '1') return text === '1'
  throw new Error('MOTU_NOTIFY_SIMULATED must be 1 or 0')
}
