// Pure: no I/O, no clock, no randomness.
// What a batch of work will look at, before anything is read.

import { clientKey } from './books.ts'
import { sessionOf } from './credentials.ts'
import type { BooksKeys } from './read-books.ts'
import type { Work } from './settle.ts'

export const userOf = (work: Work): string =>
  'message' in work ? work.message.user_id : work.order.userId
export const orderIdOf = (work: Work): string =>
  'message' in work ? work.message.order_id : work.order.id

/** Everything a batch needs to read, each key once. */
export function keysOf(batch: readonly Work[]): BooksKeys {
  const users = new Set<string>()
  const positions = new Map<string, readonly [string, string]>()
  const orders = new Map<string, readonly [string, string]>()
  const clientIds = new Map<string, readonly [string, string]>()
  const placed = new Map<string, readonly [string, string]>()
  const sessions = new Set<string>()
  const apiKeys = new Set<string>()
  for (const work of batch) {
    const userId = userOf(work)
    users.add(userId)
    if ('message' in work) {
      const sid = sessionOf(work.message)
      if (sid !== null) sessions.add(sid)
      else if (work.message.key_id) apiKeys.add(work.message.key_id)
    }
    if (work.kind === 'place' || work.kind === 'bury') {
      const { client_order_id: clientOrderId, order_id: orderId } = work.message
      clientIds.set(clientKey(userId, clientOrderId), [userId, clientOrderId])
      placed.set(orderId, [userId, orderId])
      const { replaces } = work.message
      if (replaces) orders.set(replaces, [userId, replaces])
    } else {
      orders.set(orderIdOf(work), [userId, orderIdOf(work)])
    }
    if (work.kind !== 'cancel') {
      const tickerId = 'message' in work ? work.message.ticker_id : work.order.tickerId
      positions.set(`${userId} ${tickerId}`, [userId, tickerId])
    }
  }
  return {
    users: [...users],
    positions: [...positions.values()],
    orders: [...orders.values()],
    clientIds: [...clientIds.values()],
    placed: [...placed.values()],
    sessions: [...sessions],
    apiKeys: [...apiKeys],
  }
}
