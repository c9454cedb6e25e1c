import type { OwnFill } from '@motu/shared/contract/fills.ts'
import { describe, expect, it, vi } from 'vitest'
import type { OwnFillsQuery } from '#lib/api.ts'
import { OwnFills } from './own-fills.ts'

const TICKER = 'CRYPTO-COIN-BTC'
const MINUTE_MS = 60_000

/** A list of fills, a minute between two, the newest first; pages of two hundred. */
function setUp(count: number) {
  const make = (no: number) =>
    ({
      ...{ fill_id: `o${no}.1`, order_id: `o${no}`, side: 'BUY', quantity: '1', price: '100' },
      filled_at: new Date(no * MINUTE_MS).toISOString(),
    }) as OwnFill
  const fills = Array.from({ length: count }, (_, index) => make(count - index))
  const ownFills = vi.fn(async ({ limit, cursor }: OwnFillsQuery) => {
    const from = cursor ? fills.findIndex(({ fill_id }) => fill_id === cursor) + 1 : 0
    const page = fills.slice(from, from + limit)
    const next_cursor = from + limit < fills.length ? page.at(-1)!.fill_id : null
    return { ok: true as const, data: { fills: page, next_cursor }, staleSince: null }
  })
  const own = new OwnFills({ ownFills })
  const shown = () => own.marks(TICKER, []).map(({ id }) => id)
  return { own, shown, ownFills, add: () => fills.unshift(make(fills.length + 1)) }
}

describe('own fills of a ticker', () => {
  it('are fetched as far back as the chart goes, and no further', async () => {
    const { own, shown, ownFills } = setUp(900)
    await own.refresh(TICKER)
    expect(shown()).toHaveLength(200)
    await own.reach(TICKER, 650 * MINUTE_MS)
    expect(shown()).toHaveLength(400)
    await own.reach(TICKER, 650 * MINUTE_MS)
    expect(ownFills).toHaveBeenCalledTimes(2)
    await own.reach(TICKER, 0)
    expect(shown()).toHaveLength(900)
    expect(new Set(shown()).size).toBe(900)
  })

  it('get what was filled since, once', async () => {
    const { own, shown, add } = setUp(250)
    await own.refresh(TICKER)
    await own.reach(TICKER, 0)
    add()
    await Promise.all([own.refresh(TICKER), own.refresh(TICKER)])
    expect(shown()).toHaveLength(251)
    expect(shown()[0]).toBe('o251.1')
  })

  it('have no gap when more was filled than a page holds', async () => {
    const { own, shown, add } = setUp(10)
    await own.refresh(TICKER)
    for (let no = 0; no < 300; no += 1) add()
    await own.refresh(TICKER)
    expect(shown()).toHaveLength(200)
    await own.reach(TICKER, 0)
    expect(shown()).toHaveLength(310)
  })
})
