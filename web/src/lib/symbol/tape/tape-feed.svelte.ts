// The trade tape of one ticker, drawn once a frame. While the viewer reads it, it stands still and
// what comes is kept for later.

import type { TickerId } from '@motu/shared/ticker.ts'
import type { Live } from '#lib/live.svelte.ts'
import { type Frames, perFrame } from '#lib/ui/per-frame.ts'
import { type Print, withPrints } from './tape-buffer.ts'

/** A channel that brings trades does so within this time. */
const FIRST_PRINTS_MS = 2_000

export class TapeFeed {
  /** Newest first, as drawn. */
  prints = $state.raw<readonly Print[]>([])
  /** The first trades are here, or none will be soon. */
  hasHeard = $state(false)
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
    this.hasHeard = false
    const late = setTimeout(() => (this.hasHeard = true), FIRST_PRINTS_MS)
    const leave = this.#live.watch(`trades:${tickerId}`, ({ prints }) => {
      this.hasHeard = true
      this.#newest = withPrints(this.#newest, prints)
      this.#draw.ask()
    })
    return () => {
      clearTimeout(late)
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
