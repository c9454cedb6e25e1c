// A Redis server of our own. It keeps nothing on disk: everything in Redis can be rebuilt.

import { Redis } from 'ioredis'
import { ServerProcess } from './server-process.ts'

const READY_TIMEOUT_MS = 10_000

export type RedisOptions = { program: string; port: number; dir: string; logFile: string }

export async function startRedis(options: RedisOptions): Promise<ServerProcess> {
  const server = new ServerProcess({
    name: 'Redis',
    program: options.program,
    args: [
      ...['--bind', '127.0.0.1', '--port', String(options.port), '--dir', options.dir],
      ...['--save', '', '--appendonly', 'no'],
    ],
    logFile: options.logFile,
  })
  await server.ready(() => answersPing(`redis://127.0.0.1:${options.port}`), READY_TIMEOUT_MS)
  return server
}

/** Whether a Redis answers there. */
export async function answersPing(url: string): Promise<boolean> {
  const redis = new Redis(url, {
    lazyConnect: true,
    retryStrategy: () => null,
    connectTimeout: 1_000,
    maxRetriesPerRequest: 0,
  })
  // The refusal arrives as the rejection below; without a listener it would be thrown as well.
  redis.on('error', () => {})
  try {
    await redis.connect()
    return (await redis.ping()) === 'PONG'
  } catch {
    return false
  } finally {
    redis.disconnect()
  }
}
