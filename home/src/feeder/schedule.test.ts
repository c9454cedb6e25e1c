import { setTimeout as sleep } from 'node:timers/promises'
import { pino } from 'pino'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { every } from './schedule.ts'

const INTERVAL_MS = 40

let abort: AbortController
let lines: { msg: string; failures?: number }[]
let turns: number
beforeEach(() => {
  abort = new AbortController()
  lines = []
  turns = 0
})
afterEach(() => abort.abort())

function run(work: () => Promise<void>, intervalMs = INTERVAL_MS): Promise<void> {
  const log = pino({}, { write: (line) => lines.push(JSON.parse(line) as never) })
  const { signal } = abort
  return every({ name: 'test', intervalMs, now: Date.now, signal, log }, work)
}

/** Runs until this many turns were begun. */
async function runTurns(count: number, work: () => Promise<void>): Promise<void> {
  await run(async () => {
    turns += 1
    if (turns === count) abort.abort()
    await work()
  })
}

describe('work that repeats', () => {
  it('is begun after a multiple of its interval, never before, and once in each', async () => {
    const begun: number[] = []
    await runTurns(5, () => Promise.resolve(void begun.push(Math.floor(Date.now() / INTERVAL_MS))))
    expect(new Set(begun).size).toBe(5)
    expect(begun).toEqual(begun.toSorted((a, b) => a - b))
  })

  it('is never begun while it is still under way', async () => {
    let underWay = 0
    await runTurns(3, async () => {
      underWay += 1
      expect(underWay).toBe(1)
      await sleep(1.5 * INTERVAL_MS)
      underWay -= 1
    })
  })

  it('goes on after failures, and says when they began and when they were over', async () => {
    await runTurns(5, () => (turns < 4 ? Promise.reject(new Error('away')) : Promise.resolve()))
    expect(lines.map(({ msg, failures }) => [msg, failures])).toEqual([
      ['the feed missed a turn', undefined],
      ['the feed goes on', 3],
    ])
  })

  it('ends when the signal aborts, without waiting for its turn', async () => {
    const ended = run(() => Promise.resolve(), 3_600_000)
    abort.abort()
    await ended
  })
})
