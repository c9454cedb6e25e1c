import { expect, it } from 'vitest'
import { Kept } from './kept.ts'

function reader(read: (count: number) => Promise<number>) {
  const clock = { nowMs: 1_000 }
  let count = 0
  const kept = new Kept(() => read((count += 1)), { now: () => clock.nowMs, ageMsMax: 100 })
  return { clock, kept }
}

it('is read once for all who ask in time, and anew after that', async () => {
  const { clock, kept } = reader((count) => Promise.resolve(count))
  const both = await Promise.all([kept.get(), kept.get()])
  expect(both.map(({ value }) => value)).toEqual([1, 1])
  clock.nowMs = 1_099
  expect(await kept.get()).toEqual({ value: 1, atMs: 1_000 })
  clock.nowMs = 1_100
  expect(await kept.get()).toEqual({ value: 2, atMs: 1_100 })
})

it('does not keep a failure', async () => {
  const { kept } = reader((count) =>
    count === 1 ? Promise.reject(new Error('away')) : Promise.resolve(count),
  )
  await expect(kept.get()).rejects.toThrow('away')
  expect((await kept.get()).value).toBe(2)
})
