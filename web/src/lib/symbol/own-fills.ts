// The fills of one's own orders of one ticker, as far back as the chart goes. What an order alone tells
// is on the chart with it; everything else comes from the list of all fills, a page at a time.

import type { OwnFill } from '@motu/shared/contract/fills.ts'
import type { Order } from '@motu/shared/contract/orders.ts'
import type { TickerId } from '@motu/shared/ticker.ts'
import { SvelteMap } from 'svelte/reactivity'
import type { Api } from '#lib/api.ts'
import { type FillMark, fillMarksOf } from './chart/marks.ts'

const FILLS_PER_PAGE = 200
/** However far back the chart goes: more arrows than this nobody tells apart. */
const FILLS_MAX = 5_000

type Known = { readonly fills: readonly OwnFill[]; readonly next: string | null }

export class OwnFills {
  readonly #known = new SvelteMap<TickerId, Known>()
  readonly #loading = new Map<TickerId, Promise<void>>()
  readonly #api: Pick<Api, 'ownFills'>

  constructor(api: Pick<Api, 'ownFills'>) {
    this.#api = api
  }

  /** The marks of a ticker, as far as they are known now; `orders` are its filled ones. */
  marks(tickerId: TickerId, orders: readonly Order[]): FillMark[] {
    return fillMarksOf(orders, this.#known.get(tickerId)?.fills ?? [])
  }

  /** Fetches what was filled since the last time; what fails is asked for the next time. */
  refresh(tickerId: TickerId): Promise<void> {
    return this.#inTurn(tickerId, () => this.#addNewest(tickerId))
  }

  /** Fetches further back, until what is known begins before an instant, in ms. */
  reach(tickerId: TickerId, sinceMs: number): Promise<void> {
    return this.#inTurn(tickerId, async () => {
      for (;;) {
        const known = this.#known.get(tickerId)
        const oldest = known?.fills.at(-1)
        if (!known || !oldest || Date.parse(oldest.filled_at) < sinceMs) return
        if (known.next === null || known.fills.length >= FILLS_MAX) return
        const answer = await this.#fetch(tickerId, known.next)
        if (!answer) return
        this.#known.set(tickerId, { ...answer, fills: [...known.fills, ...answer.fills] })
      }
    })
  }

  async #addNewest(tickerId: TickerId): Promise<void> {
    const page = await this.#fetch(tickerId, null)
    if (!page) return
    const known = this.#known.get(tickerId)
    const first = known?.fills[0]?.fill_id
    const at = page.fills.findIndex(({ fill_id }) => fill_id === first)
    // More came in between than a page holds: what is behind it is fetched again when it is needed.
    const isJoined = known !== undefined && at >= 0
    this.#known.set(
      tickerId,
      isJoined ? { ...known, fills: [...page.fills.slice(0, at), ...known.fills] } : page,
    )
  }

  async #fetch(tickerId: TickerId, cursor: string | null): Promise<Known | null> {
    const answer = await this.#api.ownFills({ tickerId, limit: FILLS_PER_PAGE, cursor })
    return answer.ok ? { fills: answer.data.fills, next: answer.data.next_cursor } : null
  }

  #inTurn(tickerId: TickerId, work: () => Promise<void>): Promise<void> {
    const turn = (this.#loading.get(tickerId) ?? Promise.resolve()).then(work)
    this.#loading.set(tickerId, turn)
    return turn
  }
}
