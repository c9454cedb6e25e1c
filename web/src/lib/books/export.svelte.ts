// One export under way: how far it is, how to stop it, what went wrong. The file is made in the
// browser, of the same answers the page reads.

import type { Failure } from '#lib/http.ts'
import type { Collected, Collecting } from './collect.ts'

export type ExportState = 'idle' | 'running' | 'done' | 'failed'

export class Export<T> {
  state = $state<ExportState>('idle')
  /** Rows so far. */
  count = $state(0)
  failure = $state.raw<Failure | null>(null)
  readonly #options: ExportOptions<T>
  #controller: AbortController | null = null

  constructor(options: ExportOptions<T>) {
    this.#options = options
  }

  /** Collects, writes and saves; one at a time. */
  async run(): Promise<void> {
    if (this.state === 'running') return
    const controller = new AbortController()
    this.#controller = controller
    this.state = 'running'
    this.count = 0
    this.failure = null
    const collected = await this.#options.collect({
      signal: controller.signal,
      wait: this.#options.wait,
      onProgress: (count) => {
        if (this.#controller === controller) this.count = count
      },
    })
    if (this.#controller === controller) this.#finish(collected)
  }

  /** Stops it; what was collected is dropped. */
  cancel(): void {
    this.#controller?.abort()
    this.#controller = null
    this.state = 'idle'
  }

  #finish(collected: Collected<T>): void {
    this.#controller = null
    if (collected.kind === 'cancelled') {
      this.state = 'idle'
    } else if (collected.kind === 'failed') {
      this.failure = collected.failure
      this.state = 'failed'
    } else {
      this.#options.save(collected.items)
      this.count = collected.items.length
      this.state = 'done'
    }
  }
}

export type ExportOptions<T> = {
  collect: (collecting: Collecting) => Promise<Collected<T>>
  save: (rows: T[]) => void
  wait: (delayMs: number) => Promise<void>
}
