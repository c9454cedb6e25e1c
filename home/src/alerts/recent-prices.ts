// Pure: no I/O, no clock, no randomness.
// The prices of the last moments, by ticker, until they have been held against the alerts: none is
// left out, so that no line is crossed between two looks.

import { type Decimal, parseDecimal } from '@motu/shared/decimal.ts'
import type { MarketEvent } from '@motu/shared/market-data.ts'
import type { TickerId } from '@motu/shared/ticker.ts'

/** Prices kept of a ticker at the most; of more, every fourth's highest and lowest. */
export const PRICES_PER_TICKER_MAX = 256

export type SeenPrice = {
  readonly tickerId: TickerId
  /** When home observed it, in UTC ms. */
  readonly atMs: number
  readonly price: Decimal
}

type Kept = SeenPrice & { isChecked: boolean }

export class RecentPrices {
  readonly #byTicker = new Map<TickerId, Kept[]>()

  /** Takes an event's last price, and the highest and the lowest of the prints it brings. */
  add(event: MarketEvent): void {
    const atMs = Date.parse(event.received_at)
    const last = parseDecimal(event.price)
    // Anyone may publish on a shared Redis, and nobody may stop us with it.
    if (last === null || Number.isNaN(atMs)) return
    const kept = this.#byTicker.get(event.ticker_id) ?? []
    for (const price of [...extremesOf(event), last]) {
      kept.push({ tickerId: event.ticker_id, atMs, price, isChecked: false })
    }
    this.#byTicker.set(event.ticker_id, kept.length > PRICES_PER_TICKER_MAX ? thinned(kept) : kept)
  }

  /** All that are kept, of each ticker in the order they were seen. */
  all(): SeenPrice[] {
    return [...this.#byTicker.values()].flat()
  }

  /** Notes that these were held against the alerts, and forgets those of before an instant. */
  noteChecked(checked: readonly SeenPrice[], beforeMs: number): void {
    for (const seen of checked as readonly Kept[]) seen.isChecked = true
    for (const [tickerId, kept] of this.#byTicker) {
      const rest = kept.filter(({ isChecked, atMs }) => !isChecked || atMs >= beforeMs)
      if (rest.length > 0) this.#byTicker.set(tickerId, rest)
      else this.#byTicker.delete(tickerId)
    }
  }
}

function extremesOf({ prints = [] }: MarketEvent): Decimal[] {
  const prices = prints.flatMap(([text]) => parseDecimal(text) ?? [])
  if (prices.length === 0) return []
  const high = prices.reduce((a, b) => (b > a ? b : a))
  const low = prices.reduce((a, b) => (b < a ? b : a))
  return high === low ? [high] : [high, low]
}

/**
 * Half as many, at their own instants. Every line that was crossed is still crossed by what is left;
 * of equal prices the later is left, for an alert that was made in between.
 */
function thinned(kept: readonly Kept[]): Kept[] {
  const rest: Kept[] = []
  for (let start = 0; start < kept.length; start += 4) {
    const group = kept.slice(start, start + 4)
    const high = group.reduce((a, b) => (b.price >= a.price ? b : a))
    const low = group.reduce((a, b) => (b.price <= a.price ? b : a))
    rest.push(...group.filter((seen) => seen === high || seen === low))
  }
  return rest
}
