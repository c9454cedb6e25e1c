// Pure: no I/O, no clock, no randomness.
// Which of the eight partitions a user's orders travel through, and are stored under.

/** Fixed for good: the number is stored in the keys of every user-owned row. */
export const PARTITION_COUNT = 8

/** A settlement asks a dozen times for each of its users: what was hashed lately is remembered. */
const REMEMBERED_MAX = 10_000
const remembered = new Map<string, number>()

/** FNV-1a (32 bit) of the lower-case user id, modulo eight: the same at edge, home and in tests. */
export function partitionOf(userId: string): number {
  const known = remembered.get(userId)
  if (known !== undefined) return known
  if (remembered.size >= REMEMBERED_MAX) remembered.clear()
  const partition = hashOf(userId) % PARTITION_COUNT
  remembered.set(userId, partition)
  return partition
}

function hashOf(userId: string): number {
  const text = userId.toLowerCase()
  let hash = 0x811c9dc5
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193)
  }
  return hash >>> 0
}

/** The queue a partition's orders wait in. */
export function orderQueueName(partition: number): string {
  return `orders.${partition}`
}

/** Where a message goes that was delivered too often. */
export const DEAD_LETTER_QUEUE = 'orders.dead'
