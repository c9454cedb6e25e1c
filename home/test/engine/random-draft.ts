// What a random order asks for: mostly something sensible for how things stand, now and then not.

import { type Decimal, decimal } from '@motu/shared/decimal.ts'
import { findInstrument } from '@motu/shared/instrument.ts'
import { type OrderDraft, type OrderTerms, type Side, TIMES_IN_FORCE } from '@motu/shared/order.ts'
import { tickOf } from '@motu/shared/venues/ticks.ts'
import fc from 'fast-check'
import { APPLE, BTC, SAMSUNG, TRADE_DATE } from './samples.ts'

/** Where each ticker's price begins, and stays near. */
export const BASE: Readonly<Record<string, Decimal>> = {
  [BTC]: decimal('3000000'),
  [APPLE]: decimal('200'),
  [SAMSUNG]: decimal('50000'),
}
const SHAPES = [
  ...[
    'market',
    'market',
    'market',
    'market',
    'market',
    'limit',
    'limit',
    'limit',
    'limit',
    'limit',
  ],
  ...['limit', 'amount', 'amount', 'stop', 'stop', 'stop_limit', 'stop_limit', 'trailing'],
  ...['trailing_percent', 'bracket', 'bracket', 'bracket', 'oto', 'oto', 'oco', 'oco', 'wrong'],
] as const

export const placing = fc.record({
  do: fc.constant('place' as const),
  tickerId: fc.constantFrom<string>(BTC, APPLE, SAMSUNG),
  side: fc.constantFrom<Side>('BUY', 'BUY', 'SELL'),
  shape: fc.constantFrom(...SHAPES),
  timeInForce: fc.constantFrom(...TIMES_IN_FORCE, 'GTC' as const, 'GTC' as const),
  quantity: fc.integer({ min: 1, max: 30 }),
  /** In thousandths of the price, from the side that would take to the one that waits. */
  offset: fc.integer({ min: -8, max: 12 }),
  flag: fc.constantFrom('none', 'none', 'none', 'post_only', 'post_only', 'reduce_only', 'pre'),
})
export type Placing = typeof placing extends fc.Arbitrary<infer T> ? T : never

/** How things stand for a new order. */
export type Situation = {
  readonly nowMs: number
  /** Free units of the ticker. */
  readonly free: Decimal
  /** A price of a ticker on its tick, some thousandths of the middle away from it. */
  readonly price: (tickerId: string, thousandths: number) => Decimal
}

export function randomDraft(one: Placing, now: Situation): Partial<OrderDraft> {
  const { tickerId, shape, flag, quantity: size } = one
  // A sell asks for some of what is there; now and then for what is not.
  const side = shape === 'oco' || (one.side === 'SELL' && now.free > 0n) ? 'SELL' : 'BUY'
  const isOver = size === 30
  const asked = tickerId === BTC ? decimal(`${size}`) / 10n : decimal(`${size}`)
  const isCut = side === 'SELL' && !isOver && now.free < asked && now.free > 0n
  const isRefused = tickerId === BTC && one.timeInForce === 'DAY' && size % 5 !== 0
  const timeInForce = isRefused ? 'GTC' : one.timeInForce
  const draft = {
    ...({ tickerId, side, quantity: isCut ? now.free : asked } as const),
    ...(flag === 'post_only' && (shape === 'limit' || isOver) && { postOnly: true }),
    ...(flag === 'reduce_only' && (side === 'SELL' || isOver) && { reduceOnly: true }),
    ...(flag === 'pre' && size > 26 && { sessions: ['pre' as const] }),
  }
  const limitPrice = now.price(tickerId, (side === 'BUY' ? -1 : 1) * one.offset)
  const limit = expiring({ type: 'LIMIT', limitPrice, timeInForce }, now)
  const exits = exitsOf(one, now)
  const { stopLoss } = exits
  switch (shape) {
    case 'market':
      return { ...draft, ...expiring({ type: 'MARKET', limitPrice: null, timeInForce }, now) }
    case 'amount': {
      const notional = decimal(`${size * 100_000 + 7}`)
      return { tickerId, type: 'MARKET', side: 'BUY', quantity: 0n, notional, timeInForce: 'GTC' }
    }
    case 'bracket':
      return { ...draft, ...limit, side: 'BUY', orderClass: 'BRACKET', ...exits }
    case 'oto':
      return { ...draft, ...limit, side: 'BUY', orderClass: 'OTO', stopLoss }
    case 'oco': {
      const target = now.price(tickerId, 5 + Math.abs(one.offset))
      const terms = { type: 'LIMIT', limitPrice: target, timeInForce: 'GTC' } as const
      return { ...draft, ...terms, orderClass: 'OCO', stopLoss }
    }
    case 'limit':
      return { ...draft, ...limit }
    case 'wrong': {
      const terms = { ...draft, ...limit, timeInForce: 'GTC' } as const
      return { ...terms, ...wrongOf(tickerId, size, { exits, now }) }
    }
    default:
      return { ...draft, ...stopTerms(one, side, timeInForce, now) }
  }
}

