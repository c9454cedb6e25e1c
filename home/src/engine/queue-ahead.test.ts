import { type Decimal, decimal, formatDecimal } from '@motu/shared/decimal.ts'
import type { Side } from '@motu/shared/order.ts'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Depth, type Level, type Print, quantityOf } from './fill-model.ts'
import { PROFILE_NAMES, type ProfileName, PROFILES } from './fill-profile.ts'
import {
  advanceQueue,
  joinQueue,
  type Queue,
  type RestingOrder,
  type Seen,
  UNKNOWN_AHEAD,
} from './queue-ahead.ts'

const LOT = decimal('1')

/** `100x5 99x7 | 101x3`: bids, then asks. */
function book(text: string, isTopOnly = false): Depth {
  const [bids = '', asks = ''] = text.split('|')
  return { bids: levels(bids), asks: levels(asks), isTopOnly }
}

function levels(text: string): Level[] {
  return pairs(text).map(([price, size]) => [decimal(price!), decimal(size!)])
}

/** `S100x5 B101x2 ?100x1`: aggressor, price, quantity. */
function prints(text: string): Print[] {
  return pairs(text).map(([head, quantity]) => ({
    price: decimal(head!.slice(1)),
    quantity: decimal(quantity!),
    aggressor: ({ B: 'BUY', S: 'SELL' } as const)[head![0]!] ?? null,
  }))
}

function pairs(text: string): string[][] {
  return text
    .split(' ')
    .filter(Boolean)
    .map((one) => one.split('x'))
}

function told(ahead: Decimal): string {
  return ahead === UNKNOWN_AHEAD ? '?' : formatDecimal(ahead)
}

describe('an order that joins the queue', () => {
  it.each([
    ['at the best price', 'BUY', '100', '100x5 99x7|101x3', '5'],
    ['at the second price', 'BUY', '99', '100x5 99x7|101x3', '7'],
    ['inside the spread', 'BUY', '101', '100x5|103x3', '0'],
    ['at a price nobody has, between two', 'BUY', '98', '100x5 97x7|101x3', '0'],
    ['deeper than is displayed', 'BUY', '98', '100x5 99x7|101x3', '?'],
    ['with nobody on its side', 'BUY', '98', '|101x3', '0'],
    ['at the best price, to sell', 'SELL', '101', '100x5|101x3 103x4', '3'],
    ['inside the spread, to sell', 'SELL', '101', '100x5|102x3', '0'],
    ['between two, to sell', 'SELL', '102', '100x5|101x3 103x4', '0'],
    ['deeper than is displayed, to sell', 'SELL', '104', '100x5|101x3 103x4', '?'],
  ] as const)('%s', (_, side, limit, text, ahead) => {
    const queue = joinQueue(PROFILES.standard, side, decimal(limit), book(text))
    expect([told(queue.initial), told(queue.ahead)]).toEqual([ahead, ahead])
  })

  it('knows nothing of a side of which only the best price would be known', () => {
    const queue = joinQueue(PROFILES.standard, 'BUY', decimal('98'), book('|101x3', true))
    expect(queue.ahead).toBe(UNKNOWN_AHEAD)
  })

  it('has nobody ahead in arcade', () => {
    const queue = joinQueue(PROFILES.arcade, 'BUY', decimal('98'), book('100x5|101x3'))
    expect(queue).toEqual({ initial: 0n, ahead: 0n })
  })
})

type Case = readonly [
  name: string,
  profile: ProfileName,
  side: Side,
  ahead: string,
  prints: string,
  book: string,
  aheadAfter: string,
  filled: string,
]

