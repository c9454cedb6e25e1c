// The fence between two engines: a settlement holds the epoch it read, a successor waits for it, and
// the heartbeat waits for nobody.

import { setTimeout as sleep } from 'node:timers/promises'
import { pino } from 'pino'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { Ownership } from '../../src/engine/ownership.ts'
import { readEpochs } from '../../src/engine/read-books.ts'
import { createDatabase, type TestDatabase } from '../database.ts'
import { until } from '../until.ts'

const PARTITION = 0

let database: TestDatabase
let engines: Ownership[]

beforeEach(async () => {
  database = await createDatabase()
  engines = []
})
afterEach(async () => {
  for (const engine of engines) await engine.stop()
  await database.drop()
})

/** An engine that owns partitions and does nothing with them. */
function startEngine(processId: string): Ownership {
  const engine = new Ownership({
    url: database.url,
    processId,
    log: pino({ level: 'silent' }),
    onOwned: () => Promise.resolve(),
    onRelease: () => Promise.resolve(),
    onLost: () => Promise.resolve(),
  })
  engines.push(engine)
  engine.start()
  return engine
}

/** Holds the epoch as a settlement does, until the answer is called. */
async function holdEpoch(): Promise<{ epoch: bigint; end: () => Promise<void> }> {
  const { promise: isOver, resolve: end } = Promise.withResolvers<void>()
  const { promise: isHeld, resolve: held } = Promise.withResolvers<bigint>()
  const settled = database.sql.begin(async (tx) => {
    const { byPartition } = await readEpochs(tx, [PARTITION])
    held(byPartition.get(PARTITION)!)
    await isOver
  })
  return {
    epoch: await isHeld,
    end: async () => {
      end()
      await settled
    },
  }
}

async function row(): Promise<{ epoch: bigint; beat: number }> {
  const [one] = await database.sql<{ epoch: bigint; beat: Date | null }[]>`
    SELECT epoch, heartbeat_at AS beat FROM partitions WHERE partition = ${PARTITION}`
  return { epoch: one!.epoch, beat: one!.beat?.getTime() ?? 0 }
}

/** Sessions of this database that wait for somebody's lock. */
async function waiting(): Promise<number> {
  const [one] = await database.sql<{ count: number }[]>`
    SELECT count(*)::int AS count FROM pg_stat_activity
    WHERE datname = current_database() AND wait_event_type = 'Lock'`
  return one!.count
}

it('beats while a settlement holds the epoch, and settles while it beats', async () => {
  const engine = startEngine('first')
  await until(() => engine.epochs.size === 8)
  const settlement = await holdEpoch()
  const before = (await row()).beat
  await until(async () => (await row()).beat > before)
  // The other way round: the beat is written and not yet committed.
  await database.sql.begin(async (beating) => {
    await beating`UPDATE partitions SET heartbeat_at = now() WHERE partition = ${PARTITION}`
    const beside = await holdEpoch()
    expect(beside.epoch).toBe(settlement.epoch)
    await beside.end()
  })
  await settlement.end()
})

it('lets a successor wait for the settlement under way', async () => {
  const first = startEngine('first')
  await until(() => first.epochs.size === 8)
  const settlement = await holdEpoch()
  await first.stop()
  const second = startEngine('second')
  await until(async () => (await waiting()) === 1)
  expect((await row()).epoch).toBe(settlement.epoch)
  expect(second.epochs.size).toBe(0)
  await settlement.end()
  await until(() => second.epochs.has(PARTITION))
  const later = await holdEpoch()
  expect(later.epoch).toBe(settlement.epoch + 1n)
  expect(second.epochs.get(PARTITION)).toBe(later.epoch)
  await later.end()
})

it('raises no epoch under a settlement, however often partitions change hands', async () => {
  let isOver = false
  let settlements = 0
  const settle = async (): Promise<void> => {
    while (!isOver) {
      await database.sql.begin(async (tx) => {
        const { byPartition } = await readEpochs(tx, [PARTITION])
        await sleep(settlements % 7)
        const [now] = await tx<{ epoch: bigint }[]>`
          SELECT epoch FROM partitions WHERE partition = ${PARTITION}`
        expect(now!.epoch).toBe(byPartition.get(PARTITION))
      })
      settlements += 1
      await sleep(settlements % 5)
    }
  }
  const settling = [settle(), settle(), settle()]
  const before = (await row()).epoch
  for (let round = 1; round <= 10; round += 1) {
    const engine = startEngine(`engine-${round}`)
    await until(() => engine.epochs.size === 8)
    await engine.stop()
    engines.pop()
  }
  isOver = true
  await Promise.all(settling)
  expect((await row()).epoch).toBe(before + 10n)
  expect(settlements).toBeGreaterThan(50)
})
