// A client's channels of one kind, each with the version that was sent last. They share one pace and
// take turns: who was served goes to the end of the line.

import type { ChannelBoard } from './market-frame.ts'

export class MarketLane {
  readonly #versions = new Map<string, number>()
  #sentAt = Number.NEGATIVE_INFINITY

  get channels(): string[] {
    return [...this.#versions.keys()]
  }

  get size(): number {
    return this.#versions.size
  }

  add(channel: string): void {
    if (!this.#versions.has(channel)) this.#versions.set(channel, 0)
  }

  remove(channel: string): void {
    this.#versions.delete(channel)
  }

  /**
   * The frame that is due, if the last one is `intervalMs` ago: of the channels with news the one that
   * was served longest ago. Says whether something is left for later.
   */
  next(
    board: ChannelBoard,
    { now, intervalMs }: { now: number; intervalMs: number },
  ): { text: string | null; isMore: boolean } {
    let text: string | null = null
    for (const [channel, version] of this.#versions) {
      if (!board.isNews(channel, version)) continue
      if (text !== null || now - this.#sentAt < intervalMs) return { text, isMore: true }
      const frame = board.frameSince(channel, version)
      if (!frame) continue
      text = frame.text
      this.#versions.delete(channel)
      this.#versions.set(channel, frame.version)
      this.#sentAt = now
    }
    return { text, isMore: false }
  }
}
