// `npm run bot -- register`: tells Discord and Telegram which commands the bot has.

import { DISCORD_COMMANDS, TELEGRAM_COMMANDS } from '@motu/shared/bot/commands.ts'
import { textOrFile } from '../home/src/config.ts'

const USAGE = `npm run bot -- register [--guild ID]

Registers the bot's commands, instead of whatever was registered: at Discord with DISCORD_BOT_TOKEN, at
Telegram with TELEGRAM_BOT_TOKEN (or the files that …_FILE names), wherever a token is set. Run it once,
and after an update of Motu that brings other commands.

--guild ID   only on this Discord server, where they are there at once

Discord hears the edge at https://YOUR-EDGE/bot/discord: set that as the interactions endpoint of your
application, and its public key as DISCORD_PUBLIC_KEY at the edge and at home. Without the key home
listens at Discord's gateway.`

const TIMEOUT_MS = 15_000

const [command, ...rest] = process.argv.slice(2)
if (command === '--help' || command === '-h') {
  console.log(USAGE)
  process.exit()
}
const guild = rest[0] === '--guild' ? rest[1] : undefined
const isUnderstood = rest.length === 0 || (rest.length === 2 && /^\d{1,20}$/.test(guild ?? ''))
if (command !== 'register' || !isUnderstood) {
  console.error(USAGE)
  process.exit(1)
}

const discordToken = textOrFile(process.env, 'DISCORD_BOT_TOKEN')
const telegramToken = textOrFile(process.env, 'TELEGRAM_BOT_TOKEN')
if (discordToken === null && telegramToken === null) {
  console.error(
    'Neither DISCORD_BOT_TOKEN nor TELEGRAM_BOT_TOKEN is set: there is no bot to register.',
  )
  process.exit(1)
}
try {
  if (discordToken !== null) await registerAtDiscord(discordToken)
  if (telegramToken !== null) await registerAtTelegram(telegramToken)
} catch (error) {
  console.error((error as Error).message)
  process.exit(1)
}

async function registerAtDiscord(token: string): Promise<void> {
  const url = process.env.MOTU_DISCORD_URL || 'https://discord.com/api/v10'
  const headers = { authorization: `Bot ${token}` }
  const { id } = (await call('Discord', `${url}/applications/@me`, { headers })) as { id: string }
  const where = guild === undefined ? '' : `/guilds/${guild}`
  await call('Discord', `${url}/applications/${id}${where}/commands`, {
    method: 'PUT',
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify(DISCORD_COMMANDS),
  })
  console.log(`Discord: ${DISCORD_COMMANDS.length} commands of application ${id}`)
}

async function registerAtTelegram(token: string): Promise<void> {
  const url = process.env.MOTU_TELEGRAM_URL || 'https://api.telegram.org'
  await call('Telegram', `${url}/bot${token}/setMyCommands`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ commands: TELEGRAM_COMMANDS }),
  })
  console.log(`Telegram: ${TELEGRAM_COMMANDS.length} commands`)
}

/** Addresses hold tokens: what goes wrong is told without them. */
async function call(service: string, url: string, init: RequestInit): Promise<unknown> {
  const signal = AbortSignal.timeout(TIMEOUT_MS)
  const answer = await fetch(url, { ...init, signal }).catch((error: unknown) => {
    throw new Error(`${service} is not reached: ${(error as Error).name}`)
  })
  if (answer.ok) return answer.json()
  if (answer.status === 401) throw new Error(`${service} does not know this token (401).`)
  const text = (await answer.text()).slice(0, 300)
  throw new Error(`${service} answered ${answer.status}: ${text}`)
}
