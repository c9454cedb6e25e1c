// What must hold of every answer, whatever was asked; and of the books when all is over.

import { adjustRoute, changeRoleRoute } from '@motu/shared/contract/admin.ts'
import { routeOf, ROUTES, type PublicRoute } from '@motu/shared/contract/routes.ts'
import { decimal } from '@motu/shared/decimal.ts'
import { Journal } from '../../../faults/journal.ts'
import { checkCosts, checkFigures } from '../../../faults/oracle/figures.ts'
import { checkBalances, checkHolds, checkLegs } from '../../../faults/oracle/money.ts'
import { readBooks } from '../../../faults/oracle/snapshot.ts'
import type { Sql } from '../../../home/src/db/connect.ts'
import { aliasOf } from '../../src/alias.ts'
import type { Answer, Request } from './http-client.ts'
import type { ServedDocument } from './served-document.ts'

const STARTING_CASH_KRW = decimal('100000000')

/** What only a bug tells: where the code is, what it asked of whom. Nothing the fuzz sends has it. */
const INSIDES = [
  /\n\s+at /,
  /\.(?:ts|js|mjs):\d+/,
  /node:internal|node_modules|file:\/\/|\/work\/|\/tmp\/|motu-contract-/,
  /postgres|sqlstate|syntax error|violates|duplicate key|relation "|invalid input syntax/i,
  /ECONN|EADDR|\bundefined\b.*\bproperty\b/,
]

export const nameOf = ({ method, path }: PublicRoute): string => `${method} ${path}`

/** Which route a request is for; the methods its address answers instead; null for no address. */
function routeFor({ method, path, headers = {} }: Request) {
  const given = new Headers()
  const { accept } = headers
  if (accept !== undefined) given.set('accept', accept)
  const asked = new globalThis.Request(`http://edge${path}`, { method, headers: given })
  const at = aliasOf(asked)
  return { at, match: routeOf(method, at) }
}

/** What answers are held against. */
export type Yardstick = { document: ServedDocument; homeAddress: string }

/** What is wrong with an answer; null when nothing is. */
export function complaint(
  { document, homeAddress }: Yardstick,
  request: Request,
  answer: Answer,
): string | null {
  const { at, match } = routeFor(request)
  const { status, text } = answer
  if (status >= 500) return `the status is ${status}`
  const isDocument = at === '/api/v1/openapi.json' && status === 200
  const inside = isDocument ? undefined : INSIDES.find((pattern) => pattern.test(text))
  if (inside) return `the body shows what is inside: ${inside.exec(text)![0]}`
  if (text.includes(homeAddress)) return 'the body shows where home is'
  if (request.method === 'HEAD') return text === '' ? null : 'a body after HEAD'
  // What lies beside the API: pages, their problems, sockets.
  if (!at.startsWith('/api/')) return null
  if (match && 'route' in match) return document.complaint(match.route, answer)
  const expected = match ? 405 : 404
  if (status !== expected) return `${status} where there is no such route, not ${expected}`
  if (match && answer.headers.allow !== match.allow.join(', ')) return 'the wrong Allow'
  return document.complaintOfNone(answer)
}

/** What the good answers promised, to be found in the books. */
export class Promises {
  /** Routes with an answer that is no refusal. */
  readonly answered = new Set<string>()
  readonly statuses = new Map<number, number>()
  readonly #orders: { orderId: string; userId: string }[] = []
  readonly #adjustments = new Map<string, string>()
  readonly #promoted = new Set<string>()

  note(request: Request, answer: Answer, userId: string | null): void {
    const { status, text } = answer
    this.statuses.set(status, (this.statuses.get(status) ?? 0) + 1)
    const { at, match } = routeFor(request)
    if (status >= 400 || !match || !('route' in match) || request.method === 'HEAD') return
    const { route } = match
    this.answered.add(nameOf(route))
    if (status === 202 && userId !== null && request.method === 'POST') {
      for (const [, orderId = ''] of text.matchAll(/"order_id":"([^"]+)"/g)) {
        this.#orders.push({ orderId, userId })
      }
    }
    if (nameOf(route) === nameOf(adjustRoute)) {
      const { adjustment_id: id, user_id: whose, amount_krw: amount } = JSON.parse(text) as Booked
      this.#adjustments.set(id, `${whose} ${decimal(amount)}`)
    }
    if (nameOf(route) === nameOf(changeRoleRoute)) this.#promoted.add(at.split('/').at(-2)!)
  }

  /** Routes no request of the fuzz had a good answer of. */
  unanswered(): string[] {
    return ROUTES.map(nameOf).filter((name) => !this.answered.has(name))
  }

  /** What the books hold that nobody was promised, and the other way round. */
  async broken(sql: Sql, admins: ReadonlySet<string>): Promise<string[]> {
    const books = await readBooks(sql)
    const snapshot = { ...books, waiting: [] }
    const evidence = { journal: new Journal(), snapshot, startingCashKrw: STARTING_CASH_KRW }
    const checks = [checkBalances, checkLegs, checkHolds, checkFigures, checkCosts]
    const violations = checks
      .flatMap((check) => check(evidence))
      .map(({ promise, subject, detail }) => `${promise} ${subject}: ${detail}`)
    const owners = new Map(books.orders.map(({ id, userId }) => [id, userId]))
    const lost = this.#orders
      .filter(({ orderId, userId }) => owners.get(orderId) !== userId)
      .map(({ orderId }) => `the order ${orderId} is lost, or another user's`)
    const gifts = books.ledger.filter(({ kind }) => !['fill', 'fee', 'tax'].includes(kind))
    const booked = gifts.filter(({ kind }) => kind !== 'grant')
    const unasked = booked.flatMap(({ sourceId, userId, debit, amount }) => {
      const meant = `${userId} ${debit === 'CASH' ? amount : -amount}`
      return this.#adjustments.get(sourceId) === meant ? [] : [`nobody gave ${sourceId}: ${meant}`]
    })
    if (booked.length !== this.#adjustments.size) unasked.push('an adjustment is not booked')
    const risen = await sql<{ id: string }[]>`SELECT id FROM users WHERE role = 'ADMIN'`
    const usurpers = risen
      .filter(({ id }) => !admins.has(id) && !this.#promoted.has(id))
      .map(({ id }) => `${id} made himself an admin`)
    return [...violations, ...lost, ...unasked, ...usurpers]
  }
}

type Booked = { adjustment_id: string; user_id: string; amount_krw: string }
