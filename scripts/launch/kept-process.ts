// A child that is to run until it is told otherwise. When it ends by itself it is started again,
// after a pause that grows while it keeps failing.
//
//   off ──turnOn──► on (starting ⇄ running ⇄ pausing) ──turnOff──► off

import { setTimeout as sleep } from 'node:timers/promises'
import { type ServerProcess } from '../servers/server-process.ts'
import { removePidNote, writePidNote } from './pid-notes.ts'

export type Keeping = {
  name: string
  pidsDir: string
  readyTimeoutMs: number
  /** Spawns the program; does not wait. */
  launch: () => ServerProcess
  isReady: () => Promise<boolean>
  say: (line: string) => void
}

const PAUSE_MS_MIN = 500
const PAUSE_MS_MAX = 30_000
/** One that ran this long had not failed to start: the pause begins anew. */
const STEADY_MS = 60_000

export class KeptProcess {
  readonly #keeping: Keeping
  #server: ServerProcess | null = null
  #off: AbortController | null = null
  #watching: Promise<void> = Promise.resolve()

  constructor(keeping: Keeping) {
    this.#keeping = keeping
  }

  /** Whether it is meant to run, whatever it is doing now. */
  get isOn(): boolean {
    return this.#off !== null
  }

  /** Starts it and waits until it is ready; a first start that fails is the caller's to handle. */
  async turnOn(): Promise<void> {
    if (this.#off) return
    const off = new AbortController()
    this.#off = off
    try {
      const server = await this.#start()
      this.#watching = this.#watch(server, off.signal)
    } catch (error) {
      this.#off = null
      throw error
    }
  }

  /** Stops it and resolves when it is gone. */
  async turnOff(): Promise<void> {
    this.#off?.abort()
    this.#off = null
    await this.#server?.stop()
    await this.#watching
  }

  async #start(): Promise<ServerProcess> {
    const { name, pidsDir, launch, isReady, readyTimeoutMs } = this.#keeping
    const server = launch()
    this.#server = server
    writePidNote(pidsDir, name, server.pid)
    try {
      await server.ready(isReady, readyTimeoutMs)
    } catch (error) {
      removePidNote(pidsDir, name)
      throw error
    }
    return server
  }

  async #watch(first: ServerProcess, off: AbortSignal): Promise<void> {
    const { name, pidsDir, say } = this.#keeping
    let server: ServerProcess | null = first
    let pauseMs = PAUSE_MS_MIN
    while (!off.aborted) {
      const since = Date.now()
      if (server) {
        const how = await server.ended
        removePidNote(pidsDir, name)
        if (off.aborted) return
        if (Date.now() - since > STEADY_MS) pauseMs = PAUSE_MS_MIN
        say(`${name} ${how}; starting it again in ${pauseMs / 1000} s (${first.command.logFile})`)
      }
      await sleep(pauseMs, undefined, { signal: off }).catch(() => {})
      pauseMs = Math.min(pauseMs * 2, PAUSE_MS_MAX)
      if (!off.aborted) server = await this.#startAgain()
    }
  }

  async #startAgain(): Promise<ServerProcess | null> {
    const { name, say } = this.#keeping
    try {
      const server = await this.#start()
      say(`${name} runs again`)
      return server
    } catch (error) {
      if (this.isOn) say((error as Error).message)
      return null
    }
  }
}
