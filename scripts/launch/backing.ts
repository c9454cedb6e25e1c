// What home stands on: embedded (a PostgreSQL of our own, nothing else), or the real services.

import { existingService } from '../services.ts'

export type Backing = {
  postgresUrl: string
  /** Null: the bus lives in home's process. */
  redisUrl: string | null
  /** Null: orders travel over HTTP. */
  amqpUrl: string | null
  redisPrefix: string
  queuePrefix: string
}

export const embeddedBacking = (postgresUrl: string): Backing => ({
  postgresUrl,
  redisUrl: null,
  amqpUrl: null,
  redisPrefix: '',
  queuePrefix: '',
})

const ADVICE = `Start all three with Docker:

  docker compose -f compose.home.yml up --detach postgres redis rabbitmq

or name yours in MOTU_POSTGRES_URL, MOTU_REDIS_URL and MOTU_AMQP_URL.`

/** The services named in the environment, else those on their default local ports. */
export async function findServices(): Promise<Backing> {
  const [postgres, redis, rabbitmq] = await Promise.all([
    existingService('postgres'),
    existingService('redis'),
    existingService('rabbitmq'),
  ])
  if (!postgres || !redis || !rabbitmq) {
    const missing = [
      postgres ? [] : ['PostgreSQL (127.0.0.1:5432)'],
      redis ? [] : ['Redis (127.0.0.1:6379)'],
      rabbitmq ? [] : ['RabbitMQ (127.0.0.1:5672)'],
    ].flat()
    throw new Error(`No answer from ${missing.join(', ')}.\n${ADVICE}`)
  }
  return {
    postgresUrl: process.env.MOTU_POSTGRES_URL ? postgres.url : ownDatabase(postgres.url),
    redisUrl: redis.url,
    amqpUrl: rabbitmq.url,
    // Prefixes keep us from whatever else lives on these servers.
    redisPrefix: process.env.MOTU_REDIS_PREFIX ?? 'motu:',
    queuePrefix: process.env.MOTU_QUEUE_PREFIX ?? 'motu.',
  }
}

function ownDatabase(serverUrl: string): string {
  const url = new URL(serverUrl)
  url.pathname = '/motu'
  return url.href
}
