// Pure: no I/O, no clock, no randomness.
// The requests a generator sends: a plan that fits into a message to another process, and the
// request of each number made from it.

import type { PlaceOrder } from '@motu/shared/contract/orders.ts'
import { type Address, bearer, requestText } from './http-connection.ts'

export type RequestPlan =
  | { kind: 'get'; path: string }
  /** `orders` go round, under the tokens in turn; client order ids are `prefix` and a number. */
  | { kind: 'orders'; tokens: string[]; orders: PlaceOrder[]; prefix: string }

/**
 * The maker of requests for one connection. A user's orders all travel over one connection, so
 * connection `lane` of `lanes` uses every `lanes`-th token.
 */
export function requestMaker(
  plan: RequestPlan,
  address: Address,
  { lane, lanes }: { lane: number; lanes: number },
): (index: number) => string {
  if (plan.kind === 'get') {
    const text = requestText(address, { method: 'GET', path: plan.path })
    return () => text
  }
  const own = plan.tokens.filter((_, index) => index % lanes === lane)
  const headers = (own.length > 0 ? own : plan.tokens).map(bearer)
  const bodies = plan.orders.map((order) => JSON.stringify(order).slice(1))
  return (index) =>
    requestText(address, {
      method: 'POST',
      path: '/api/v1/orders',
      headers: headers[index % headers.length]!,
      body: `{"client_order_id":"${plan.prefix}${lane}-${index}",${bodies[index % bodies.length]!}`,
    })
}
