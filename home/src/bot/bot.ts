// The role `bot`: hears what is said to the bot at services that the edge does not hear itself. One
// process has it: two would hear everything twice, and answer alike.

import type { Config } from '../config.ts'
import type { Log } from '../log.ts'
import { startGateway } from './discord-gateway.ts'
import { relayTo } from './relay.ts'
import { startTelegram } from './telegram-updates.ts'

type Parts = { config: Config; now: () => number; random: () => number; log: Log }

/** Listens wherever the settings say; answers how to stop. */
export function startBot({ config, now, random, log }: Parts): () => Promise<void> {
  const { discord, telegram, edgeUrl } = config.bot
  const relay = relayTo({ edgeUrl, secret: config.internalSecret, now, log })
  const ends: (() => Promise<void>)[] = []
  if (discord) ends.push(startGateway({ settings: discord, relay, random, log }))
  if (telegram) ends.push(startTelegram({ settings: telegram, relay, log }))
  return async () => {
    await Promise.all(ends.map((end) => end()))
  }
}
