import { type Decimal, decimal } from '@motu/shared/decimal.ts'
import type { Side } from '@motu/shared/order.ts'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { PriceLadder, type Resting } from './price-ladder.ts'

type Row = { price: Decimal; quantity: Decimal; item: string }

/** The same ladder, so plain that it cannot be wrong: one list, sorted anew at each look. */
class NaiveLadder {
  #rows: Row[] = []
  readonly #side: Side

  constructor(side: Side) {
    this.#side = side
  }

  get rows(): Row[] {
    const sign = this.#side === 'BUY' ? -1 : 1
    // Sorting is stable: equal prices stay in order of arrival.
    return [...this.#rows].sort((a, b) =>
      a.price === b.price ? 0 : a.price < b.price ? -sign : sign,
    )
  }

  insert(row: Row): void {
    this.#rows.push({ ...row })
  }

  remove(item: string): Row | undefined {
    const row = this.#rows.find((one) => one.item === item)
    this.#rows = this.#rows.filter((one) => one !== row)
    return row
  }

  reduce(item: string, by: Decimal): Decimal | null {
    const row = this.#rows.find((one) => one.item === item)
    if (!row) return null
    row.quantity = row.quantity > by ? row.quantity - by : 0n
    this.#rows = this.#rows.filter((one) => one.quantity > 0n)
    return row.quantity
  }

  reach(price: Decimal | null): Row[] {
    const isReached = (row: Row): boolean =>
      price === null || (this.#side === 'BUY' ? row.price >= price : row.price <= price)
    return this.rows.filter(isReached)
  }

  take(price: Decimal | null, quantity: Decimal): { taken: Decimal; fills: string[] } {
    let left = quantity
    const fills: string[] = []
    for (const row of this.reach(price)) {
      const filled = row.quantity < left ? row.quantity : left
      if (filled === 0n) break
      left -= filled
      row.quantity -= filled
      fills.push(`${row.item}:${filled}:${row.quantity}`)
    }
    this.#rows = this.#rows.filter((row) => row.quantity > 0n)
    return { taken: quantity - left, fills }
  }

  levels(count: number): (readonly [Decimal, Decimal])[] {
    const totals = new Map<Decimal, Decimal>()
    for (const { price, quantity } of this.rows) {
      totals.set(price, (totals.get(price) ?? 0n) + quantity)
    }
    return [...totals].slice(0, count)
  }
}

const plain = ({ price, quantity, item }: Resting<string>): Row => ({ price, quantity, item })

// Few orders and few prices, so that commands meet; prices of 9.5e15 are beyond a float's whole numbers.
const item = fc.integer({ min: 0, max: 30 }).map((number) => `order-${number}`)
const price = fc.bigInt({ min: 0n, max: 12n }).map((ticks) => decimal('95000000') + ticks)
const quantity = fc.bigInt({ min: 1n, max: 20n })
const command = fc.oneof(
  { weight: 6, arbitrary: fc.tuple(fc.constant('insert' as const), item, price, quantity) },
  { weight: 2, arbitrary: fc.tuple(fc.constant('remove' as const), item) },
  { weight: 2, arbitrary: fc.tuple(fc.constant('reduce' as const), item, quantity) },
  { weight: 2, arbitrary: fc.tuple(fc.constant('take' as const), fc.option(price), quantity) },
  { weight: 1, arbitrary: fc.tuple(fc.constant('reach' as const), fc.option(price)) },
)

const gone = /does not rest here/

/** The ladder with the places it gave out, kept beyond their end; and what it must do. */
class Pair {
  readonly ladder: PriceLadder<string>
  readonly naive: NaiveLadder
  readonly #places = new Map<string, Resting<string>>()

  constructor(side: Side) {
    this.ladder = new PriceLadder<string>(side)
    this.naive = new NaiveLadder(side)
  }