function expiring(terms: OrderTerms, { nowMs }: Situation): OrderTerms {
  return terms.timeInForce === 'GTD' ? { ...terms, expireAt: nowMs + 30_000 } : terms
}

function stopTerms(
  { shape, tickerId, offset }: Placing,
  side: Side,
  asked: OrderTerms['timeInForce'],
  now: Situation,
): OrderTerms {
  const timeInForce = asked === 'IOC' || asked === 'FOK' ? 'GTC' : asked
  const behind = side === 'BUY' ? 1 : -1
  const stopPrice = now.price(tickerId, behind * Math.abs(offset))
  const limitPrice = now.price(tickerId, behind * (Math.abs(offset) + 3))
  if (shape === 'stop') {
    return expiring({ type: 'STOP', limitPrice: null, stopPrice, timeInForce }, now)
  }
  if (shape === 'stop_limit') {
    return expiring({ type: 'STOP_LIMIT', limitPrice, stopPrice, timeInForce }, now)
  }
  const trailing = { type: 'TRAILING_STOP', limitPrice: null, timeInForce: 'GTC' } as const
  const tick = tickOf(findInstrument(tickerId)!, BASE[tickerId]!, TRADE_DATE)
  return shape === 'trailing'
    ? { ...trailing, trailAmount: tick * 3n }
    : { ...trailing, trailPercent: decimal('0.7') }
}

/** What makes an order wrong: off its tick, off its lot, too small, too large, beyond the band… */
function wrongOf(
  tickerId: string,
  kind: number,
  { exits, now }: { exits: Partial<OrderDraft>; now: Situation },
): Partial<OrderDraft> {
  const wrongs: Partial<OrderDraft>[] = [
    { limitPrice: now.price(tickerId, 0) + 1n },
    { quantity: decimal('1') / 10n ** 8n, limitPrice: now.price(tickerId, 0) },
    { quantity: decimal('900000000') },
    { quantity: decimal('30000'), tickerId: APPLE },
    { clientOrderId: 'client-1' },
    { tickerId: 'KRX-STOCK-999999' },
    exits,
    { tickerId: SAMSUNG, limitPrice: decimal('70000'), quantity: decimal('1') },
    { tickerId: SAMSUNG, limitPrice: decimal('50000'), quantity: decimal('0.5') },
    { tickerId: BTC, timeInForce: 'DAY', quantity: decimal('1') },
  ]
  return wrongs[kind % wrongs.length]!
}

function exitsOf({ tickerId, timeInForce: asked, offset }: Placing, now: Situation) {
  const timeInForce = asked === 'IOC' || asked === 'FOK' ? 'GTC' : asked

  const isGtd = timeInForce === 'GTD' || (tickerId === BTC && timeInForce === 'DAY')
  const terms = {
    timeInForce: isGtd ? ('GTD' as const) : timeInForce,
    ...(isGtd && { expireAt: now.nowMs + 20_000 }),
  }
  const takeProfit = { type: 'LIMIT', limitPrice: now.price(tickerId, 9), ...terms } as const
  const stopPrice = now.price(tickerId, -9)
  const stopLoss: OrderTerms =
    offset % 3 === 0
      ? { type: 'STOP_LIMIT', limitPrice: now.price(tickerId, -10), stopPrice, ...terms }
      : offset % 3 === 1
        ? { type: 'TRAILING_STOP', limitPrice: null, trailPercent: decimal('1'), ...terms }
        : { type: 'STOP', limitPrice: null, stopPrice, ...terms }
  return { takeProfit, stopLoss }
}