// Each order rests at 100 with ten left; 40 were ahead when it joined.
const CASES: readonly Case[] = [
  ['nothing happens', 'standard', 'BUY', '8', '', '100x9|101x3', '8', '0'],
  ['trades take those ahead', 'standard', 'BUY', '8', 'S100x3 S100x4', '100x9|101x3', '1', '0'],
  ['trades take exactly those ahead', 'standard', 'BUY', '8', 'S100x8', '100x9|101x3', '0', '0'],
  ['what a trade leaves fills', 'standard', 'BUY', '8', 'S100x9', '100x9|101x3', '0', '1'],
  ['no more than it asks', 'standard', 'BUY', '8', 'S100x99', '100x9|101x3', '0', '10'],
  ['the other aggressor', 'standard', 'BUY', '8', 'B100x99', '100x9|101x3', '8', '0'],
  ['a trade at a better price', 'standard', 'BUY', '8', 'S101x99', '100x9|102x3', '8', '0'],
  ['cancels ahead', 'standard', 'BUY', '8', '', '100x5|101x3', '5', '0'],
  ['a level that has gone', 'standard', 'BUY', '8', '', '99x5|101x3', '0', '0'],
  ['others who come behind', 'standard', 'BUY', '8', '', '100x99|101x3', '8', '0'],
  ['a level no longer displayed', 'standard', 'BUY', '8', '', '102x5 101x5|103x3', '8', '0'],
  ['trades, then cancels', 'standard', 'BUY', '8', 'S100x3', '100x4|101x3', '4', '0'],
  // Through its price: as much as the 40 it joined, or the trade; strict, the trade alone.
  ['a trade through it', 'standard', 'BUY', '8', 'S99x1', '99x5|101x3', '0', '10'],
  ['a trade through it', 'strict', 'BUY', '8', 'S99x1', '99x5|101x3', '0', '1'],
  ['a buyer through it', 'strict', 'BUY', '8', 'B99x2', '99x5|101x3', '0', '2'],
  ['through it, then at it', 'strict', 'BUY', '8', 'S99x1 S100x2', '100x5|101x3', '0', '3'],
  ['at it, then through it', 'strict', 'BUY', '8', 'S100x7 S99x1', '99x5|101x3', '0', '1'],
  // A displayed opposite price at or through its own.
  ['an ask at its price', 'strict', 'BUY', '8', '', '99x5|100x3', '0', '3'],
  ['asks through its price', 'strict', 'BUY', '8', '', '97x5|98x3 99x1 101x9', '0', '4'],
  ['an ask just behind', 'strict', 'BUY', '8', '', '100x9|101x3', '8', '0'],
  // The venue does not say whose aggression it was.
  ['a silent trade at the bid', 'strict', 'BUY', '8', '?100x9', '100x9|102x3', '0', '1'],
  ['a silent trade at the ask', 'strict', 'BUY', '8', '?100x9', '98x9|100.5x3', '0', '0'],
  ['a silent trade in the middle', 'strict', 'BUY', '8', '?100x9', '99x9|101x3', '0', '0'],
  ['a silent trade, no ask', 'strict', 'BUY', '8', '?100x9', '100x9|', '8', '0'],
  // Unknown until it is seen once.
  ['a trade at it, unseen', 'standard', 'BUY', '?', 'S100x99', '102x9|103x3', '?', '0'],
  ['seen for the first time', 'standard', 'BUY', '?', 'S100x99', '100x7|103x3', '7', '0'],
  ['a trade through it, unseen', 'strict', 'BUY', '?', 'S99x4', '102x9|103x3', '0', '4'],
  ['a trade through it, unseen', 'standard', 'BUY', '?', 'S99x4', '102x9|103x3', '0', '10'],
  // Sells are the mirror image.
  ['what a trade leaves fills a sell', 'strict', 'SELL', '8', 'B100x9', '99x3|100x9', '0', '1'],
  ['the other aggressor, to sell', 'strict', 'SELL', '8', 'S100x9', '99x3|100x9', '8', '0'],
  ['a trade through a sell', 'strict', 'SELL', '8', 'B101x4', '99x3|101x9', '0', '4'],
  ['a trade short of a sell', 'strict', 'SELL', '8', 'B99x4', '98x3|100x9', '8', '0'],
  ['a bid at a sell', 'strict', 'SELL', '8', '', '100x3|101x9', '0', '3'],
  // Arcade: touched or crossed, by whatever.
  ['nothing touches it', 'arcade', 'BUY', '0', 'B101x1', '100x9|101x3', '0', '0'],
  ['a trade touches it', 'arcade', 'BUY', '0', 'B100x1', '99x9|101x3', '0', '10'],
  ['an ask touches it', 'arcade', 'BUY', '0', '', '99x9|100x1', '0', '10'],
  ['a bid crosses it', 'arcade', 'SELL', '0', '', '101x1|102x1', '0', '10'],
]

function advance(
  profile: ProfileName,
  order: RestingOrder,
  queue: Queue,
  seen: Seen,
): { queue: Queue; filled: Decimal } {
  const next = advanceQueue(PROFILES[profile], order, queue, seen, LOT)
  for (const execution of next.executions) expect(execution.price).toBe(order.limitPrice)
  return { queue: next.queue, filled: quantityOf(next.executions) }
}

