// Pure: no I/O, no clock, no randomness.
// Messages that no edge of ours would send.

import { Buffer } from 'node:buffer'
import type { PlaceMessage } from '@motu/shared/order-message.ts'
import { v5 as uuidv5 } from 'uuid'
import type { InjectedEntry } from './journal.ts'

export type Poison = {
  /** Decides the queue. */
  userId: string
  content: Buffer
  meant: InjectedEntry['meant']
  orderId: string | null
}

const OVERSIZED_BYTES = 10_000_000

/** A set of poison in one user's name; `salt` makes its bodies differ from those of other sets. */
export function brew({ userId, salt }: { userId: string; salt: string }): Poison[] {
  const good = goodMessage(userId, salt)
  return [
    ...unreadable(salt).map((content) => dead(userId, content)),
    ...misshapen(good).map((message) => dead(userId, Buffer.from(JSON.stringify(message)))),
    // JSON that parses to what JSON.stringify would never write.
    dead(userId, Buffer.from(spell(good, '"quantity":"1"', '"quantity":1e308'))),
    dead(userId, Buffer.from(spell(good, '"quantity":"1"', '"quantity":NaN'))),
    dead(userId, Buffer.from(spell(good, '"quantity":"1"', '"quantity":-0'))),
    dead(userId, Buffer.from(spell(good, `poison-${salt}`, `\\ud800-${salt}`))),
    dead(userId, Buffer.from(spell(good, `poison-${salt}`, `\\u0000-${salt}`))),
    stranger(salt),
    ...senseless(good).map((message) => failing(message)),
  ]
}

function goodMessage(userId: string, salt: string): PlaceMessage {
  return {
    v: 1,
    kind: 'place',
    order_id: uuidv5(`poison-${salt}`, userId),
    user_id: userId,
    client_order_id: `poison-${salt}`,
    ticker_id: 'KRX-STOCK-005930',
    side: 'BUY',
    type: 'MARKET',
    quantity: '1',
    limit_price: null,
    time_in_force: 'GTC',
    accepted_at: '2026-11-20T00:00:00.000Z',
    sid: null,
    exp: 4_000_000_000,
  }
}

const dead = (userId: string, content: Buffer): Poison => ({
  userId,
  content,
  meant: 'dead',
  orderId: null,
})

const spell = (message: PlaceMessage, from: string, to: string): string =>
  JSON.stringify(message).replace(from, to)

function unreadable(salt: string): Buffer[] {
  return [
    Buffer.from(`not json ${salt}`),
    Buffer.from(`{"v":1,"kind":"place","salt":"${salt}"`),
    Buffer.from(`"${salt}"`),
    Buffer.from(`[${salt}]`),
    Buffer.from(`\0${salt}\0`),
    Buffer.concat([Buffer.from([0xff, 0xfe, 0x80]), Buffer.from(salt)]),
    Buffer.alloc(OVERSIZED_BYTES, `x${salt}`),
  ]
}

/** Wrong in shape: the schema refuses each. */
function misshapen(good: PlaceMessage): object[] {
  const { user_id: _userId, ...nobody } = good
  return [
    { ...good, v: 2 },
    { ...good, kind: 'explode' },
    { ...good, more: 'than was asked for' },
    { ...good, order_id: 'not-a-uuid' },
    { ...good, side: 'HOLD' },
    { ...good, type: 'PEGGED' },
    { ...good, type: 'STOP' },
    { ...good, type: 'LIMIT' },
    { ...good, quantity: null },
    { ...good, quantity: '1e308' },
    { ...good, quantity: 'NaN' },
    { ...good, quantity: '-0' },
    { ...good, quantity: '-1' },
    { ...good, quantity: '0.000000001' },
    { ...good, quantity: '1'.repeat(4_000) },
    { ...good, limit_price: '0' },
    { ...good, accepted_at: 'yesterday' },
    { ...good, client_order_id: '' },
    { ...good, client_order_id: 'x'.repeat(65) },
    { ...good, ticker_id: "krx-stock-005930'; DROP TABLE orders; --" },
    nobody,
  ]
}

/** Well formed, in the name of somebody who does not exist. */
function stranger(salt: string): Poison {
  const userId = uuidv5(`stranger ${salt}`, '6ba7b812-9dad-11d1-80b4-00c04fd430c8')
  const message = goodMessage(userId, salt)
  return dead(userId, Buffer.from(JSON.stringify(message)))
}

/** Well formed, of a known user, and against the rules of the instrument: each is stored FAILED. */
function senseless(good: PlaceMessage): PlaceMessage[] {
  const variants: Partial<PlaceMessage>[] = [
    { quantity: '0.5' },
    { quantity: '999999999999.99999999', ticker_id: 'CRYPTO-COIN-BTC' },
    { ticker_id: 'CRYPTO-COIN-NOSUCH' },
    { type: 'LIMIT', limit_price: '51000.00000001' },
    { side: 'SELL', quantity: '999999' },
  ]
  return variants.map((variant, index) => ({
    ...good,
    ...variant,
    client_order_id: `${good.client_order_id}-${index}`,
    order_id: uuidv5(`${good.client_order_id}-${index}`, good.user_id),
  }))
}

const failing = (message: PlaceMessage): Poison => ({
  userId: message.user_id,
  content: Buffer.from(JSON.stringify(message)),
  meant: 'order',
  orderId: message.order_id,
})
