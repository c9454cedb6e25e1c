// What the bot is told by the environment: where it is, and by which way it hears.

import type { ChatService } from '@motu/shared/channel-link.ts'

export type BotSettings = {
  /** Where people can link an account. */
  readonly services: readonly ChatService[]
  /** Discord's gateway; null where interactions come to the edge by HTTP, or there is no bot. */
  readonly discord: {
    /** Of its HTTP API, with the version. */
    readonly apiUrl: string
    readonly botToken: string
  } | null
  /** Telegram's updates, asked for; null without a bot there. */
  readonly telegram: { readonly baseUrl: string; readonly botToken: string } | null
  /** Where home finds the edge: what it hears is answered there. */
  readonly edgeUrl: string
}

type Read = (name: string) => string | null

const DISCORD_API_URL = 'https://discord.com/api/v10'
const TELEGRAM_URL = 'https://api.telegram.org'
const TOKEN = /^[\w:.-]{1,200}$/

/** Reads the settings; `read` answers a variable or the file it names. */
export function readBotSettings(read: Read): BotSettings {
  const discordToken = token(read, 'DISCORD_BOT_TOKEN')
  const telegramToken = token(read, 'TELEGRAM_BOT_TOKEN')
  const hasPublicKey = read('DISCORD_PUBLIC_KEY') !== null
  const hasDiscord = discordToken !== null || hasPublicKey
  const apiUrl = address(read, 'MOTU_DISCORD_URL', DISCORD_API_URL)
  const telegramUrl = address(read, 'MOTU_TELEGRAM_URL', TELEGRAM_URL)
  return {
    services: [
      ...(hasDiscord ? ['discord' as const] : []),
      ...(telegramToken === null ? [] : ['telegram' as const]),
    ],
    // An application has either the one way or the other: with its key the edge hears it.
    discord: discordToken === null || hasPublicKey ? null : { apiUrl, botToken: discordToken },
    telegram: telegramToken === null ? null : { baseUrl: telegramUrl, botToken: telegramToken },
    edgeUrl: (read('MOTU_EDGE_URL') ?? 'http://127.0.0.1:8787').replace(/\/+$/, ''),
  }
}

/** What nobody may read in a log. */
export function botSecretsOf({ discord, telegram }: BotSettings): string[] {
  const tokens = [discord?.botToken, telegram?.botToken].filter((text) => text !== undefined)
  return tokens.flatMap((text) => [text, text.slice(text.indexOf(':') + 1)])
}

function token(read: Read, name: string): string | null {
  const text = read(name)
  if (text === null || TOKEN.test(text)) return text
  throw new Error(`${name} is no bot token`)
}

/** Secrets go over TLS, or do not leave this machine. */
function address(read: Read, name: string, fallback: string): string {
  const text = (read(name) ?? fallback).replace(/\/+$/, '')
  const url = URL.canParse(text) ? new URL(text) : null
  const isLoopback = url !== null && ['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname)
  if (url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopback)) return text
  throw new Error(`${name} must be an https address (http only to itself)`)
}
