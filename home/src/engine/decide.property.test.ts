// The decision as a function: the same answer to the same question, and nothing touched.

import { decimal } from '@motu/shared/decimal.ts'
import { findInstrument } from '@motu/shared/instrument.ts'
import { ORDER_TYPES, type Side, SIDES, TIMES_IN_FORCE } from '@motu/shared/order.ts'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import {
  APPLE,
  BTC,
  engineQuote,
  marketAt,
  orderRecord,
  SAMSUNG,
} from '../../test/engine/samples.ts'
import { decide } from './decide.ts'
import { PROFILE_NAMES, PROFILES } from './fill-profile.ts'
import { NO_PROGRESS } from './judgement.ts'

const seed = 20_261_121

/** Freezes what a decision is given, all the way down; maps and quotes keep their methods. */
function frozen<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value
  for (const inner of Object.values(value)) frozen(inner as unknown)
  return Object.freeze(value)
}

it('a decision is the same each time, and changes nothing it is given', () => {
  const kinds = new Set<string>()
  const asked = fc.record({
    tickerId: fc.constantFrom<string>(BTC, APPLE, SAMSUNG),
    side: fc.constantFrom<Side>(...SIDES),
    type: fc.constantFrom(...ORDER_TYPES),
    timeInForce: fc.constantFrom(...TIMES_IN_FORCE),
    postOnly: fc.boolean(),
    waitingFor: fc.constantFrom('EVENT' as const, 'PRICE' as const, 'TRIGGER' as const),
    limit: fc.integer({ min: 90, max: 110 }),
    quantity: fc.integer({ min: 1, max: 40 }),
    free: fc.constantFrom('0', '1500', '100000000'),
  })
  const shown = fc.record({
    phase: fc.constantFrom('continuous' as const, 'auction' as const, 'halted' as const),
    hasBook: fc.boolean(),
    hasUncross: fc.boolean(),
    hasCandle: fc.boolean(),
    isMet: fc.boolean(),
    size: fc.integer({ min: 1, max: 20 }),
    name: fc.constantFrom(...PROFILE_NAMES),
  })
  fc.assert(
    fc.property(asked, shown, ({ limit, quantity, free, ...terms }, event) => {
      const isPriced = terms.type === 'LIMIT' || terms.type === 'STOP_LIMIT'
      const order = orderRecord({
        ...terms,
        limitPrice: isPriced ? decimal(`${limit}`) : null,
        stopPrice: terms.type.startsWith('STOP') ? decimal('100') : null,
        trailAmount: terms.type === 'TRAILING_STOP' ? decimal('1') : null,
        requestedQuantity: decimal(`${quantity}`),
      })
      const quote = engineQuote('99', '101', {
        phase: event.phase,
        ...(event.hasBook && {
          bids: [['99', `${event.size}`]],
          asks: [['101', `${event.size}`]],
          prints: [['99', `${event.size}`, 'SELL']],
        }),
        ...(event.hasUncross && { uncross: { price: '100', quantity: '1' } }),
        ...(event.hasCandle && {
          candle: { open: decimal('100'), high: decimal('103'), low: decimal('97') },
        }),
      })
      const instrument = frozen(findInstrument(order.tickerId)!)
      const market = marketAt(order, quote, { fxMid: '1400' })
      for (const inner of [order, market.limits, market.steps, market.fx, market.dates])
        frozen(inner)
      // The quote reads its book and prints lazily, once; what they are is frozen with it.
      frozen(quote.depth)
      frozen(quote.prints)
      const progress = frozen({ ...NO_PROGRESS, isMet: event.isMet })
      const available = frozen({ cashKrw: decimal(free), quantity: decimal('100') })
      const profile = frozen(PROFILES[event.name])
      const run = () => decide(order, instrument, market, profile, available, progress)
      const first = run()
      expect(run()).toEqual(first)
      kinds.add(first.kind)
    }),
    { numRuns: 1_000, seed },
  )
  expect([...kinds].sort()).toEqual(['end', 'fill', 'rest', 'trigger'])
})
