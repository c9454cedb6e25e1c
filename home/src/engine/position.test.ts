import { decimal, formatDecimal, SCALE } from '@motu/shared/decimal.ts'
import { appliedExchangeRate, type Fill, notionalKrw } from '@motu/shared/fill.ts'
import type { Currency } from '@motu/shared/instrument.ts'
import type { Side } from '@motu/shared/order.ts'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bought, EMPTY_POSITION, type Position, sold } from './position.ts'

function fill(side: Side, quantity: bigint, price: bigint, mid: bigint | null): Fill {
  const rate = mid === null ? SCALE : appliedExchangeRate(mid, side)
  const notional = notionalKrw(side, { price, quantity, rate })
  return { quantity, price, appliedExchangeRate: rate, notionalKrw: notional, feeKrw: 7n }
}

const buy = (quantity: string, price: string, mid: string | null = null): Fill =>
  fill('BUY', decimal(quantity), decimal(price), mid === null ? null : decimal(mid))
const sell = (quantity: string, price: string, mid: string | null = null): Fill =>
  fill('SELL', decimal(quantity), decimal(price), mid === null ? null : decimal(mid))

/** A position in plain text: quantity, average, cost in won, realised by price and by rate. */
function told(position: Position): string[] {
  const { quantity, averagePrice, costKrw, realizedPriceKrw, realizedFxKrw } = position
  return [quantity, averagePrice, costKrw, realizedPriceKrw, realizedFxKrw].map(formatDecimal)
}

describe('a position', () => {
  it('averages what was bought, fees apart', () => {
    const one = bought(EMPTY_POSITION, buy('10', '51000'))
    expect(told(one)).toEqual(['10', '51000', '510000', '0', '0'])
    const two = bought(one, buy('5', '54000'))
    expect(told(two)).toEqual(['15', '52000', '780000', '0', '0'])
  })

  it('keeps its average when part of it is sold, and its cost leaves pro rata', () => {
    const held = bought(EMPTY_POSITION, buy('15', '52000'))
    expect(told(sold(held, sell('5', '60000'), 'KRW'))).toEqual([
      '10',
      '52000',
      '520000',
      '40000',
      '0',
    ])
  })

  it('leaves no cost behind when the last share goes, however the thirds were rounded', () => {
    let held = bought(EMPTY_POSITION, buy('0.00000003', '33.33333333'))
    for (let left = 3; left > 0; left -= 1) {
      expect(held.costKrw > 0n && held.quantity > 0n).toBe(true)
      held = sold(held, sell('0.00000001', '40'), 'KRW')
    }
    expect(held).toMatchObject({ quantity: 0n, costKrw: 0n, costNative: 0n, averagePrice: 0n })
  })

  it.each([
    // Price alone, rate alone, both, and one against the other; the spread is the rate's.
    ['200', '210', '1400', '1400', '13986', '-560'],
    ['200', '200', '1400', '1500', '0', '19420'],
    ['200', '210', '1400', '1500', '14985', '19420'],
    ['200', '190', '1400', '1500', '-14985', '19420'],
  ])(
    'in dollars from %s to %s at %s to %s: price %s, rate %s',
    (from, to, mid, then, price, fx) => {
      const held = bought(EMPTY_POSITION, buy('1', from, mid))
      const after = sold(held, sell('1', to, then), 'USD')
      expect(formatDecimal(after.realizedPriceKrw)).toBe(price)
      expect(formatDecimal(after.realizedFxKrw)).toBe(fx)
      const proceeds = sell('1', to, then).notionalKrw
      expect(after.realizedPriceKrw + after.realizedFxKrw).toBe(proceeds - held.costKrw)
    },
  )
})

type Step = { side: Side; share: bigint; price: bigint; mid: bigint }

/** Plays fills on a position; a sell takes a share (in hundredths) of what is there. */
function play(steps: readonly Step[], currency: Currency) {
  let position: Position = EMPTY_POSITION
  const sums = { paid: 0n, received: 0n, quantity: 0n }
  for (const { side, share, price, mid } of steps) {
    const rate = currency === 'KRW' ? null : mid
    const quantity = side === 'BUY' ? share * 1_234_567n : (position.quantity * share) / 100n
    if (quantity === 0n) continue
    const one = fill(side, quantity, price, rate)
    position = side === 'BUY' ? bought(position, one) : sold(position, one, currency)
    sums.quantity += side === 'BUY' ? quantity : -quantity
    if (side === 'BUY') sums.paid += one.notionalKrw
    else sums.received += one.notionalKrw
    expect(position.quantity >= 0n).toBe(true)
    expect(position.costKrw >= 0n && position.costNative >= 0n).toBe(true)
    if (position.quantity === 0n) {
      expect([position.costKrw, position.costNative, position.averagePrice]).toEqual([0n, 0n, 0n])
    }
  }
  return { position, sums }
}

describe('any sequence of fills', () => {
  const steps = fc.array(
    fc.record({
      side: fc.constantFrom<Side>('BUY', 'SELL'),
      share: fc.bigInt({ min: 1n, max: 100n }),
      price: fc.bigInt({ min: 1n, max: 10n ** 14n }),
      mid: fc.bigInt({ min: 900n * SCALE, max: 2_000n * SCALE }),
    }),
    { maxLength: 30 },
  )

  it.each<Currency>(['KRW', 'USD'])(
    'in %s leaves quantity, cost and profit consistent',
    (currency) => {
      fc.assert(
        fc.property(steps, (some) => {
          const { position, sums } = play(some, currency)
          expect(position.quantity).toBe(sums.quantity)
          const realized = position.realizedPriceKrw + position.realizedFxKrw
          // What was received, less what was paid for it: what was paid in all, less what remains.
          expect(realized).toBe(sums.received - (sums.paid - position.costKrw))
          if (currency === 'KRW') expect(position.realizedFxKrw).toBe(0n)
        }),
      )
    },
  )
})