  insert(row: Row): void {
    if (this.#places.get(row.item)?.ladder) return
    this.#places.set(row.item, this.ladder.insert(row.price, row.quantity, row.item))
    this.naive.insert(row)
  }

  remove(one: string): void {
    const place = this.#places.get(one)
    if (!place) return
    const row = this.naive.remove(one)
    if (!row) return expect(() => this.ladder.remove(place)).toThrow(gone)
    expect(plain(place)).toEqual(row)
    this.ladder.remove(place)
    expect(place.ladder).toBeNull()
  }

  reduce(one: string, by: Decimal): void {
    const place = this.#places.get(one)
    if (!place) return
    const left = this.naive.reduce(one, by)
    if (left === null) return expect(() => this.ladder.reduce(place, by)).toThrow(gone)
    expect(this.ladder.reduce(place, by)).toBe(left)
    expect(place.ladder).toBe(left > 0n ? this.ladder : null)
  }

  take(limit: Decimal | null, asked: Decimal): void {
    const fills: string[] = []
    const taken = this.ladder.take(limit, asked, (resting, filled) => {
      fills.push(`${resting.item}:${filled}:${resting.quantity}`)
      expect(resting.ladder).toBe(resting.quantity > 0n ? this.ladder : null)
    })
    expect({ taken, fills }).toEqual(this.naive.take(limit, asked))
  }

  reach(limit: Decimal | null): void {
    expect(this.ladder.reach(limit).map(plain)).toEqual(this.naive.reach(limit))
  }

  do([name, ...rest]: readonly unknown[]): void {
    const [first, second, third] = rest
    if (name === 'insert') this.insert({ item: first, price: second, quantity: third } as Row)
    else if (name === 'remove') this.remove(first as string)
    else if (name === 'reduce') this.reduce(first as string, second as Decimal)
    else if (name === 'take') this.take(first as Decimal | null, second as Decimal)
    else this.reach(first as Decimal | null)
  }

  compare(): void {
    const { rows } = this.naive
    expect(this.ladder.reach(null).map(plain)).toEqual(rows)
    expect(this.ladder.size).toBe(rows.length)
    expect(this.ladder.bestPrice).toBe(rows[0]?.price ?? null)
    expect(this.ladder.best()?.item).toBe(rows[0]?.item)
    expect(this.ladder.levels(3)).toEqual(this.naive.levels(3))
  }
}

describe('a price ladder', () => {
  it.each<Side>(['BUY', 'SELL'])('of %s orders does what a sorted list does', (side) => {
    fc.assert(
      fc.property(fc.array(command, { maxLength: 120 }), (commands) => {
        const pair = new Pair(side)
        for (const one of commands) {
          pair.do(one)
          pair.compare()
        }
      }),
      { seed: 3, numRuns: 200 },
    )
  })

  // Far more prices than are kept empty, vacated in an order that has nothing to do with theirs.
  it.each<Side>(['BUY', 'SELL'])('of %s orders is right while most prices empty', (side) => {
    const pair = new Pair(side)
    const count = 400
    const order = (index: number): number => (index * 149) % count
    const insert = (index: number): void =>
      pair.insert({ item: `${order(index)}`, price: BigInt(order(index)), quantity: 2n })
    for (let index = 0; index < count; index += 1) insert(index)
    for (let index = 0; index < count - 5; index += 1) {
      pair.remove(`${order(index * 3)}`)
      // Every fourth price is used again, some while it is kept, some when it is gone.
      if (index % 4 === 0 && index > 40) insert((index - 40) * 3)
      pair.compare()
    }
    pair.take(null, 30n)
    pair.compare()
    pair.take(null, 1_000n)
    pair.compare()
    expect(pair.ladder.size).toBe(0)
  })

  it('serves the best price first, and who came first at it', () => {
    const ladder = new PriceLadder<string>('SELL')
    ladder.insert(100n, 5n, 'late')
    ladder.insert(99n, 5n, 'best')
    ladder.insert(100n, 5n, 'later')
    const served: string[] = []
    expect(ladder.take(100n, 12n, (resting) => served.push(resting.item))).toBe(12n)
    expect(served).toEqual(['best', 'late', 'later'])
    expect(ladder.levels(9)).toEqual([[100n, 3n]])
  })

  it('keeps the place of an order that is reduced, and loses it with a new insertion', () => {
    const ladder = new PriceLadder<string>('BUY')
    const place = ladder.insert(100n, 5n, 'a')
    ladder.insert(100n, 5n, 'b')
    expect(ladder.reduce(place, 4n)).toBe(1n)
    expect(ladder.best()).toBe(place)
    ladder.remove(place)
    ladder.insert(100n, 1n, 'a')
    expect(ladder.best()?.item).toBe('b')
  })

  it.each([
    ['an ask just above the best bid', 101n, []],
    ['an ask at the best bid', 100n, ['a']],
    ['an ask at the second', 99n, ['a', 'b']],
    ['no price', null, ['a', 'b', 'c']],
  ] as const)('says which bids %s reaches', (_, at, reached) => {
    const ladder = new PriceLadder<string>('BUY')
    ladder.insert(99n, 1n, 'b')
    ladder.insert(100n, 1n, 'a')
    ladder.insert(98n, 1n, 'c')
    expect(ladder.reach(at).map((resting) => resting.item)).toEqual(reached)
  })

  it('may change while its reached orders are gone through', () => {
    const ladder = new PriceLadder<string>('BUY')
    for (const name of ['a', 'b', 'c']) ladder.insert(100n, 1n, name)
    const seen = ladder.reach(100n).map((resting) => {
      ladder.remove(resting)
      return resting.item
    })
    expect(seen).toEqual(['a', 'b', 'c'])
    expect(ladder.size).toBe(0)
  })

  type Places = Record<'resting' | 'removed' | 'reduced' | 'filled' | 'elsewhere', Resting<null>>
  it.each<[string, RegExp, (ladder: PriceLadder<null>, places: Places) => void]>([
    ['no quantity', /nothing/, (ladder) => void ladder.insert(100n, 0n, null)],
    ['a reduction by nothing', /nothing/, (ladder, { resting }) => void ladder.reduce(resting, 0n)],
    ['one removed before', gone, (ladder, { removed }) => ladder.remove(removed)],
    ['one reduced to nothing', gone, (ladder, { reduced }) => ladder.remove(reduced)],
    ['one filled', gone, (ladder, { filled }) => ladder.remove(filled)],
    ['a reduction of one filled', gone, (ladder, { filled }) => void ladder.reduce(filled, 1n)],
    ['one of another ladder', gone, (ladder, { elsewhere }) => ladder.remove(elsewhere)],
  ])('stops at %s', (_, message, misuse) => {
    const ladder = new PriceLadder<null>('BUY')
    const place = (on = ladder): Resting<null> => on.insert(100n, 1n, null)
    const filled = place()
    ladder.take(null, 1n, () => undefined)
    const places: Places = {
      filled,
      removed: place(),
      reduced: place(),
      resting: place(),
      elsewhere: place(new PriceLadder<null>('BUY')),
    }
    ladder.remove(places.removed)
    ladder.reduce(places.reduced, 1n)
    // Others rest by now where those did.
    place()
    expect(() => misuse(ladder, places)).toThrow(message)
    expect(ladder.size).toBe(2)
  })
})
