// Everything in Redis is gone, several times: prices, event streams, limits. All of it is rebuilt.

import { Redis } from 'ioredis'
import type { Scenario } from '../scenario.ts'

const STRIKES = [0.15, 0.3, 0.45, 0.6, 0.75]

export const redisFlush: Scenario = {
  name: 'redis-flush',
  summary: 'FLUSHALL, five times',
  engines: 1,
  async strike({ stack, drive, progress }) {
    const redis = new Redis(stack.servers.redis.url)
    const gone: number[] = []
    for (const share of STRIKES) {
      await drive.reached(share)
      // In one transaction: the feeder writes new keys within milliseconds.
      const replies = await redis.multi().dbsize().flushall().dbsize().exec()
      const [before, , after] = (replies ?? []).map(([, reply]) => reply) as number[]
      if (after === 0 && before !== undefined) gone.push(before)
      progress(`flushed ${before} keys`)
    }
    redis.disconnect()
    const happened = gone.length === STRIKES.length && gone.every((keys) => keys > 0)
    return { happened, keys_flushed: gone }
  },
}
