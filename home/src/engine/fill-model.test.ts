import { type Decimal, decimal, formatDecimal, isMultiple } from '@motu/shared/decimal.ts'
import type { Side } from '@motu/shared/order.ts'
import { tickAt, tickLadder } from '@motu/shared/venues/tick-ladder.ts'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { consume, NOTHING_CONSUMED, offeredTo } from './consumption.ts'
import {
  type Depth,
  isAsGood,
  type Level,
  oppositeOf,
  quantityOf,
  SLIPPED_TICKS_MAX,
  type Steps,
  takeDisplayed,
  type Taken,
  type TakingOrder,
} from './fill-model.ts'
import { PROFILE_NAMES, type ProfileName, PROFILES } from './fill-profile.ts'

/** `100x5 101x7` */
function levels(text: string): Level[] {
  return text
    .split(' ')
    .filter(Boolean)
    .map((one) => one.split('x').map(decimal) as unknown as Level)
}

/** The two lowest bands of KRX. */
const TICKS = tickLadder(['2000', '5'], ['0', '1'])
const krx: Steps = { tickAt: (price) => tickAt(TICKS, price), lot: decimal('1') }
const coin: Steps = { ...krx, lot: 1n }

function told({ executions }: Taken): string {
  return executions
    .map(({ price, quantity }) => `${formatDecimal(price)}x${formatDecimal(quantity)}`)
    .join(' ')
}

function take(
  name: ProfileName,
  [side, quantity, limit, worst]: readonly [Side, string, string, string],
  book: { bids: string; asks: string },
  steps: Steps = krx,
): Taken {
  const optional = (text: string): Decimal | null => (text === '' ? null : decimal(text))
  return takeDisplayed(
    PROFILES[name],
    {
      side,
      quantity: decimal(quantity),
      limitPrice: optional(limit),
      worstPrice: optional(worst),
    },
    { bids: levels(book.bids), asks: levels(book.asks), isTopOnly: false },
    steps,
  )
}

const BOOK = { bids: '1990x4 1989x6 1988x2', asks: '1998x3 1999x5 2000x4' }

describe('a taking order', () => {
  it.each([
    // A market order within the book, to its end, and beyond it.
    ['arcade', 'BUY', '2', '', '', '1998x2'],
    ['standard', 'BUY', '2', '', '', '1998x2'],
    ['standard', 'BUY', '3', '', '', '1998x3'],
    ['standard', 'BUY', '4', '', '', '1998x3 1999x1'],
    ['standard', 'BUY', '12', '', '', '1998x3 1999x5 2000x4'],
    // Four a tick, as the three levels show on average; from 2,000 up a tick is five won.
    ['standard', 'BUY', '17', '', '', '1998x3 1999x5 2000x4 2005x4 2010x1'],
    ['strict', 'BUY', '17', '', '', '1998x3 1999x5 2000x4'],
    ['arcade', 'BUY', '17', '', '', '1998x17'],
    ['standard', 'SELL', '13', '', '', '1990x4 1989x6 1988x2 1987x1'],
    // The collar ends it, at a displayed level, at its own price, and while it slips.
    ['standard', 'BUY', '17', '', '1999', '1998x3 1999x5'],
    ['standard', 'BUY', '17', '', '2005', '1998x3 1999x5 2000x4 2005x4'],
    ['standard', 'BUY', '17', '', '2009', '1998x3 1999x5 2000x4 2005x4'],
    ['arcade', 'BUY', '17', '', '1997', ''],
    ['strict', 'SELL', '99', '', '1989', '1990x4 1989x6'],
    // A limit takes what is displayed within it; the rest of it rests.
    ['standard', 'BUY', '17', '1999', '', '1998x3 1999x5'],
    ['standard', 'BUY', '17', '2100', '', '1998x3 1999x5 2000x4'],
    ['strict', 'BUY', '17', '1998', '', '1998x3'],
    ['strict', 'BUY', '17', '1997', '', ''],
    ['arcade', 'BUY', '17', '1998', '', '1998x17'],
    ['arcade', 'BUY', '17', '1997', '', ''],
    ['standard', 'SELL', '17', '1989', '1990', '1990x4'],
    ['standard', 'SELL', '17', '1991', '', ''],
  ] as const)(
    '%s %s %s, limit "%s", collar "%s": %s',
    (name, side, quantity, limit, worst, out) => {
      expect(told(take(name, [side, quantity, limit, worst], BOOK))).toBe(out)
    },
  )

  it('slips down from where a coarser tick begins by the finer one', () => {
    const book = { bids: '2000x1', asks: '' }
    expect(told(take('standard', ['SELL', '3', '', ''], book))).toBe('2000x1 1999x1 1998x1')
  })

  it.each([
    ['a side that is empty', { bids: '1990x4', asks: '' }],
    ['a side shown as zero, as at the upper limit', { bids: '1990x4', asks: '0x0 0x0' }],
    ['a level without size', { bids: '', asks: '1998x0' }],
  ])('takes nothing from %s', (_, book) => {
    for (const name of PROFILE_NAMES) {
      expect(take(name, ['BUY', '1', '', ''], book)).toEqual({
        executions: [],
        displayed: 0n,
        quantity: 0n,
      })
    }
  })

  it('does not slip into a gap of the book, where nobody is', () => {
    const book = { bids: '', asks: '1000x1 1009x1' }
    expect(told(take('standard', ['BUY', '9', '', '1008'], book))).toBe('1000x1')
    expect(told(take('standard', ['BUY', '3', '', '1010'], book))).toBe('1000x1 1009x1 1010x1')
  })

  it('says what was shown within its reach', () => {
    expect(take('strict', ['BUY', '1', '1999', ''], BOOK).displayed).toBe(decimal('8'))
    expect(take('arcade', ['BUY', '1', '', ''], BOOK).displayed).toBe(decimal('12'))
  })

  it('leaves what is less than a lot', () => {
    const book = { bids: '', asks: '1998x2.5 1999x2.5' }
    expect(told(take('strict', ['BUY', '4.9', '', ''], book))).toBe('1998x2 1999x2')
    expect(told(take('arcade', ['BUY', '0.9', '', ''], book))).toBe('')
    expect(told(take('strict', ['BUY', '4.9', '', ''], book, coin))).toBe('1998x2.5 1999x2.4')
  })

  it('slips no further than its bound, and not below a price of nothing', () => {
    const far = take('standard', ['BUY', '1000', '', ''], { bids: '', asks: '1000x1' })
    expect(far.quantity).toBe(decimal(String(SLIPPED_TICKS_MAX + 1)))
    const low = take('standard', ['SELL', '1000', '', ''], { bids: '3x1', asks: '' })
    expect(told(low)).toBe('3x1 2x1 1x1')
  })
})

