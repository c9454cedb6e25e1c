// A whole Motu of its own, as in production: edge on workerd, RabbitMQ, home in several processes,
// Postgres, Redis. A run may share the servers with the runs after it; the rest is its own.

import { randomBytes, randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Cleanup } from '../bench/cleanup.ts'
import { ApiClient } from '../bench/load/api-client.ts'
import { connect, type Sql } from '../home/src/db/connect.ts'
import { INSTRUMENTS } from '@motu/shared/instrument.ts'
import { freePort, until } from '../scripts/servers/ports.ts'
import { EdgeProcess } from './edge-process.ts'
import { type HomeEnvironment, HomeProcess } from './home-process.ts'
import type { PlantedBug } from './planted/bugs.ts'
import { openQueues } from './queues.ts'
import type { Servers } from './servers.ts'

const DATABASE_PREFIX = 'motu_faults_'
const FEED_TIMEOUT_MS = 20_000
export const STARTING_CASH_KRW = '100000000'

export type StackOptions = {
  /** Engine processes, beside the one that serves the API and the feed. */
  engines: number
  /** Milliseconds between two events of a ticker. */
  tickMs?: number
  plantedBug?: PlantedBug
  /** Where coins are quoted, in place of a replay. */
  upbitUrl?: string
  /** Whether the edge limits anyone; a run's own traffic is more than a user may send. */
  hasLimits?: boolean
}

export type Stack = {
  /** Where its logs lie while it runs. */
  dir: string
  servers: Servers
  edge: EdgeProcess
  /** API and feed. */
  front: HomeProcess
  engines: HomeProcess[]
  api: ApiClient
  sql: Sql
  queuePrefix: string
  redisPrefix: string
}

/** Starts everything and waits until prices flow. `cleanup` takes it down again. */
export async function startStack(
  servers: Servers,
  options: StackOptions,
  cleanup: Cleanup,
): Promise<Stack> {
  const name = randomBytes(4).toString('hex')
  const dir = await mkdtemp(join(tmpdir(), 'motu-stack-'))
  cleanup.add(() => rm(dir, { recursive: true, force: true }))
  const postgresUrl = await makeDatabase(servers.postgres.url, DATABASE_PREFIX + name, cleanup)
  const shared = {
    amqpUrl: servers.rabbitmq.url,
    queuePrefix: `${name}.`,
    internalSecret: randomUUID(),
    dir,
  }
  const apiPort = await freePort()
  const environment: HomeEnvironment = {
    ...shared,
    postgresUrl,
    redisUrl: servers.redis.url,
    redisPrefix: `${name}:`,
    apiPort,
    tickMs: options.tickMs ?? 250,
    startingCashKrw: STARTING_CASH_KRW,
    engines: options.engines,
    plantedBug: options.plantedBug ?? null,
    upbitUrl: options.upbitUrl ?? null,
  }
  const { front, engines } = await startHome(environment, options.engines, cleanup)
  cleanup.add(() => removeQueues(servers.rabbitmq.url, shared.queuePrefix))
  const edge = new EdgeProcess({
    ...shared,
    limits: options.hasLimits ? '' : 'off',
    port: await freePort(),
    homeUrl: `http://127.0.0.1:${apiPort}`,
  })
  cleanup.add(() => edge.stop())
  await edge.start()
  const sql = connect(postgresUrl, { max: 2, name: 'motu-oracle' })
  cleanup.add(() => sql.end({ timeout: 2 }))
  const api = new ApiClient(edge.address)
  await until('the first prices', () => allQuoted(api), FEED_TIMEOUT_MS)
  const { queuePrefix } = shared
  const { redisPrefix } = environment
  return { dir, servers, edge, front, engines, api, sql, queuePrefix, redisPrefix }
}

async function startHome(environment: HomeEnvironment, count: number, cleanup: Cleanup) {
  const front = new HomeProcess('front', 'api,feeder', environment)
  const letters = ['a', 'b', 'c'].slice(0, count)
  const engines = letters.map((one) => new HomeProcess(`engine-${one}`, 'engine', environment))
  const all = [front, ...engines]
  cleanup.add(() => Promise.all(all.map((one) => one.stop())))
  await Promise.all(all.map((one) => one.start()))
  return { front, engines }
}

async function makeDatabase(serverUrl: string, name: string, cleanup: Cleanup): Promise<string> {
  await withAdmin(serverUrl, (admin) => admin`CREATE DATABASE ${admin(name)}`)
  cleanup.add(() =>
    withAdmin(serverUrl, (admin) => admin`DROP DATABASE IF EXISTS ${admin(name)} WITH (FORCE)`),
  )
  const url = new URL(serverUrl)
  url.pathname = `/${name}`
  return url.href
}

async function withAdmin(url: string, work: (admin: Sql) => Promise<unknown>): Promise<void> {
  const admin = connect(url, { max: 1 })
  try {
    await work(admin)
  } finally {
    await admin.end({ timeout: 2 })
  }
}

async function removeQueues(amqpUrl: string, prefix: string): Promise<void> {
  const queues = await openQueues(amqpUrl, prefix)
  await queues.remove()
  await queues.close()
}

async function allQuoted(api: ApiClient): Promise<boolean> {
  const status = await api.status()
  if (status.home !== 'up') return false
  return (await api.quotes()).length >= INSTRUMENTS.length
}
