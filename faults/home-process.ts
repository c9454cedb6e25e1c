// Home as it runs in production: one or several processes of `home/src/main.ts`, each with its roles.

import { appendFileSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { ServerProcess } from '../scripts/servers/server-process.ts'
import type { PlantedBug } from './planted/bugs.ts'

const MAIN = resolve(import.meta.dirname, '../home/src/main.ts')
const PLANT = resolve(import.meta.dirname, 'planted/bugs.ts')
const READY_LINE = '"msg":"home ready"'
const READY_TIMEOUT_MS = 40_000

export type HomeEnvironment = {
  postgresUrl: string
  redisUrl: string
  amqpUrl: string
  redisPrefix: string
  queuePrefix: string
  internalSecret: string
  apiPort: number
  /** Where the signing key and the logs lie. */
  dir: string
  /** Milliseconds between two events of a ticker. */
  tickMs: number
  startingCashKrw: string
  /** Engines that share the partitions. */
  engines: number
  /** Where coins are quoted; null: everything is a replay. */
  upbitUrl: string | null
  /** A bug that the oracle must see. */
  plantedBug: PlantedBug | null
  /** Where messages go, and which, as the notifier reads it. */
  notifier?: Readonly<Record<string, string>>
}

export class HomeProcess {
  readonly name: string
  readonly #roles: string
  readonly #environment: HomeEnvironment
  readonly #logFile: string
  #process: ServerProcess | null = null

  /** `name` is the process id that the partitions table shows. */
  constructor(name: string, roles: string, environment: HomeEnvironment) {
    this.name = name
    this.#roles = roles
    this.#environment = environment
    this.#logFile = join(environment.dir, `home-${name}.log`)
  }

  get isRunning(): boolean {
    return this.#process?.isRunning ?? false
  }

  get pid(): number | null {
    return this.#process?.pid ?? null
  }

  /** Starts it and waits until all its roles are up. */
  async start(): Promise<void> {
    appendFileSync(this.#logFile, '')
    const before = readFileSync(this.#logFile, 'utf8').length
    const { plantedBug } = this.#environment
    const process = new ServerProcess({
      name: `home ${this.name}`,
      program: globalThis.process.execPath,
      args: [...(plantedBug ? ['--import', PLANT] : []), MAIN, '--roles', this.#roles],
      env: { ...globalThis.process.env, ...this.#variables() },
      logFile: this.#logFile,
    })
    this.#process = process
    const isReady = () => readFileSync(this.#logFile, 'utf8').slice(before).includes(READY_LINE)
    await process.ready(isReady, READY_TIMEOUT_MS)
  }

  kill(signal: NodeJS.Signals): void {
    this.#process?.kill(signal)
  }

  /** SIGTERM, and in the end SIGKILL. */
  async stop(): Promise<void> {
    await this.#process?.stop()
  }

  log(): string {
    return readFileSync(this.#logFile, 'utf8')
  }

  #variables(): Record<string, string> {
    const from = this.#environment
    return {
      MOTU_PROCESS_ID: this.name,
      MOTU_POSTGRES_URL: from.postgresUrl,
      MOTU_REDIS_URL: from.redisUrl,
      MOTU_AMQP_URL: from.amqpUrl,
      MOTU_REDIS_PREFIX: from.redisPrefix,
      MOTU_QUEUE_PREFIX: from.queuePrefix,
      MOTU_INTERNAL_SECRET: from.internalSecret,
      MOTU_HOME_HOST: '127.0.0.1',
      MOTU_HOME_PORT: String(from.apiPort),
      MOTU_SIGNING_KEY_FILE: join(from.dir, 'signing-key.json'),
      MOTU_TICK_MS: String(from.tickMs),
      MOTU_STARTING_CASH_KRW: from.startingCashKrw,
      MOTU_ENGINES: String(from.engines),
      ...(from.plantedBug ? { MOTU_PLANT_BUG: from.plantedBug } : {}),
      MOTU_FEED: from.upbitUrl ? 'upbit' : 'replay',
      MOTU_UPBIT_URL: from.upbitUrl ?? '',
      MOTU_ALWAYS_OPEN: from.upbitUrl ? '0' : '1',
      MOTU_LOG_LEVEL: 'info',
      ...from.notifier,
    }
  }
}