const side = fc.constantFrom<Side>('BUY', 'SELL')
const wholeSize = fc.bigInt({ min: 1n, max: 40n }).map((size) => size * krx.lot)
/** A book whose levels lie one to three ticks of a won apart, around a thousand won. */
const depth: fc.Arbitrary<Depth> = fc
  .tuple(
    fc.array(fc.tuple(fc.bigInt({ min: 1n, max: 3n }), wholeSize), { maxLength: 10 }),
    fc.array(fc.tuple(fc.bigInt({ min: 1n, max: 3n }), wholeSize), { maxLength: 10 }),
  )
  .map(([bids, asks]) => ({
    bids: stacked(bids, -1n),
    asks: stacked(asks, 1n),
    isTopOnly: false,
  }))

function stacked(steps: readonly (readonly [bigint, Decimal])[], direction: bigint): Level[] {
  let price = decimal('1000')
  return steps.map(([ticks, size]) => {
    price += direction * ticks * decimal('1')
    return [price, size]
  })
}

const price = fc.bigInt({ min: 970n, max: 1_030n }).map((won) => won * decimal('1'))
const order: fc.Arbitrary<TakingOrder> = fc.record({
  side,
  quantity: fc.bigInt({ min: 1n, max: 600n }).map((quantity) => quantity * (krx.lot / 2n)),
  limitPrice: fc.option(price),
  worstPrice: fc.option(price),
})
const SEED = { seed: 7, numRuns: 500 }

