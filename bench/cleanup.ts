// Whatever a run starts, it ends: in reverse order, on success, on an error, on Ctrl-C.

export class Cleanup {
  readonly #stack = new AsyncDisposableStack()

  /** Remembers how to undo something that was just done. */
  add(undo: () => Promise<unknown> | unknown): void {
    this.#stack.defer(async () => {
      await undo()
    })
  }

  /** Undoes everything, the last first; one failure does not keep the rest from being undone. */
  async run(): Promise<void> {
    await this.#stack.disposeAsync()
  }
}

const SIGNALS = { SIGINT: 130, SIGTERM: 143 } as const

/** Runs `work` and cleans up behind it. Ctrl-C cleans up as well, then ends the process. */
export async function withCleanup<T>(work: (cleanup: Cleanup) => Promise<T>): Promise<T> {
  const cleanup = new Cleanup()
  const onSignal = (signal: keyof typeof SIGNALS): void => {
    cleanup.run().then(
      () => process.exit(SIGNALS[signal]),
      (error: unknown) => {
        process.stderr.write(`cleaning up failed: ${String(error)}\n`)
        process.exit(SIGNALS[signal])
      },
    )
  }
  process.on('SIGINT', onSignal)
  process.on('SIGTERM', onSignal)
  try {
    return await work(cleanup)
  } finally {
    await cleanup.run()
    process.off('SIGINT', onSignal)
    process.off('SIGTERM', onSignal)
  }
}
