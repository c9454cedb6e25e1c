// Several orders cancelled with one press: asked for a few at a time, followed until each has ended,
// and told of in one notice. Home may be dark: then it is said once that they were asked for, and once
// what became of them.

import type { Order } from '@motu/shared/contract/orders.ts'
import { isFinal } from '@motu/shared/order.ts'
import type { Failure } from '#lib/http.ts'
import type { Orders } from './orders.svelte.ts'

/** How many cancels are under way at once: the edge takes them one after another all the same. */
const CANCELS_AT_ONCE = 4
/** How long the notice waits for orders that have not ended yet. */
const TOLD_AFTER_MS = 5_000

/** What became of the orders so far: each is in one of the four. */
export type Together = {
  cancelled: Order[]
  /** They had ended in another way before the cancel came. */
  ended: Order[]
  refused: { order: Order; failure: Failure }[]
  /** Asked for, and not decided yet. */
  waiting: Order[]
}

export type CancelTogetherOptions = {
  orders: Orders
  wait: (delayMs: number) => Promise<void>
  tell: (together: Together) => void
}

/** Resolves when all of them have been asked for; what became of them is told when it is known. */
export async function cancelTogether(
  chosen: readonly Order[],
  { orders, wait, tell }: CancelTogetherOptions,
): Promise<void> {
  const known = new Map(chosen.map((order) => [order.order_id, order]))
  let changed = (): void => {}
  for (const id of known.keys()) {
    orders.together[id] = (order) => {
      known.set(id, order)
      changed()
    }
  }
  const refused = await askFor(chosen, orders)
  for (const { order } of refused) {
    known.delete(order.order_id)
    delete orders.together[order.order_id]
  }
  const over = new Promise<void>((resolve) => {
    changed = () => [...known.values()].every(isOver) && resolve()
    changed()
  })
  void tellOf({ known, refused, over, orders, wait, tell })
}

async function askFor(chosen: readonly Order[], orders: Orders): Promise<Together['refused']> {
  const left = [...chosen]
  const refused: Together['refused'] = []
  const work = async (): Promise<void> => {
    for (let order = left.shift(); order; order = left.shift()) {
      const failure = await orders.cancel(order.order_id)
      if (failure) refused.push({ order, failure })
    }
  }
  await Promise.all(Array.from({ length: CANCELS_AT_ONCE }, work))
  return refused
}

type Following = CancelTogetherOptions &
  Pick<Together, 'refused'> & { known: ReadonlyMap<string, Order>; over: Promise<void> }

async function tellOf({ known, refused, over, orders, wait, tell }: Following): Promise<void> {
  await Promise.race([over, wait(TOLD_AFTER_MS)])
  const ids = [...known.keys()]
  // Whoever has signed out meanwhile is told nothing.
  if (ids.some((id) => !(id in orders.together))) return
  const all = [...known.values()]
  const waiting = all.filter((order) => !isOver(order))
  tell({ ...sorted(all), refused, waiting })
  await over
  const late = waiting.map(({ order_id }) => known.get(order_id)!)
  if (late.length > 0) tell({ ...sorted(late), refused: [], waiting: [] })
  for (const id of ids) delete orders.together[id]
}

const isOver = ({ status }: Order): boolean => isFinal(status)
const isCancelled = ({ status }: Order): boolean => status === 'CANCELLED'

function sorted(orders: readonly Order[]): Pick<Together, 'cancelled' | 'ended'> {
  const over = orders.filter(isOver)
  return { cancelled: over.filter(isCancelled), ended: over.filter((one) => !isCancelled(one)) }
}