describe('any taking order on any book', () => {
  it('stays within its quantity, its lot, its limit, its collar and the book', () => {
    fc.assert(
      fc.property(fc.constantFrom(...PROFILE_NAMES), order, depth, (name, asked, book) => {
        const profile = PROFILES[name]
        const taken = takeDisplayed(profile, asked, book, krx)
        const shown = oppositeOf(asked.side, book)
        expect(taken.quantity).toBe(quantityOf(taken.executions))
        expect(taken.quantity).toBeLessThanOrEqual(asked.quantity)
        if (name === 'strict') expect(taken.quantity).toBeLessThanOrEqual(taken.displayed)
        let before: Decimal | null = null
        for (const { price: at, quantity } of taken.executions) {
          expect(quantity > 0n && isMultiple(quantity, krx.lot)).toBe(true)
          for (const bound of [asked.limitPrice, asked.worstPrice]) {
            if (bound !== null) expect(isAsGood(asked.side, at, bound)).toBe(true)
          }
          const level = shown.find(([displayed]) => displayed === at)
          if (level && name !== 'arcade') expect(quantity).toBeLessThanOrEqual(level[1])
          // What is not a displayed level lies behind all of them, and only a market order slips.
          if (!level) {
            expect(profile.residual).toBe('slips')
            expect(asked.limitPrice).toBeNull()
            expect(isAsGood(asked.side, shown.at(-1)![0], at)).toBe(true)
          }
          if (before !== null) expect(isAsGood(asked.side, before, at)).toBe(true)
          before = at
        }
      }),
      SEED,
    )
  })

  it('gets the most in arcade and the least in strict, and always the same', () => {
    fc.assert(
      fc.property(order, depth, (asked, book) => {
        const [arcade, standard, strict] = PROFILE_NAMES.map((name) =>
          takeDisplayed(PROFILES[name], asked, book, krx),
        )
        expect(arcade!.quantity).toBeGreaterThanOrEqual(standard!.quantity)
        expect(standard!.quantity).toBeGreaterThanOrEqual(strict!.quantity)
        expect(takeDisplayed(PROFILES.standard, asked, book, krx)).toEqual(standard)
      }),
      SEED,
    )
  })

  it('pays the same for a level that is shown in slices', () => {
    const sliced = (shown: readonly Level[]): Level[] =>
      shown.flatMap(([at, size]) => [
        [at, krx.lot] as const,
        ...(size > krx.lot ? [[at, size - krx.lot] as const] : []),
      ])
    fc.assert(
      fc.property(fc.constantFrom(...PROFILE_NAMES), order, depth, (name, asked, book) => {
        const whole = takeDisplayed(PROFILES[name], asked, book, krx)
        const slices = { ...book, bids: sliced(book.bids), asks: sliced(book.asks) }
        const inSlices = takeDisplayed(PROFILES[name], asked, slices, krx)
        expect(inSlices.quantity).toBe(whole.quantity)
        expect(inSlices.displayed).toBe(whole.displayed)
        expect(costOf(inSlices)).toBe(costOf(whole))
      }),
      SEED,
    )
  })

  it('pays the same in two orders as in one, where it is not offered twice what it took', () => {
    fc.assert(
      fc.property(order, depth, fc.nat({ max: 100 }), (asked, book, percent) => {
        const whole = takeDisplayed(PROFILES.strict, asked, book, krx)
        const part = (whole.quantity * BigInt(percent)) / 100n
        const first = takeDisplayed(PROFILES.strict, { ...asked, quantity: part }, book, krx)
        const side = asked.side === 'BUY' ? 'asks' : 'bids'
        const consumption = consume(NOTHING_CONSUMED, book[side], first.quantity)
        const second = takeDisplayed(
          PROFILES.strict,
          { ...asked, quantity: asked.quantity - first.quantity },
          { ...book, [side]: offeredTo(consumption, book[side]) },
          krx,
        )
        expect(first.quantity + second.quantity).toBe(whole.quantity)
        expect(costOf(first) + costOf(second)).toBe(costOf(whole))
      }),
      SEED,
    )
  })
})

function costOf({ executions }: Taken): bigint {
  return executions.reduce((sum, { price: at, quantity }) => sum + at * quantity, 0n)
}

describe('what an account took', () => {
  it('is offered to it again when the level changes, and forgotten when it goes', () => {
    const shown = levels('101x5 102x5')
    const after = consume(NOTHING_CONSUMED, shown, decimal('7'))
    expect(offeredTo(after, shown)).toEqual(levels('101x0 102x3'))
    expect(offeredTo(after, levels('101x4 102x5'))).toEqual(levels('101x4 102x3'))
    const gone = consume(after, levels('102x5'), 0n)
    expect(gone.size).toBe(1)
    expect(offeredTo(gone, shown)).toEqual(levels('101x5 102x3'))
  })

  it('adds up, and ends with the level', () => {
    const shown = levels('101x5')
    let consumption = NOTHING_CONSUMED
    for (let taken = 0; taken < 3; taken += 1) {
      consumption = consume(consumption, shown, decimal('2'))
    }
    expect(offeredTo(consumption, shown)).toEqual(levels('101x0'))
  })
})
