// `match`: the price ladder, as a book, beside nodejs-order-book: the same seeded stream of limit
// orders, market orders and cancels with ten thousand orders resting, in turns, in one process. After
// each round both books must stand alike: prices, sums, and each order's id and rest in its queue.
//
// Each book is driven in the way it is made for. The peer takes and finds orders by an id of the
// caller's; ours hands out an order's place, which the caller keeps with the order. So the driver of
// ours writes and reads an array by the order's number, on the clock, and the peer's driver has
// nothing to keep. Ids (one string an order), options and decimals are made before the clock starts,
// for both. Both report what was traded, to be summed: ours by a call for each fill, the peer in
// its answer. Ours computes in bigints of any size, the peer in floats.
//
// What the ratio depends on: the peer's cancel renumbers all orders of its price, so it is the slower
// the more of them share one; some 50 do at the best prices of this stream, fewer away from them.

import { isDeepStrictEqual } from 'node:util'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import type { Benchmark } from './benchmark.ts'
import { median, round } from './load/latencies.ts'
import { ours, peer, type Rival, type Standing } from './match/rivals.ts'
import { planStream, type Stream } from './match/stream.ts'

const WARM_UP_STEPS = 50_000
const MICROSECONDS_PER_SECOND = 1_000_000
const MILLISECONDS_PER_SECOND = 1_000

export const match: Benchmark = {
  name: 'match',
  summary: 'limit, market and cancel on our book, beside nodejs-order-book',
  defaults: { orders: 200_000, rounds: 5 },
  run({ orders, rounds, seed }, { progress }) {
    warmUp(planStream(seed, WARM_UP_STEPS))
    const results: Compared[] = []
    let restingMin = Infinity
    for (let index = 1; index <= rounds; index += 1) {
      const stream = planStream(seed + index, orders)
      restingMin = Math.min(restingMin, stream.restingMin)
      const result = compare(stream, index % 2 === 0)
      results.push(result)
      progress(
        `round ${index}: ours ${result.ours.cpu.toFixed(0)}, peer ${result.peer.cpu.toFixed(0)} ` +
          `orders/s, books ${result.isSame ? 'alike' : 'DIFFERENT'}`,
      )
    }
    const ratios = results.map((result) => result.ours.cpu / result.peer.cpu)
    const wallRatios = results.map((result) => result.ours.wall / result.peer.wall)
    return Promise.resolve({
      orders_per_s: round(median(results.map((result) => result.ours.cpu))),
      peer_per_s: round(median(results.map((result) => result.peer.cpu))),
      ratio: round(median(ratios)),
      worst_ratio: round(Math.min(...ratios)),
      wall_ratio: round(median(wallRatios)),
      worst_wall_ratio: round(Math.min(...wallRatios)),
      same_book: results.every(({ isSame }) => isSame),
      resting: restingMin,
      traded: results.reduce((sum, { traded }) => sum + traded, 0),
      steps: orders * rounds,
    })
  },
}

/**
 * Books of the warm-up, never let go: with the last object of a shape V8 throws away what it compiled
 * for it, and a round, of which ours lasts a tenth of a second, would measure the compiler.
 */
const kept: Rival[] = []

function warmUp({ start, steps }: Stream): void {
  for (const make of [peer, ours, peer, ours]) {
    const rival = make(start, steps)
    rival.run()
    rival.standing()
    kept.push(rival)
  }
}

/** Orders a second: of processor time, and as the clock on the wall has it. */
type Rate = { cpu: number; wall: number }
/** What each did, and whether both books stand alike. */
type Compared = { ours: Rate; peer: Rate; isSame: boolean; traded: number }

/** Who begins changes, so that neither always has the other before it; nor its garbage. */
function compare({ start, steps }: Stream, oursFirst: boolean): Compared {
  const turns = oursFirst ? [ours, peer] : [peer, ours]
  const rates = new Map<typeof ours, { rate: Rate; standing: Standing }>()
  for (const make of turns) {
    // Before it is made ready: just after a collection, every program runs in memory that is cold.
    // Twice: sweeping goes on beside the program, but the next collection waits until it is done.
    collectGarbage()
    collectGarbage()
    const rival = make(start, steps)
    rates.set(make, { rate: timed(rival, steps.length), standing: rival.standing() })
  }
  const own = rates.get(ours)!
  const theirs = rates.get(peer)!
  const isSame = isDeepStrictEqual(own.standing, theirs.standing) && own.standing.bids.length > 0
  return { ours: own.rate, peer: theirs.rate, isSame, traded: own.standing.traded }
}

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

/**
 * Processor time is that of the whole process, the garbage collector's threads included: it hardly
 * matters what else the machine does meanwhile.
 */
function timed(rival: Rival, steps: number): Rate {
  const before = process.cpuUsage()
  const beganAt = performance.now()
  rival.run()
  const wallMs = performance.now() - beganAt
  const { user, system } = process.cpuUsage(before)
  return {
    cpu: (steps / (user + system)) * MICROSECONDS_PER_SECOND,
    wall: (steps / wallMs) * MILLISECONDS_PER_SECOND,
  }
}
