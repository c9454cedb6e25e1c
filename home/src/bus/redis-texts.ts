// The texts of messages on Redis, at the owner's keys: `config:msg_template:<key>`.

import type { Redis } from 'ioredis'
import type { TemplateTexts } from './bus.ts'

export function redisTexts({ redis, prefix }: { redis: Redis; prefix: string }): TemplateTexts {
  const nameOf = (key: string): string => `${prefix}config:msg_template:${key}`
  return {
    async readTexts(keys) {
      const texts = await redis.mget(keys.map(nameOf))
      return new Map(
        keys.flatMap((key, index) => {
          const text = texts[index] ?? null
          return text === null ? [] : [[key, text] as const]
        }),
      )
    },

    async writeTexts(texts) {
      if (texts.size > 0)
        await redis.mset(new Map([...texts].map(([key, text]) => [nameOf(key), text])))
    },
  }
}
