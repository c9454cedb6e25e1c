// What the notifier is told by the environment, and what of it nobody may read in a log.

import { expect, it } from 'vitest'
import { hideSecrets } from '../log.ts'
import { notifierSecretsOf, readNotifierSettings } from './notifier-settings.ts'

const read = (env: Record<string, string>) => readNotifierSettings((name) => env[name] ?? null)
const TELEGRAM = { TELEGRAM_BOT_TOKEN: '42:bot-secret', TELEGRAM_ALERTS_CHAT_ID: '-100' }

it('sends nothing anywhere unless it is told to', () => {
  expect(read({})).toEqual({
    ...{ discord: {}, telegram: null, adminTelegram: null, whaleThresholdKrw: '10000000' },
    ...{ coolDownMs: 60_000, tellsSimulated: false },
    bots: { telegram: null, discord: null },
  })
})

it('reads where, which and how often', () => {
  const settings = read({
    ...TELEGRAM,
    DISCORD_ALERTS_WEBHOOK_URL: 'https://discord.com/api/webhooks/1/a',
    DISCORD_HUMAN_WEBHOOK_URL: 'http://127.0.0.1:9/api/webhooks/2/b',
    MOTU_TELEGRAM_URL: 'http://localhost:9/',
    TELEGRAM_ADMIN_CHAT_ID: '8',
    DISCORD_ADMIN_WEBHOOK_URL: 'https://discord.com/api/webhooks/3/c',
    WHALE_ALERT_THRESHOLD_KRW: '5000000.5',
    WHALE_ALERT_COOL_DOWN_SECONDS: '0',
    MOTU_NOTIFY_SIMULATED: '1',
  })
  expect(settings).toEqual({
    discord: {
      'discord:alerts': 'https://discord.com/api/webhooks/1/a',
      'discord:human': 'http://127.0.0.1:9/api/webhooks/2/b',
      'discord:admin': 'https://discord.com/api/webhooks/3/c',
    },
    telegram: { baseUrl: 'http://localhost:9', botToken: '42:bot-secret', chatId: '-100' },
    adminTelegram: { baseUrl: 'http://localhost:9', botToken: '42:bot-secret', chatId: '8' },
    bots: {
      telegram: { baseUrl: 'http://localhost:9', botToken: '42:bot-secret' },
      discord: null,
    },
    ...{ whaleThresholdKrw: '5000000.5', coolDownMs: 0, tellsSimulated: true },
  })
})

it.each<[string, Record<string, string>]>([
  ['DISCORD_ALERTS_WEBHOOK_URL', { DISCORD_ALERTS_WEBHOOK_URL: 'http://discord.com/secret-a' }],
  ['DISCORD_HUMAN_WEBHOOK_URL', { DISCORD_HUMAN_WEBHOOK_URL: 'secret-b' }],
  ['TELEGRAM_BOT_TOKEN', { TELEGRAM_ALERTS_CHAT_ID: '42' }],
  ['TELEGRAM_BOT_TOKEN', { ...TELEGRAM, TELEGRAM_BOT_TOKEN: 'a/../secret-d' }],
  ['TELEGRAM_ALERTS_CHAT_ID', { ...TELEGRAM, TELEGRAM_ALERTS_CHAT_ID: 'secret e' }],
  ['MOTU_TELEGRAM_URL', { ...TELEGRAM, MOTU_TELEGRAM_URL: 'http://example.com/secret-f' }],
  ['WHALE_ALERT_THRESHOLD_KRW', { WHALE_ALERT_THRESHOLD_KRW: '0' }],
  ['WHALE_ALERT_THRESHOLD_KRW', { WHALE_ALERT_THRESHOLD_KRW: '1e7' }],
  ['WHALE_ALERT_COOL_DOWN_SECONDS', { WHALE_ALERT_COOL_DOWN_SECONDS: '-1' }],
  ['MOTU_NOTIFY_SIMULATED', { MOTU_NOTIFY_SIMULATED: 'true' }],
])('names %s when it is senseless, not what it says', (name, env) => {
  let message = ''
  try {
    read(env)
  } catch (error) {
    message = (error as Error).message
  }
  expect(message).toContain(name)
  expect(message).not.toMatch(/secret|1e7|true/)
})

it.each([
  'https://discord.com/api/webhooks/1/webhook-secret',
  'https://discord.com/api/webhooks/1/webhook-secret/',
  'https://discord.com/api/webhooks/1/webhook-secret?thread_id=7',
])('hides what is secret in %s and in a bot', (url) => {
  const secrets = notifierSecretsOf(read({ ...TELEGRAM, DISCORD_HUMAN_WEBHOOK_URL: url }))
  const line = `${url} ${url}?wait=true webhook-secret 42:bot-secret 42%3Abot-secret`
  expect(hideSecrets(line, secrets)).not.toMatch(/webhook-secret|bot-secret/)
})
