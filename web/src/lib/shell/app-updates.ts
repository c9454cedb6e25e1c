// The service worker as the page sees it: registered when there is time, asked now and then for a
// newer build, and told to take over once the viewer wants that. Where there is none (a page that
// came over plain HTTP, a private window), the app is the same without its offline shell.

const SCRIPT = '/service-worker.js'
/** A worker that does not take over by then: the new page comes from the edge anyway. */
const TAKE_OVER_MS_MAX = 3_000

/** Of the browser's objects, what is used here. */
export type Worker = {
  readonly state: string
  postMessage(message: unknown): void
  addEventListener(type: 'statechange', hear: () => void): void
}
export type Registration = {
  readonly waiting: Worker | null
  readonly installing: Worker | null
  update(): Promise<unknown>
  addEventListener(type: 'updatefound', hear: () => void): void
}
export type Container = {
  readonly controller: unknown
  register(script: string, options: { type: 'module' }): Promise<Registration>
  addEventListener(type: 'controllerchange', hear: () => void): void
}

export type AppUpdatesOptions = {
  container: Container | undefined
  /** A newer build is ready; called once. */
  onReady: () => void
  reload: () => void
  /** Calls back after a delay; the answer calls it off. */
  after: (delayMs: number, call: () => void) => () => void
}

export class AppUpdates {
  readonly #options: AppUpdatesOptions
  #registration: Registration | null = null
  #hasTold = false
  #isApplying = false

  constructor(options: AppUpdatesOptions) {
    this.#options = options
  }

  /** Registers the worker; a browser that refuses goes on without. */
  async start(): Promise<void> {
    const { container } = this.#options
    if (!container) return
    const wasControlled = Boolean(container.controller)
    container.addEventListener('controllerchange', () => {
      if (this.#isApplying) this.#options.reload()
      // Another tab let the new build take over; the first worker of all replaces nothing.
      else if (wasControlled) this.#tell()
    })
    const registration = await container.register(SCRIPT, { type: 'module' }).catch(() => null)
    if (!registration) return
    this.#registration = registration
    if (registration.waiting && wasControlled) this.#tell()
    registration.addEventListener('updatefound', () => this.#follow(registration.installing))
  }

  /** Asks whether there is a newer build; silence is no news. */
  async check(): Promise<void> {
    await this.#registration?.update().catch(() => null)
  }

  /** Loads the page anew, with the newer build. */
  apply(): void {
    const { reload, after } = this.#options
    const waiting = this.#registration?.waiting
    if (!waiting) return reload()
    this.#isApplying = true
    waiting.postMessage('take over')
    after(TAKE_OVER_MS_MAX, reload)
  }

  #follow(worker: Worker | null): void {
    worker?.addEventListener('statechange', () => {
      if (worker.state === 'installed' && this.#options.container?.controller) this.#tell()
    })
  }

  #tell(): void {
    if (this.#hasTold) return
    this.#hasTold = true
    this.#options.onReady()
  }
}
