// Whatever a run starts, it ends: in reverse order, on success, on an error, on Ctrl-C.

export class Cleanup {
  readonly #stack = new AsyncDisposableStack()
  #running: Promise<void> | null = null

  /** Remembers how to undo something that was just done. */
  add(undo: () => Promise<unknown> | unknown): void {
    this.#stack.defer(async () => {
      await undo()
    })
  }

  /**
   * Undoes everything, the last first; one failure does not keep the rest from being undone. Called
   * again, it waits for the first call.
   */
  run(): Promise<void> {
    this.#running ??= this.#stack.disposeAsync()
    return this.#running
  }
}

const SIGNALS = { SIGINT: 130, SIGTERM: 143 } as const
type Signal = keyof typeof SIGNALS

/** Runs within runs: the innermost is cleaned up first. */
const active: Cleanup[] = []

async function endAll(signal: Signal): Promise<never> {
  for (const cleanup of active.toReversed()) {
    await cleanup.run().catch((error: unknown) => {
      process.stderr.write(`cleaning up failed: ${String(error)}\n`)
    })
  }
  process.exit(SIGNALS[signal])
}

/** Runs `work` and cleans up behind it. Ctrl-C cleans up as well, then ends the process. */
export async function withCleanup<T>(work: (cleanup: Cleanup) => Promise<T>): Promise<T> {
  const cleanup = new Cleanup()
  const onSignal = (signal: NodeJS.Signals): void => void endAll(signal as Signal)
  if (active.push(cleanup) === 1) {
    for (const signal of Object.keys(SIGNALS)) process.on(signal, onSignal)
  }
  try {
    return await work(cleanup)
  } finally {
    await cleanup.run()
    active.splice(active.indexOf(cleanup), 1)
    for (const signal of Object.keys(SIGNALS)) process.off(signal, onSignal)
  }
}
