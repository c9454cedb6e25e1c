// Pure: no I/O, no clock, no randomness.
// From the body of a request to a draft of an order: the contract's schema, the client order id
// from body or header, and the rules of the instrument as a courtesy (the engine asks them again).

import type { Principal } from '@motu/shared/contract/access.ts'
import { type PlaceOrder, placeOrderSchema } from '@motu/shared/contract/order-request.ts'
import { CLIENT_ORDER_ID_LENGTH_MAX, type OrderDraft } from '@motu/shared/order.ts'
import { checkDraft } from '@motu/shared/order-check.ts'
import { draftOfRequest } from '@motu/shared/order-draft.ts'
import { orderIdOf } from '@motu/shared/order-id.ts'
import { draftMessageOf } from '@motu/shared/order-message.ts'
import { DomainError } from '@motu/shared/problem.ts'
import type { z } from 'zod'
import type { PlaceCommand } from './receipt.ts'

/** Where a client order id may come from besides the body. */
export type ClientIdSources = {
  /** The `Idempotency-Key` header, if there is one. */
  key: string | undefined
  /** For a request that names none. */
  fallback: () => string
}

/** The last second of the year 9999. */
const NO_END = 253_402_300_799
const CLIENT_ORDER_ID = /^[\x21-\x7e]+$/

/** The draft a body asks for at an instant (UTC milliseconds); throws the problem it has. */
export function parseOrder(body: unknown, ids: ClientIdSources, atMs: number): OrderDraft {
  const parsed = placeOrderSchema.safeParse(body)
  if (!parsed.success) throw invalidRequest(parsed.error)
  return checked(draftOfRequest(parsed.data, clientOrderIdOf(parsed.data, ids)), atMs)
}

/** A draft that breaks no rule; throws the problem of the first one it breaks. */
export function checked(draft: OrderDraft, atMs: number): OrderDraft {
  const refusal = checkDraft(draft, atMs)
  if (!refusal) return draft
  const errors = [{ pointer: refusal.pointer, detail: refusal.detail }]
  throw new DomainError(refusal.problem, { detail: refusal.detail, errors })
}

/** A failed parse as a problem with one pointer for each field at fault. */
export function invalidRequest(error: z.ZodError): DomainError {
  const errors = error.issues.flatMap(({ path, message, ...issue }) =>
    'keys' in issue && Array.isArray(issue.keys)
      ? issue.keys.map((key) => ({ pointer: pointerTo([...path, key]), detail: 'is not known' }))
      : [{ pointer: pointerTo(path), detail: message }],
  )
  const [first] = errors
  const detail = first ? `${first.pointer} ${first.detail}` : 'The request is not well formed.'
  return new DomainError('invalid-request', { detail, errors })
}

/** The command that places a draft in its user's name. */
export function placeCommand(draft: OrderDraft, principal: Principal): PlaceCommand {
  const { userId } = principal
  return {
    v: 1,
    kind: 'place',
    order_id: orderIdOf(userId, draft),
    user_id: userId,
    ...draftMessageOf(draft),
    ...credentialOf(principal),
  }
}

/** What a command is given under: a sign-in and its end, or an API key. */
export function credentialOf({ via }: Principal): Pick<PlaceCommand, 'sid' | 'key_id' | 'exp'> {
  return via.kind === 'session'
    ? { sid: via.sid, exp: via.exp }
    : { sid: null, key_id: via.keyId, exp: NO_END }
}

/** The client order id of a request: from its body, its header, or else a new one. */
export function clientOrderIdOf(
  order: Pick<PlaceOrder, 'client_order_id'>,
  { key, fallback }: ClientIdSources,
): string {
  const inBody = order.client_order_id
  if (key === undefined) return inBody ?? fallback()
  if (inBody !== undefined && inBody !== key) {
    throw keyProblem('differs from the Idempotency-Key header', '#/client_order_id')
  }
  if (key.length > CLIENT_ORDER_ID_LENGTH_MAX || !CLIENT_ORDER_ID.test(key)) {
    throw keyProblem('Idempotency-Key must be 1 to 64 printable ASCII characters', '#')
  }
  return key
}

function keyProblem(detail: string, pointer: string): DomainError {
  return new DomainError('invalid-request', { detail, errors: [{ pointer, detail }] })
}

/** A path as a JSON Pointer in a URI fragment (RFC 6901, part 6). */
function pointerTo(path: readonly PropertyKey[]): string {
  // A field may be called half a character, which no URI can spell.
  const escaped = path.map((part) =>
    String(part).toWellFormed().replaceAll('~', '~0').replaceAll('/', '~1'),
  )
  return ['#', ...escaped.map(encodeURIComponent)].join('/')
}
