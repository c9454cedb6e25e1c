import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decimal } from './decimal.ts'
import type { OrderDraft, OrderTerms } from './order.ts'
import { legIdOf, orderContentHash, orderIdOf } from './order-id.ts'

const USER = '00000000-0000-4000-8000-000000000001'
const DRAFT: OrderDraft = {
  clientOrderId: 'client-1',
  tickerId: 'CRYPTO-COIN-BTC',
  side: 'BUY',
  type: 'LIMIT',
  quantity: decimal('0.01'),
  limitPrice: decimal('95000000'),
  timeInForce: 'GTC',
}

const TERMS: OrderTerms = { type: 'LIMIT', limitPrice: decimal('99000000'), timeInForce: 'GTC' }

describe('the id of an order', () => {
  // A retry may come after a deployment: the id of an order may never change. Computed elsewhere:
  // uuid5(user, 'client-1' + sha256('CRYPTO-COIN-BTC|BUY|LIMIT|0.01|95000000|GTC')).
  it('is the same for good', () => {
    expect(orderIdOf(USER, DRAFT)).toBe('bad98072-5ad0-5f01-97f7-60c21842b926')
    expect(orderContentHash(DRAFT)).toBe(
      '3118a19ab821d2a7ae8b7dec7c0bff05e5f653b5b4f5b1e8a47737e95d8405b6',
    )
  })

  it.each([
    ['0.01', '95000000'],
    ['0.010', '95000000.0'],
    ['0.01000000', '95000000.00000000'],
  ])('is the same for %s at %s', (quantity, limitPrice) => {
    const spelled = { ...DRAFT, quantity: decimal(quantity), limitPrice: decimal(limitPrice) }
    expect(orderIdOf(USER, spelled)).toBe(orderIdOf(USER, DRAFT))
  })

  it('is the same whatever the case of the user id', () => {
    const user = 'f47ac10b-58cc-4372-a567-0e02b2c3d479'
    expect(orderIdOf(user.toUpperCase(), DRAFT)).toBe(orderIdOf(user, DRAFT))
  })

  it.each<Partial<OrderDraft>>([
    { clientOrderId: 'client-2' },
    { tickerId: 'CRYPTO-COIN-ETH' },
    { side: 'SELL' },
    { type: 'MARKET' },
    { quantity: decimal('0.01') + 1n },
    { limitPrice: decimal('95000000') - 1n },
    { limitPrice: null },
    { timeInForce: 'IOC' },
    { notional: decimal('10000') },
    { stopPrice: decimal('94000000') },
    { trailAmount: decimal('1000') },
    { trailPercent: decimal('5') },
    { expireAt: 1_795_000_000_000 },
    { postOnly: true },
    { reduceOnly: true },
    { sessions: ['regular'] },
    { queueForOpen: true },
    { orderClass: 'OCO' },
    { takeProfit: TERMS },
    { stopLoss: TERMS },
    { replaces: 'bad98072-5ad0-5f01-97f7-60c21842b926' },
  ])('changes with the content: %o', (change) => {
    expect(orderIdOf(USER, { ...DRAFT, ...change })).not.toBe(orderIdOf(USER, DRAFT))
  })

  it('is that of the ordinary order where nothing special is asked for', () => {
    const same = { ...DRAFT, postOnly: false, reduceOnly: false, queueForOpen: false }
    expect(orderIdOf(USER, same)).toBe(orderIdOf(USER, DRAFT))
    expect(orderIdOf(USER, { ...DRAFT, orderClass: 'SIMPLE' })).toBe(orderIdOf(USER, DRAFT))
  })

  it('does not go by the order in which sessions are named', () => {
    const [one, other] = [['pre', 'after'] as const, ['after', 'pre'] as const].map((sessions) =>
      orderIdOf(USER, { ...DRAFT, sessions }),
    )
    expect(one).toBe(other)
  })

  it('is different for every two special orders', () => {
    const [amount, percent] = [{ trailAmount: decimal('5') }, { trailPercent: decimal('5') }]
    const exits = [
      TERMS,
      { ...TERMS, timeInForce: 'DAY' as const },
      { ...TERMS, limitPrice: decimal('99000000') + 1n },
      { ...TERMS, type: 'STOP' as const, limitPrice: null, stopPrice: decimal('99000000') },
      { ...TERMS, type: 'STOP_LIMIT' as const, stopPrice: decimal('99000000') },
      { ...TERMS, ...amount },
      { ...TERMS, ...percent },
      { ...TERMS, expireAt: 1 },
    ]
    const drafts: Partial<OrderDraft>[] = [
      ...[{}, amount, percent, { stopPrice: decimal('5') }, { notional: decimal('5') }],
      ...[{ sessions: ['pre'] as const }, { sessions: ['pre', 'after'] as const }],
      ...[{ orderClass: 'OTO' as const }, { orderClass: 'BRACKET' as const }],
      ...exits.flatMap((terms) => [{ takeProfit: terms }, { stopLoss: terms }]),
    ]
    const ids = drafts.map((change) => orderIdOf(USER, { ...DRAFT, ...change }))
    expect(new Set(ids).size).toBe(drafts.length)
  })

  it('changes with the user', () => {
    const other = '00000000-0000-4000-8000-000000000002'
    expect(orderIdOf(other, DRAFT)).not.toBe(orderIdOf(USER, DRAFT))
  })

  it('leaves the client order id out of the content', () => {
    expect(orderContentHash({ ...DRAFT, clientOrderId: 'client-2' })).toBe(orderContentHash(DRAFT))
  })

  it('belongs to one client order id and content only', () => {
    const drafts = fc.record({
      clientOrderId: fc.constantFrom('a', 'b', 'a1', '1'),
      quantity: fc.bigInt({ min: 1n, max: 20n }),
      limitPrice: fc.option(fc.bigInt({ min: 1n, max: 20n })),
    })
    fc.assert(
      fc.property(drafts, drafts, (one, other) => {
        const isSame =
          one.clientOrderId === other.clientOrderId &&
          one.quantity === other.quantity &&
          one.limitPrice === other.limitPrice
        const ids = [one, other].map((change) => orderIdOf(USER, { ...DRAFT, ...change }))
        expect(ids[0] === ids[1]).toBe(isSame)
      }),
    )
  })
})

describe('the id of an exit', () => {
  const LEADER = 'bad98072-5ad0-5f01-97f7-60c21842b926'

  // For good, like that of an order. Computed elsewhere: uuid5(leader, 'STOP_LOSS').
  it.each([
    ['TAKE_PROFIT', '850a982a-e8ca-588a-9ed9-faf8c4c2e0d9'],
    ['STOP_LOSS', '1d7cff16-2dfb-5b1c-9462-a2e028cb7385'],
  ] as const)('%s is %s', (leg, id) => {
    expect(legIdOf(LEADER, leg)).toBe(id)
  })

  it('is another for every leader', () => {
    const other = '00000000-0000-4000-8000-000000000002'
    expect(legIdOf(other, 'STOP_LOSS')).not.toBe(legIdOf(LEADER, 'STOP_LOSS'))
  })
})
