// Orders come in: guard, parse, courtesy checks, Mailbox, 202. The Mailbox stamps `accepted_at`;
// everything stateful (balance, holds, market hours) is decided at home, later.

import { type Context, Hono } from 'hono'
import type { Principal } from '@motu/shared/contract/access.ts'
import { replaceOrderSchema } from '@motu/shared/contract/order-request.ts'
import {
  type AcceptedOrder,
  type BatchResults,
  batchSchema,
  cancelOrderRoute,
  placeBatchRoute,
  placeOrderRoute,
  replaceOrderRoute,
} from '@motu/shared/contract/orders.ts'
import { isFinal } from '@motu/shared/order.ts'
import { partitionOf } from '@motu/shared/partition.ts'
import { DomainError } from '@motu/shared/problem.ts'
import { jsonAnswer } from '../answer.ts'
import { systemClock } from '../clock.ts'
import { type AppEnv, type Env, mailboxOf } from '../env.ts'
import { admit } from '../guard.ts'
import { knowInstruments } from '../instruments.ts'
import { readJson } from '../json-body.ts'
import { knownOrder } from '../known-order.ts'
import {
  checked,
  type ClientIdSources,
  clientOrderIdOf,
  credentialOf,
  invalidRequest,
  parseOrder,
  placeCommand,
} from '../order-request.ts'
import { problemIn } from '../problem.ts'
import type { Command, PlaceCommand, Receipt } from '../receipt.ts'
import { refuseReplacement, replacementOf } from '../replacement.ts'

const ORDER_BYTES_MAX = 64 * 1024
const BATCH_BYTES_MAX = 256 * 1024
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** `/api/v1/orders`: what writes. Reads are home's. */
export const orders = new Hono<AppEnv>()

orders.post('/', async (c) => {
  const principal = await admit(c, placeOrderRoute['x-motu-access'])
  await knowInstruments(c.env)
  const body = await readJson(c.req.raw, ORDER_BYTES_MAX)
  const command = placeCommand(parseOrder(body, clientIdsOf(c), systemClock()), principal)
  return acceptedOrder(c, command, await acceptOne(c, principal, command))
})

orders.post('/batch', async (c) => {
  const principal = await admit(c, placeBatchRoute['x-motu-access'])
  await knowInstruments(c.env)
  const parsed = batchSchema.safeParse(await readJson(c.req.raw, BATCH_BYTES_MAX))
  if (!parsed.success) throw invalidRequest(parsed.error)
  const key = c.req.header('idempotency-key')
  const atMs = systemClock()
  const judged = parsed.data.orders.map((body, index) => {
    const ids = {
      key: key === undefined ? undefined : `${key}:${index}`,
      fallback: () => crypto.randomUUID(),
    }
    return attempt(() => placeCommand(parseOrder(body, ids, atMs), principal))
  })
  const commands = judged.filter((item): item is PlaceCommand => !(item instanceof DomainError))
  const receipts = (await accept(c.env, principal, commands)).values()
  const results = judged.map((item, index): BatchResults['results'][number] => {
    if (item instanceof DomainError) return { index, problem: problemIn(c, item) }
    const refusal = attempt(() => acceptedAt(receipts.next().value, item.order_id))
    if (refusal instanceof DomainError) return { index, problem: problemIn(c, refusal) }
    return { index, order_id: item.order_id, status: 'PENDING' }
  })
  const isAccepted = results.some((result) => 'status' in result)
  return jsonAnswer(c, { results } satisfies BatchResults, { status: isAccepted ? 202 : 422 })
})

/** A replacement is an order like any other, which names the one whose place it takes. */
orders.patch('/:id', async (c) => {
  const principal = await admit(c, replaceOrderRoute['x-motu-access'])
  await knowInstruments(c.env)
  const replacedId = orderIdOf(c.req.param('id'))
  const parsed = replaceOrderSchema.safeParse(await readJson(c.req.raw, ORDER_BYTES_MAX))
  if (!parsed.success) throw invalidRequest(parsed.error)
  const order = await knownOrder(c, principal, replacedId)
  if (!order) throw new DomainError('not-found', { detail: 'You have no order with this id.' })
  const draft = replacementOf(order, parsed.data, clientOrderIdOf(parsed.data, clientIdsOf(c)))
  const command = placeCommand(draft, principal)
  // A retry meets the order its first try has replaced.
  const earlier = isFinal(order.status) ? await knownOrder(c, principal, command.order_id) : null
  if (earlier) return acceptedOrder(c, command, earlier.accepted_at)
  refuseReplacement(order, draft)
  checked(draft, systemClock())
  return acceptedOrder(c, command, await acceptOne(c, principal, command))
})

orders.delete('/:id', async (c) => {
  const principal = await admit(c, cancelOrderRoute['x-motu-access'])
  const order_id = orderIdOf(c.req.param('id'))
  const user_id = principal.userId
  const command: Command = { v: 1, kind: 'cancel', order_id, user_id, ...credentialOf(principal) }
  const answer = { order_id, cancel_requested_at: await acceptOne(c, principal, command) }
  return jsonAnswer(c, answer, { status: 202 })
})

function orderIdOf(param: string): string {
  const id = param.toLowerCase()
  if (UUID.test(id)) return id
  const errors = [{ pointer: '#/id', detail: 'is not an order id' }]
  throw new DomainError('invalid-request', { detail: 'The path ends in no order id.', errors })
}

function clientIdsOf(c: Context<AppEnv>): ClientIdSources {
  return { key: c.req.header('idempotency-key'), fallback: () => crypto.randomUUID() }
}

/** The promise: this order is kept. */
function acceptedOrder(c: Context<AppEnv>, command: PlaceCommand, acceptedAt: string): Response {
  const answer: AcceptedOrder = {
    order_id: command.order_id,
    client_order_id: command.client_order_id,
    status: 'PENDING',
    accepted_at: acceptedAt,
  }
  const headers = { location: `/api/v1/orders/${command.order_id}` }
  return jsonAnswer(c, answer, { status: 202, headers })
}

/** The instant one command was accepted at; throws the problem when it was not. */
async function acceptOne(
  c: Context<AppEnv>,
  principal: Principal,
  command: Command,
): Promise<string> {
  const [receipt] = await accept(c.env, principal, [command])
  return acceptedAt(receipt, command.order_id)
}

/** Gives commands of one user to the Mailbox of his partition. */
async function accept(env: Env, principal: Principal, commands: Command[]): Promise<Receipt[]> {
  if (commands.length === 0) return []
  return mailboxOf(env, partitionOf(principal.userId)).accept(commands)
}

/** The instant a command was accepted at; throws the problem when it was not. */
function acceptedAt(receipt: Receipt | undefined, orderId: string): string {
  if (receipt && 'at' in receipt) return receipt.at
  if (receipt?.outcome === 'mismatch') throw new DomainError('duplicate-mismatch')
  const isAmbiguous = receipt === undefined || receipt.isAmbiguous
  const detail = isAmbiguous
    ? `Outcome unknown for order ${orderId}: retry with the same client order id.`
    : `Order ${orderId} was not taken. Retry with the same client order id.`
  throw new DomainError('unavailable', { detail })
}

/** What `work` gives, or the refusal it throws: in a batch each order is judged on its own. */
function attempt<T>(work: () => T): T | DomainError {
  try {
    return work()
  } catch (error) {
    if (error instanceof DomainError) return error
    throw error
  }
}
