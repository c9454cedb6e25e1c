// Refusals on their way out: the one place where an error becomes a problem (RFC 9457).

import { PUBLIC_ORIGIN_HEADER } from '@motu/shared/internal.ts'
import {
  DomainError,
  type FieldProblem,
  PROBLEM_CONTENT_TYPE,
  problemOf,
  PROBLEMS,
} from '@motu/shared/problem.ts'
import type { Context } from 'hono'
import type { Log } from '../log.ts'
import type { ApiEnv } from './env.ts'

type Issue = { path: PropertyKey[]; message: string }

/** A request that does not fit its schema, as a problem that points at each field. */
export function invalidRequest(issues: readonly Issue[]): DomainError {
  const errors: FieldProblem[] = issues.map((issue) => ({
    pointer: ['#', ...issue.path.map((part) => escapePointer(String(part)))].join('/'),
    detail: issue.message,
  }))
  const [first] = errors
  return new DomainError('invalid-request', {
    ...(first ? { detail: `${first.pointer}: ${first.detail}` } : {}),
    errors,
  })
}

/** RFC 6901: `~` and `/` inside a segment. */
const escapePointer = (part: string): string => part.replaceAll('~', '~0').replaceAll('/', '~1')

/** The root error hook. A refusal says why; a bug says nothing but where to find it in the log. */
export function onError(log: Log) {
  return (error: Error, c: Context<ApiEnv>): Response => {
    const requestId = c.get('requestId')
    const refusal = error instanceof DomainError ? error : asDomainError(error)
    if (!(error instanceof DomainError))
      log.error({ err: error, request: requestId }, 'request failed')
    const origin = c.req.header(PUBLIC_ORIGIN_HEADER) ?? new URL(c.req.url).origin
    const problem = problemOf(refusal, { origin, requestId })
    const { status } = PROBLEMS[refusal.code]
    const headers = {
      ...(refusal.code === 'unauthenticated' ? { 'www-authenticate': 'Bearer' } : {}),
      ...refusal.headers,
      'content-type': PROBLEM_CONTENT_TYPE,
    }
    return c.body(JSON.stringify(problem), status, headers)
  }
}

/** What the framework throws is the client's fault: malformed JSON, or no JSON; all else is ours. */
function asDomainError(error: Error): DomainError {
  const status = (error as { status?: unknown }).status
  if (status === 415) return new DomainError('unsupported-media-type')
  if (status !== 400) return new DomainError('internal', { cause: error })
  const errors = [{ pointer: '#', detail: 'is not JSON' }]
  return new DomainError('invalid-request', { detail: 'The body is not JSON.', errors })
}
