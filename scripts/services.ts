// Finds or starts what the tests need, in this order: the URL in the environment; a server on its
// default local port (its user then keeps to a database, vhost or prefix of his own); an installed
// program, started privately; Debian's packages when we are root; Docker; else one clear message.

import { dockerServer, isDockerThere } from './servers/docker.ts'
import { installChromium, NotInstalled } from './servers/installed.ts'
import { answersQueries } from './servers/postgres.ts'
import { privatePostgres, privateRabbitmq, privateRedis } from './servers/private.ts'
import { takesChannel } from './servers/rabbitmq.ts'
import { answersPing } from './servers/redis.ts'

/** A server somebody may use; `stop` ends it only if we started it. */
export type Service = { url: string; stop(): Promise<void> }

type Wanted = {
  variable: string
  localUrl: string
  answers: (url: string) => Promise<boolean>
  start: () => Promise<Service>
  docker: { image: string; port: number; env: Readonly<Record<string, string>> }
}

const POSTGRES: Wanted = {
  variable: 'MOTU_POSTGRES_URL',
  localUrl: 'postgres://postgres@127.0.0.1:5432/postgres',
  answers: answersQueries,
  // npm installed its programs: this never needs a package manager.
  start: () => privatePostgres(),
  docker: { image: 'postgres:18', port: 5432, env: { POSTGRES_HOST_AUTH_METHOD: 'trust' } },
}

const REDIS: Wanted = {
  variable: 'MOTU_REDIS_URL',
  localUrl: 'redis://127.0.0.1:6379',
  answers: answersPing,
  start: privateRedis,
  docker: { image: 'redis:8', port: 6379, env: {} },
}

const RABBITMQ: Wanted = {
  variable: 'MOTU_AMQP_URL',
  localUrl: 'amqp://guest:guest@127.0.0.1:5672',
  answers: takesChannel,
  start: privateRabbitmq,
  docker: { image: 'rabbitmq:4', port: 5672, env: {} },
}

/** A superuser's URL: callers make their own database (`createTestDatabase`). */
export const needPostgres = (): Promise<Service> => need(POSTGRES)
/** Callers use a key prefix of their own. */
export const needRedis = (): Promise<Service> => need(REDIS)
/** Callers use a queue prefix of their own. */
export const needRabbitmq = (): Promise<Service> => need(RABBITMQ)
/** Path of a Chromium for the browser journeys. */
export const needChromium = (): Promise<string> => installChromium()

/** The server that is already there: named in the environment, or on the default local port. */
export async function existingService(
  kind: 'postgres' | 'redis' | 'rabbitmq',
): Promise<Service | null> {
  return findExisting({ postgres: POSTGRES, redis: REDIS, rabbitmq: RABBITMQ }[kind])
}

async function need(wanted: Wanted): Promise<Service> {
  const existing = await findExisting(wanted)
  if (existing) return existing
  try {
    return await wanted.start()
  } catch (error) {
    if (!(error instanceof NotInstalled) || !isDockerThere()) throw error
    return dockerServer(wanted.localUrl, wanted.docker, wanted.answers)
  }
}

async function findExisting(wanted: Wanted): Promise<Service | null> {
  const given = process.env[wanted.variable]
  const url = given || wanted.localUrl
  if (await wanted.answers(url)) return { url, stop: () => Promise.resolve() }
  if (given) throw new Error(`${wanted.variable} is set, but nothing usable answers there`)
  return null
}
