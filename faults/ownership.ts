// Who owns which partition, as the database says.

import type { HomeProcess } from './home-process.ts'
import type { Stack } from './stack.ts'

export type Owned = { partition: number; epoch: bigint; ownerId: string | null; open: number }

/** Each partition with its owner, its epoch and how many open orders rest in it. */
export async function readOwnership({ sql }: Stack): Promise<Owned[]> {
  return sql<Owned[]>`
    SELECT p.partition, p.epoch, p.owner_id AS "ownerId", count(o.order_id)::int AS open
    FROM partitions p LEFT JOIN open_orders o USING (partition)
    GROUP BY p.partition, p.epoch, p.owner_id ORDER BY p.partition`
}

/** Whether every engine of the stack owns at least one partition, and all are owned. */
export async function isShared(stack: Stack): Promise<boolean> {
  const owners = new Set((await readOwnership(stack)).map((one) => one.ownerId))
  return !owners.has(null) && stack.engines.every((engine) => owners.has(engine.name))
}

/** The engine whose partitions hold the most resting orders, with what it owns. */
export async function busiestEngine(
  stack: Stack,
): Promise<{ engine: HomeProcess; owned: Owned[]; resting: number }> {
  const ownership = await readOwnership(stack)
  const engines = stack.engines.map((engine) => {
    const owned = ownership.filter(({ ownerId }) => ownerId === engine.name)
    return { engine, owned, resting: owned.reduce((sum, { open }) => sum + open, 0) }
  })
  return engines.reduce((most, one) => (one.resting > most.resting ? one : most))
}

/** Whether all of these partitions have another owner than `engine`, under a higher epoch. */
export async function isTakenOver(
  stack: Stack,
  engine: HomeProcess,
  before: readonly Owned[],
): Promise<boolean> {
  const now = new Map((await readOwnership(stack)).map((one) => [one.partition, one]))
  return before.every(({ partition, epoch }) => {
    const { ownerId, epoch: epochNow } = now.get(partition)!
    return ownerId !== null && ownerId !== engine.name && epochNow > epoch
  })
}
