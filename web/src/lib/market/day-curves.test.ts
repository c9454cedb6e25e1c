import { expect, it, vi } from 'vitest'
import { DayCurves } from './day-curves.svelte.ts'

const CANDLES = {
  candles: [
    [1, '1', '3', '1', '2', '0'],
    [2, '2', '4', '2', '3.5', '0'],
  ],
}

function curvesAt(clock: { now: number }, isUp = true) {
  const candlesSince = vi.fn(async () => {
    await Promise.resolve()
    return isUp
      ? { ok: true, data: CANDLES, staleSince: null }
      : { ok: false, failure: { kind: 'network' } }
  })
  const curves = new DayCurves({ api: { candlesSince } as never, now: () => clock.now })
  return { curves, candlesSince }
}

const settled = () => new Promise((done) => setTimeout(done, 1))

it('asks once for what is looked at, and again when it is old', async () => {
  const clock = { now: 0 }
  const { curves, candlesSince } = curvesAt(clock)
  curves.want('A')
  curves.want('A')
  await settled()
  expect(curves.get('A')).toEqual([
    [1, 2],
    [2, 3.5],
  ])
  clock.now = 299_999
  curves.want('A')
  expect(candlesSince).toHaveBeenCalledTimes(1)
  clock.now = 300_000
  curves.want('A')
  expect(candlesSince).toHaveBeenCalledTimes(2)
})

it('asks for a few at a time, and for all in the end', async () => {
  const { curves, candlesSince } = curvesAt({ now: 0 })
  for (const tickerId of ['A', 'B', 'C', 'D', 'E']) curves.want(tickerId)
  expect(candlesSince).toHaveBeenCalledTimes(2)
  await settled()
  expect(candlesSince).toHaveBeenCalledTimes(5)
})

it('tries again what did not come', async () => {
  const { curves, candlesSince } = curvesAt({ now: 0 }, false)
  curves.want('A')
  await settled()
  expect(curves.get('A')).toBeNull()
  curves.want('A')
  expect(candlesSince).toHaveBeenCalledTimes(2)
})
