// Orders come in: guard, parse, courtesy checks, Mailbox, 202. The Mailbox stamps `accepted_at`;
// everything stateful (balance, holds, market hours) is decided at home, later.

import { Hono } from 'hono'
import type { Principal } from '@motu/shared/contract/access.ts'
import {
  type AcceptedOrder,
  type BatchResults,
  batchSchema,
  cancelOrderRoute,
  placeBatchRoute,
  placeOrderRoute,
} from '@motu/shared/contract/orders.ts'
import { partitionOf } from '@motu/shared/partition.ts'
import { DomainError } from '@motu/shared/problem.ts'
import { jsonAnswer } from '../answer.ts'
import { type AppEnv, type Env, mailboxOf } from '../env.ts'
import { admit } from '../guard.ts'
import { readJson } from '../json-body.ts'
import { credentialOf, invalidRequest, parseOrder, placeCommand } from '../order-request.ts'
import { problemIn } from '../problem.ts'
import type { Command, PlaceCommand, Receipt } from '../receipt.ts'

const ORDER_BYTES_MAX = 64 * 1024
const BATCH_BYTES_MAX = 256 * 1024
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** `/api/v1/orders`: what writes. Reads are home's. */
export const orders = new Hono<AppEnv>()

orders.post('/', async (c) => {
  const principal = await admit(c, placeOrderRoute['x-motu-access'])
  const body = await readJson(c.req.raw, ORDER_BYTES_MAX)
  const ids = { key: c.req.header('idempotency-key'), fallback: () => crypto.randomUUID() }
  const command = placeCommand(parseOrder(body, ids), principal)
  const [receipt] = await accept(c.env, principal, [command])
  const at = acceptedAt(receipt, command.order_id)
  const answer: AcceptedOrder = {
    order_id: command.order_id,
    client_order_id: command.client_order_id,
    status: 'PENDING',
    accepted_at: at,
  }
  const headers = { location: `/api/v1/orders/${command.order_id}` }
  return jsonAnswer(c, answer, { status: 202, headers })
})

orders.post('/batch', async (c) => {
  const principal = await admit(c, placeBatchRoute['x-motu-access'])
  const parsed = batchSchema.safeParse(await readJson(c.req.raw, BATCH_BYTES_MAX))
  if (!parsed.success) throw invalidRequest(parsed.error)
  const key = c.req.header('idempotency-key')
  const judged = parsed.data.orders.map((body, index) => {
    const ids = {
      key: key === undefined ? undefined : `${key}:${index}`,
      fallback: () => crypto.randomUUID(),
    }
    return attempt(() => placeCommand(parseOrder(body, ids), principal))
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

orders.delete('/:id', async (c) => {
  const principal = await admit(c, cancelOrderRoute['x-motu-access'])
  const order_id = c.req.param('id').toLowerCase()
  if (!UUID.test(order_id)) {
    const errors = [{ pointer: '#/id', detail: 'is not an order id' }]
    throw new DomainError('invalid-request', { detail: 'The path ends in no order id.', errors })
  }
  const user_id = principal.userId
  const command: Command = { v: 1, kind: 'cancel', order_id, user_id, ...credentialOf(principal) }
  const [receipt] = await accept(c.env, principal, [command])
  const answer = { order_id, cancel_requested_at: acceptedAt(receipt, order_id) }
  return jsonAnswer(c, answer, { status: 202 })
})

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
