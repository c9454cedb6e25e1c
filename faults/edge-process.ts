// The edge on `workerd serve`, on a disk that survives it: it can be killed and started again.

import { join } from 'node:path'
import { type Served, serveEdge } from '../edge/serve.ts'
import type { Address } from '../bench/load/http-connection.ts'

export type EdgeEnvironment = {
  port: number
  homeUrl: string
  amqpUrl: string
  queuePrefix: string
  internalSecret: string
  /** As `serveEdge` takes it: `off`, or empty for the usual limits. */
  limits: string
  dir: string
}

export class EdgeProcess {
  readonly address: Address
  readonly #environment: EdgeEnvironment
  #served: Served | null = null

  constructor(environment: EdgeEnvironment) {
    this.#environment = environment
    this.address = { host: '127.0.0.1', port: environment.port }
    process.once('exit', this.#end)
  }

  get pid(): number | null {
    return this.#served?.pid ?? null
  }

  /** Builds it, starts it, waits until it answers. */
  async start(): Promise<void> {
    const { dir, ...wiring } = this.#environment
    this.#served = await serveEdge({
      ...wiring,
      outDir: join(dir, 'edge-build'),
      objectsDir: join(dir, 'edge-objects'),
      webDir: join(dir, 'edge-web'),
      logFile: join(dir, 'edge.log'),
    })
  }

  /** SIGKILL; resolves when it is gone. */
  async kill(): Promise<void> {
    const served = this.#served
    if (!served) throw new Error('the edge does not run')
    this.#served = null
    process.kill(served.pid, 'SIGKILL')
    await served.exited
  }

  async stop(): Promise<void> {
    process.off('exit', this.#end)
    await this.#served?.stop()
    this.#served = null
  }

  /** It does not outlive this process, whatever ends it (short of SIGKILL). */
  readonly #end = (): void => {
    if (this.#served) process.kill(this.#served.pid, 'SIGKILL')
  }
}
