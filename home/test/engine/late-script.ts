// Scripts of the dark hour: what users ask for at which second, as messages, and how it ended.

import { decimal, formatDecimal } from '@motu/shared/decimal.ts'
import type { OrderDraft } from '@motu/shared/order.ts'
import type { CancelMessage, PlaceMessage } from '@motu/shared/order-message.ts'
import type { Sql } from '../../src/db/connect.ts'
import type { Message } from './dark-home.ts'
import { placeMessage } from './world.ts'

/** One thing a user does, in seconds from when it went dark; before zero he does it live. */
export type Act =
  | ({ at: number; order: string; replaces?: string; expireAt?: number } & Asked)
  | { at: number; cancel: string }

type Asked = Partial<
  Pick<OrderDraft, 'tickerId' | 'side' | 'type' | 'timeInForce' | 'orderClass' | 'queueForOpen'>
> & { quantity?: string; limit?: string; stop?: string; profit?: string; loss?: string }

/** How an order ended: `STATUS reason @price at-second late`, and its cancel. */
export type Ended = Record<string, string>

export type LateCase = { name: string; acts: Act[]; ends: Ended; cash?: string }

/** The messages of a case, in the order they were accepted. */
export function messagesOf(
  acts: readonly Act[],
  { userId, darkAt, usual }: { userId: string; darkAt: number; usual: Partial<OrderDraft> },
): Message[] {
  const ids = new Map<string, string>()
  return acts.map((act): Message => {
    const at = darkAt + act.at * 1_000
    if ('cancel' in act) return cancelMessage(userId, ids.get(act.cancel)!, at)
    const message = placeMessage(userId, draftOf(act, { ids, darkAt, usual }), at)
    ids.set(act.order, message.order_id)
    return message
  })
}

type Placed = Extract<Act, { order: string }>

function draftOf(
  act: Placed,
  at: { ids: ReadonlyMap<string, string>; darkAt: number; usual: Partial<OrderDraft> },
): OrderDraft {
  const { order, replaces, expireAt, quantity, limit, stop, profit, loss, at: _at, ...asked } = act
  const { usual, darkAt, ids } = at
  const exit = (terms: Pick<OrderDraft, 'type' | 'limitPrice' | 'stopPrice'>) => ({
    timeInForce: 'GTC' as const,
    ...terms,
  })
  return {
    clientOrderId: order,
    tickerId: 'CRYPTO-COIN-BTC',
    side: 'BUY',
    type: limit ? 'LIMIT' : stop ? 'STOP' : 'MARKET',
    limitPrice: limit ? decimal(limit) : null,
    timeInForce: expireAt === undefined ? 'GTC' : 'GTD',
    ...usual,
    ...asked,
    quantity: quantity ? decimal(quantity) : (usual.quantity ?? decimal('1')),
    ...(stop && { stopPrice: decimal(stop) }),
    ...(replaces && { replaces: ids.get(replaces)! }),
    ...(expireAt !== undefined && { expireAt: darkAt + expireAt * 1_000 }),
    ...(profit && { takeProfit: exit({ type: 'LIMIT', limitPrice: decimal(profit) }) }),
    ...(loss && {
      stopLoss: exit({ type: 'STOP', limitPrice: null, stopPrice: decimal(loss) }),
    }),
  }
}

function cancelMessage(userId: string, orderId: string, at: number): CancelMessage {
  return {
    ...{ v: 1, kind: 'cancel', order_id: orderId, user_id: userId, sid: null, exp: 0 },
    cancel_requested_at: new Date(at).toISOString(),
  } as CancelMessage
}

type EndRow = {
  client_order_id: string
  leg: string | null
  status: string
  reason: string | null
  price: string | null
  filled_at: Date | null
  settled_late: boolean
  cancel_result: string | null
}

/** How every order of a user ended; exits under their leg. */
export async function endsOf(
  sql: Sql,
  { userId, darkAt }: { userId: string; darkAt: number },
): Promise<Ended> {
  const rows = await sql<EndRow[]>`
    SELECT client_order_id, leg, status, reason, price, filled_at, settled_late, cancel_result
    FROM orders WHERE user_id = ${userId} ORDER BY accepted_at, id`
  return Object.fromEntries(
    rows.map((row) => {
      const isExit = row.leg !== null && row.client_order_id.length === 36
      return [isExit ? row.leg! : row.client_order_id, spell(row, darkAt)]
    }),
  )
}

function spell(row: EndRow, darkAt: number): string {
  const fill =
    row.price === null
      ? null
      : `@${formatDecimal(decimal(row.price))} ${(row.filled_at!.getTime() - darkAt) / 1_000}s`
  const words = [row.status, row.reason, fill, row.settled_late && 'late', row.cancel_result]
  return words.filter(Boolean).join(' ')
}

/** Whether messages were accepted before the home went dark. */
export const isLive = (message: Message, darkAt: number): boolean =>
  Date.parse(acceptedAt(message)) < darkAt

export const acceptedAt = (message: PlaceMessage | CancelMessage): string =>
  message.kind === 'place' ? message.accepted_at : message.cancel_requested_at
