// The trade tape of one ticker, drawn once a frame. While the viewer reads it, it stands still and
// what comes is kept for later.

import type { TickerId } from '@motu/shared/ticker.ts'
import type { Live } from '#lib/live.svelte.ts'
import { type Frames, perFrame } from '#lib/ui/per-frame.ts'
import { type Print, withPrints } from './tape-buffer.ts'

export class TapeFeed {
  /** Newest first, as drawn. */
  prints = $state.raw<readonly Print[]>([])
  #isPaused = $state(false)
  #newest: readonly Print[] = []
  readonly #live: Pick<Live, 'watch'>
  readonly #draw

  constructor(options: { live: Pick<Live, 'watch'>; frames?: Frames }) {
    this.#live = options.live
    this.#draw = perFrame(() => {
      if (!this.#isPaused) this.prints = this.#newest
    }, options.frames)
  }

  get isPaused(): boolean {
    return this.#isPaused
  }

  /** Listens to a ticker; the answer ends that. */
  watch(tickerId: TickerId): () => void {
    this.#newest = []
    this.prints = []
    const leave = this.#live.watch(`trades:${tickerId}`, ({ prints }) => {
      this.#newest = withPrints(this.#newest, prints)
      this.#draw.ask()
    })
    return () => {
      leave()
      this.#draw.stop()
    }
  }

  pause(): void {
    this.#isPaused = true
  }

  resume(): void {
    this.#isPaused = false
    this.#draw.ask()
  }
}
