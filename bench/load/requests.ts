// Pure: no I/O, no clock, no randomness.
// The requests a generator sends: a plan that fits into a message to another process, and the
// request of each number made from it.

import type { PlaceOrder } from '@motu/shared/contract/order-request.ts'
import { seededRandom } from '../../faults/random.ts'
import { type Address, apiKey, requestText, sentFrom } from './http-connection.ts'

export type RequestPlan =
  | { kind: 'get'; path: string }
  /** `orders` go round, under the credentials in turn; client order ids are `prefix` and a number. */
  | { kind: 'orders'; credentials: string[]; orders: PlaceOrder[]; prefix: string }
  /** Wrong passwords for `usernames` and for names nobody has, from few addresses and from many. */
  | { kind: 'wrong-sign-ins'; usernames: string[]; firstAddress: number }
  /** Made-up API keys, half of them with one of these ids, each from another address. */
  | { kind: 'key-guesses'; keyIds: string[]; seed: number }

/** Which of the generator's connections a maker is for. */
export type Lane = { lane: number; lanes: number }
type RequestMaker = (index: number) => string

/**
 * The maker of requests for one connection. A user's orders all travel over one connection, so
 * connection `lane` of `lanes` uses every `lanes`-th credential.
 */
export function requestMaker(plan: RequestPlan, address: Address, lane: Lane): RequestMaker {
  switch (plan.kind) {
    case 'get': {
      const text = requestText(address, { method: 'GET', path: plan.path })
      return () => text
    }
    case 'orders':
      return orderMaker(plan, address, lane)
    case 'wrong-sign-ins':
      return wrongSignInMaker(plan, address, lane)
    case 'key-guesses':
      return keyGuessMaker(plan, address, lane)
  }
}

type PlanOf<Kind extends RequestPlan['kind']> = Extract<RequestPlan, { kind: Kind }>

function orderMaker(plan: PlanOf<'orders'>, address: Address, { lane, lanes }: Lane): RequestMaker {
  const own = plan.credentials.filter((_, index) => index % lanes === lane)
  const headers = own.length > 0 ? own : plan.credentials
  const bodies = plan.orders.map((order) => JSON.stringify(order).slice(1))
  return (index) =>
    requestText(address, {
      method: 'POST',
      path: '/api/v1/orders',
      headers: headers[index % headers.length]!,
      body: `{"client_order_id":"${plan.prefix}${lane}-${index}",${bodies[index % bodies.length]!}`,
    })
}

const FEW_ADDRESSES = 8
const ADDRESSES_MAX = 0xffff

/** In turn: a user, nobody, from one address of few; a user, nobody, from an address of its own. */
function wrongSignInMaker(
  { usernames, firstAddress }: PlanOf<'wrong-sign-ins'>,
  address: Address,
  { lane, lanes }: Lane,
): RequestMaker {
  return (index) => {
    const number = index * lanes + lane
    const group = Math.floor(number / 4)
    const client = number % 4 < 2 ? fewAddress(group) : manyAddress(firstAddress + number)
    const username = number % 2 === 0 ? usernames[group % usernames.length]! : `nobody-${number}`
    return requestText(address, {
      method: 'POST',
      path: '/api/v1/login/access-token',
      headers: sentFrom(client),
      body: JSON.stringify({ username, password: `wrong password ${number}` }),
    })
  }
}

const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const KEY_ID_LENGTH = 12
/** The secret and its checksum. */
const KEY_REST_LENGTH = 38

function keyGuessMaker(
  { keyIds, seed }: PlanOf<'key-guesses'>,
  address: Address,
  { lane, lanes }: Lane,
): RequestMaker {
  const random = seededRandom(seed * lanes + lane)
  const digits = (length: number): string =>
    Array.from({ length }, () => DIGITS[random.below(DIGITS.length)]!).join('')
  return (index) => {
    const number = index * lanes + lane
    const keyId = index % 2 === 0 ? random.pick(keyIds) : digits(KEY_ID_LENGTH)
    const guess = `motu_${keyId}_${digits(KEY_REST_LENGTH)}`
    return requestText(address, {
      method: 'GET',
      path: '/api/v1/portfolio',
      headers: apiKey(guess) + sentFrom(manyAddress(number)),
    })
  }
}

// Both networks are set aside for measurements (RFC 2544): nobody has these addresses.
const manyAddress = (number: number): string => `198.18.${lowBytes(number % ADDRESSES_MAX)}`
const fewAddress = (number: number): string => `198.19.${lowBytes(number % FEW_ADDRESSES)}`
const lowBytes = (number: number): string => `${number >>> 8}.${number & 0xff}`
