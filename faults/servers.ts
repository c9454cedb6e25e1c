// The servers a run may break: a Postgres, a Redis and a RabbitMQ of its own. Several runs may share
// them one after another; each brings its own database and its own names.

import {
  type PrivateServer,
  privatePostgres,
  privateRabbitmq,
  privateRedis,
} from '../scripts/servers/private.ts'

export type Servers = {
  postgres: PrivateServer
  redis: PrivateServer
  rabbitmq: PrivateServer
  stop(): Promise<void>
}

/** Starts all three; if one does not start, none is left. */
export async function startServers(): Promise<Servers> {
  const started = await Promise.allSettled([privatePostgres(), privateRedis(), privateRabbitmq()])
  const running = started.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))
  const stop = async (): Promise<void> => {
    await Promise.all(running.map((server) => server.stop()))
  }
  const [postgres, redis, rabbitmq] = running
  if (!postgres || !redis || !rabbitmq) {
    await stop()
    const errors = started.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []))
    throw new AggregateError(errors, 'the servers did not start')
  }
  return { postgres, redis, rabbitmq, stop }
}
