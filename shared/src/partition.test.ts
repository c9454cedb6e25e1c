import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { orderQueueName, PARTITION_COUNT, partitionOf } from './partition.ts'

describe('the partition of a user', () => {
  // Stored in the keys of every row a user owns: these may never change.
  it.each([
    ['00000000-0000-4000-8000-000000000000', 5],
    ['00000000-0000-4000-8000-000000000001', 2],
    ['00000000-0000-4000-8000-000000000002', 7],
    ['00000000-0000-4000-8000-000000000003', 4],
    ['00000000-0000-4000-8000-000000000006', 3],
    ['018f3c5e-7b1a-7c3d-9e2f-5a6b7c8d9e0f', 6],
    ['f47ac10b-58cc-4372-a567-0e02b2c3d479', 0],
    ['6ba7b810-9dad-41d1-80b4-00c04fd430c8', 1],
  ])('%s is %i for good', (userId, partition) => {
    expect(partitionOf(userId)).toBe(partition)
  })

  it('is one of eight, and the same in upper and lower case', () => {
    fc.assert(
      fc.property(fc.uuid(), (userId) => {
        const partition = partitionOf(userId)
        expect(Number.isInteger(partition)).toBe(true)
        expect(partition).toBeGreaterThanOrEqual(0)
        expect(partition).toBeLessThan(PARTITION_COUNT)
        expect(partitionOf(userId.toUpperCase())).toBe(partition)
      }),
    )
  })

  it('spreads users evenly', () => {
    const counts = new Array<number>(PARTITION_COUNT).fill(0)
    const users = 8_000
    for (let index = 0; index < users; index += 1) {
      const tail = index.toString(16).padStart(12, '0')
      counts[partitionOf(`018f3c5e-7b1a-7c3d-9e2f-${tail}`)]! += 1
    }
    expect(Math.min(...counts)).toBeGreaterThan(800)
    expect(Math.max(...counts)).toBeLessThan(1_200)
  })

  it('names its queue', () => {
    expect(orderQueueName(0)).toBe('orders.0')
    expect(orderQueueName(7)).toBe('orders.7')
  })
})
