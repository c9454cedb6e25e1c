// Problems on their way out: the root error hook renders every refusal, and hides every bug.

import type { Context } from 'hono'
import { routeOf } from '@motu/shared/contract/routes.ts'
import {
  DomainError,
  type Problem,
  PROBLEM_CONTENT_TYPE,
  type ProblemCode,
  problemOf,
} from '@motu/shared/problem.ts'
import { jsonAnswer, requestIdOf } from './answer.ts'
import { calledOrigin, clientAddress } from './client-address.ts'
import type { AppEnv } from './env.ts'
import { log, reasonOf } from './log.ts'
import { keepUp, usage } from './upkeep.ts'

const RETRY_AFTER_SECONDS = '1'
/** Home's audit log hears of these. */
const NOTED = new Set<ProblemCode>(['unauthenticated', 'forbidden', 'rate-limited'])

/** A refusal as the body of an answer to this request. */
export function problemIn(c: Context<AppEnv>, error: DomainError): Problem {
  return problemOf(error, { origin: calledOrigin(c), requestId: requestIdOf(c) })
}

/** The answer to whatever a handler threw. What is not a refusal of ours is a bug: logged, not told. */
export function renderError(error: Error, c: Context<AppEnv>): Response {
  if (error instanceof DomainError) {
    if (NOTED.has(error.code)) noteRefusal(c, error.code)
    return problemResponse(c, error)
  }
  log.error('request failed', {
    request_id: requestIdOf(c),
    path: c.req.path,
    reason: reasonOf(error),
    stack: error.stack,
  })
  return problemResponse(c, new DomainError('internal'))
}

/** The answer to a path nothing is behind. */
export function renderNotFound(c: Context<AppEnv>): Response {
  return problemResponse(
    c,
    new DomainError('not-found', { detail: `Nothing is at ${c.req.path}.` }),
  )
}

function problemResponse(c: Context<AppEnv>, error: DomainError): Response {
  const problem = problemIn(c, error)
  const headers: Record<string, string> = {
    ...error.headers,
    'content-type': PROBLEM_CONTENT_TYPE,
  }
  if (error.code === 'unauthenticated') headers['www-authenticate'] = 'Bearer'
  if (error.code === 'unavailable') headers['retry-after'] = RETRY_AFTER_SECONDS
  return jsonAnswer(c, problem, { status: problem.status, headers })
}

/** For the audit log: who was refused, by whomever. */
export function noteRefusal(c: Context<AppEnv>, code: ProblemCode): void {
  const match = routeOf(c.req.method, c.req.path)
  const isKnown = match !== null && 'route' in match
  const principal = c.get('principal')
  const why = c.get('refusedWhy')
  usage.noteRefusal({
    code,
    route: isKnown ? `${match.route.method.toUpperCase()} ${match.route.path}` : 'unknown',
    address: clientAddress(c),
    ...(why ? { why } : {}),
    ...(principal ? { user_id: principal.userId } : {}),
    ...(principal?.via.kind === 'key' ? { key_id: principal.via.keyId } : {}),
  })
  keepUp(c)
}
