// Before the tests that need real servers: finds or starts each once, and names it in the environment
// of every worker, where `needPostgres()` and its siblings find it. Afterwards nothing is left.

import { randomUUID } from 'node:crypto'
import { dropTestDatabases } from '../servers/test-database.ts'
import { needPostgres, needRabbitmq, needRedis, type Service } from '../services.ts'

/** Vitest calls it; what it returns is called after the last test. */
export async function setup(): Promise<() => Promise<void>> {
  const before = { ...process.env }
  process.env.MOTU_TEST_RUN = randomUUID().slice(0, 6)
  const postgres = await needPostgres()
  const redis = await needRedis()
  const rabbitmq = await needRabbitmq()
  process.env.MOTU_POSTGRES_URL = postgres.url
  process.env.MOTU_REDIS_URL = redis.url
  process.env.MOTU_AMQP_URL = rabbitmq.url
  return async () => {
    await dropTestDatabases(postgres.url)
    await stopAll([postgres, redis, rabbitmq])
    process.env = before
  }
}

async function stopAll(services: readonly Service[]): Promise<void> {
  await Promise.all(services.map((service) => service.stop()))
}