describe('a resting order', () => {
  it.each(CASES)('%s (%s %s)', (_, profile, side, ahead, trades, text, aheadAfter, filled) => {
    const order = { side, limitPrice: decimal('100'), remaining: decimal('10') }
    const queue =
      ahead === '?'
        ? { initial: UNKNOWN_AHEAD, ahead: UNKNOWN_AHEAD }
        : { initial: decimal('40'), ahead: decimal(ahead) }
    const next = advance(profile, order, queue, { prints: prints(trades), depth: book(text) })
    expect([told(next.queue.ahead), formatDecimal(next.filled)]).toEqual([aheadAfter, filled])
  })

  it('takes as its beginning what is ahead when its level is first seen', () => {
    const order = { side: 'BUY', limitPrice: decimal('100'), remaining: decimal('10') } as const
    const queue = { initial: UNKNOWN_AHEAD, ahead: UNKNOWN_AHEAD }
    const next = advance('standard', order, queue, { prints: [], depth: book('100x7|103x3') })
    expect(next.queue).toEqual({ initial: decimal('7'), ahead: decimal('7') })
  })

  it('larger than the queue it joined, is filled through its price as far as that, or the trade', () => {
    const order = { side: 'BUY', limitPrice: decimal('100'), remaining: decimal('900') } as const
    const queue = { initial: decimal('40'), ahead: decimal('8') }
    const at = (text: string): Decimal =>
      advance('standard', order, queue, { prints: prints(text), depth: book('98x1|101x3') }).filled
    expect([at('S99x1'), at('S99x40'), at('S99x41')].map(formatDecimal)).toEqual(['40', '40', '41'])
  })

  it('leaves what is less than a lot', () => {
    const order = { side: 'BUY', limitPrice: decimal('100'), remaining: decimal('1.9') } as const
    const queue = { initial: 0n, ahead: 0n }
    const seen = { prints: prints('S100x5'), depth: book('|101x3') }
    expect(advance('strict', order, queue, seen).filled).toBe(decimal('1'))
  })
})

const price = fc.bigInt({ min: 95n, max: 105n }).map((won) => won * decimal('1'))
const size = fc.bigInt({ min: 0n, max: 30n }).map((units) => units * LOT)
const seen: fc.Arbitrary<Seen> = fc
  .record({
    mid: fc.bigInt({ min: 96n, max: 104n }),
    bids: fc.array(size, { maxLength: 4 }),
    asks: fc.array(size, { maxLength: 4 }),
    prints: fc.array(
      fc.record({ price, quantity: size, aggressor: fc.constantFrom('BUY', 'SELL', null) }),
      { maxLength: 5 },
    ),
    isTopOnly: fc.boolean(),
  })
  .map(({ mid, bids, asks, prints: trades, isTopOnly }) => ({
    prints: trades,
    depth: {
      bids: bids.map((units, index) => [(mid - BigInt(index)) * LOT, units] as const),
      asks: asks.map((units, index) => [(mid + 1n + BigInt(index)) * LOT, units] as const),
      isTopOnly,
    },
  }))

describe('any resting order through any events', () => {
  it('never falls back, never gets more than it asks, and gets the most in arcade', () => {
    fc.assert(
      fc.property(
        fc.constantFrom<Side>('BUY', 'SELL'),
        price,
        fc.bigInt({ min: 1n, max: 60n }),
        fc.array(seen, { minLength: 2, maxLength: 12 }),
        (side, limitPrice, units, [first, ...events]) => {
          const totals = PROFILE_NAMES.map((profile) => {
            let queue = joinQueue(PROFILES[profile], side, limitPrice, first!.depth)
            let remaining = units * LOT
            for (const event of events) {
              const next = advance(profile, { side, limitPrice, remaining }, queue, event)
              expect(next.queue.ahead).toBeLessThanOrEqual(queue.ahead)
              expect(next.queue.ahead).toBeGreaterThanOrEqual(0n)
              expect(next.filled).toBeLessThanOrEqual(remaining)
              queue = next.queue
              remaining -= next.filled
            }
            return units * LOT - remaining
          })
          expect(totals[0]).toBeGreaterThanOrEqual(totals[1]!)
          expect(totals[1]).toBeGreaterThanOrEqual(totals[2]!)
        },
      ),
      { seed: 11, numRuns: 1_000 },
    )
  })

  it('in strict, gets no more than traded at or through its price, and what the book shows', () => {
    fc.assert(
      fc.property(price, fc.array(seen, { minLength: 2, maxLength: 6 }), (limitPrice, events) => {
        let queue = joinQueue(PROFILES.strict, 'BUY', limitPrice, events[0]!.depth)
        for (const event of events.slice(1)) {
          const order = { side: 'BUY', limitPrice, remaining: decimal('1000') } as const
          const next = advance('strict', order, queue, event)
          const traded = event.prints.filter((print) => print.price <= limitPrice)
          const shown = event.depth.asks.filter(([ask]) => ask <= limitPrice)
          const most =
            traded.reduce((sum, { quantity }) => sum + quantity, 0n) +
            shown.reduce((sum, [, units]) => sum + units, 0n)
          expect(next.filled).toBeLessThanOrEqual(most)
          queue = next.queue
        }
      }),
      { seed: 13, numRuns: 500 },
    )
  })
})
