// Problems on their way out: the root error hook renders every refusal, and hides every bug.

import type { Context } from 'hono'
import { DomainError, PROBLEM_CONTENT_TYPE, type Problem, problemOf } from '@motu/shared/problem.ts'
import { jsonAnswer, requestIdOf } from './answer.ts'
import type { AppEnv } from './env.ts'
import { log, reasonOf } from './log.ts'

const RETRY_AFTER_SECONDS = '1'

/** A refusal as the body of an answer to this request. */
export function problemIn(c: Context<AppEnv>, error: DomainError): Problem {
  return problemOf(error, { origin: new URL(c.req.url).origin, requestId: requestIdOf(c) })
}

/** The answer to whatever a handler threw. What is not a refusal of ours is a bug: logged, not told. */
export function renderError(error: Error, c: Context<AppEnv>): Response {
  if (error instanceof DomainError) return problemResponse(c, error)
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
  const headers: Record<string, string> = { 'content-type': PROBLEM_CONTENT_TYPE }
  if (error.code === 'unauthenticated') headers['www-authenticate'] = 'Bearer'
  if (error.code === 'unavailable') headers['retry-after'] = RETRY_AFTER_SECONDS
  return jsonAnswer(c, problem, { status: problem.status, headers })
}
