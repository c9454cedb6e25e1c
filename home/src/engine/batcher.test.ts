import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { BATCH_SIZE_MAX, BATCH_WAIT_MS, Batcher, WAITING_MAX } from './batcher.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

type Settlement = { batch: readonly number[]; end: (error?: Error) => void }

/** A batcher whose settlements end when the test says so; each work's outcome is its negative. */
function batcherInHand() {
  const settlements: Settlement[] = []
  const batcher = new Batcher<number, number>(
    (batch) =>
      new Promise((resolve, reject) => {
        const end = (error?: Error): void =>
          error ? reject(error) : resolve(batch.map((work) => -work))
        settlements.push({ batch, end })
      }),
  )
  return { batcher, settlements }
}
const range = (from: number, count: number): number[] =>
  Array.from({ length: count }, (_, index) => from + index)

describe('a batcher', () => {
  it('waits for company as long as it may, and no longer', async () => {
    const { batcher, settlements } = batcherInHand()
    void batcher.add(1)
    await vi.advanceTimersByTimeAsync(BATCH_WAIT_MS - 1)
    void batcher.add(2)
    expect(settlements).toHaveLength(0)
    await vi.advanceTimersByTimeAsync(1)
    expect(settlements.map((one) => one.batch)).toEqual([[1, 2]])
  })

  it('waits no more once it is full', () => {
    const { batcher, settlements } = batcherInHand()
    for (const work of range(1, BATCH_SIZE_MAX - 1)) void batcher.add(work)
    expect(settlements).toHaveLength(0)
    void batcher.add(BATCH_SIZE_MAX)
    expect(settlements.map((one) => one.batch.length)).toEqual([BATCH_SIZE_MAX])
  })

  it('settles one batch at a time, in order, and at once what gathered meanwhile', async () => {
    const { batcher, settlements } = batcherInHand()
    const outcomes = range(1, BATCH_SIZE_MAX * 2 + 5).map((work) => batcher.add(work))
    await vi.advanceTimersByTimeAsync(BATCH_WAIT_MS * 10)
    expect(settlements).toHaveLength(1)
    settlements[0]!.end()
    await vi.advanceTimersByTimeAsync(0)
    expect(settlements).toHaveLength(2)
    settlements[1]!.end()
    await vi.advanceTimersByTimeAsync(0)
    settlements[2]!.end()
    expect(settlements.flatMap((one) => one.batch)).toEqual(range(1, BATCH_SIZE_MAX * 2 + 5))
    expect(settlements.map((one) => one.batch.length)).toEqual([BATCH_SIZE_MAX, BATCH_SIZE_MAX, 5])
    expect(await Promise.all(outcomes)).toEqual(
      range(1, BATCH_SIZE_MAX * 2 + 5).map((work) => -work),
    )
  })

  it('gives an error to all of its batch, and to nobody else', async () => {
    const { batcher, settlements } = batcherInHand()
    const failing = [batcher.add(1), batcher.add(2)]
    const refused = Promise.allSettled(failing)
    await vi.advanceTimersByTimeAsync(BATCH_WAIT_MS)
    const next = batcher.add(3)
    settlements[0]!.end(new Error('away'))
    expect((await refused).map((one) => one.status)).toEqual(['rejected', 'rejected'])
    await vi.advanceTimersByTimeAsync(BATCH_WAIT_MS)
    settlements[1]!.end()
    expect(await next).toBe(-3)
  })

  it('refuses a settlement that lost an outcome', async () => {
    const batcher = new Batcher<number, number>((batch) => Promise.resolve(batch.slice(1)))
    const results = Promise.allSettled([batcher.add(1), batcher.add(2)])
    await vi.advanceTimersByTimeAsync(BATCH_WAIT_MS)
    expect((await results).map((one) => one.status)).toEqual(['rejected', 'rejected'])
  })

  it('is empty only when nothing waits and nothing is being settled', async () => {
    const { batcher, settlements } = batcherInHand()
    expect(batcher.size).toBe(0)
    const outcome = batcher.add(1)
    expect(batcher.size).toBe(1)
    await vi.advanceTimersByTimeAsync(BATCH_WAIT_MS)
    expect(batcher.size).toBe(1)
    settlements[0]!.end()
    await outcome
    await vi.advanceTimersByTimeAsync(0)
    expect(batcher.size).toBe(0)
  })

  it('is full at its limit', () => {
    const { batcher } = batcherInHand()
    // The first two hundred are being settled and no longer wait.
    for (const work of range(1, BATCH_SIZE_MAX + WAITING_MAX)) void batcher.add(work)
    expect(() => batcher.add(0)).toThrow('full')
  })
})
