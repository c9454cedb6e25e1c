// One request to the edge. Nothing here throws: what comes back is data or a failure, typed.

import type { Problem, ProblemCode } from '@motu/shared/problem.ts'
import { isProblemCode } from './problem-texts.ts'

/** Longer than the edge's own deadline, so that its answer wins over ours. */
const REQUEST_TIMEOUT_MS = 12_000

export type Failure =
  | {
      kind: 'problem'
      code: ProblemCode
      status: number
      detail: string
      /** What is wrong by field: `limit_price` → a sentence of the server's. */
      fields: Readonly<Record<string, string>>
      /** How long the server asks to wait before the next try. */
      waitSeconds?: number | undefined
    }
  /** No answer: nobody knows whether the request arrived. */
  | { kind: 'network' }

export type Answer<T> =
  | {
      ok: true
      data: T
      /** When home last confirmed this, in ms; null for a fresh answer. */
      staleSince: number | null
    }
  | { ok: false; failure: Failure }

export type HttpMethod = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
export type HttpRequest = {
  method: HttpMethod
  path: string
  body?: unknown
  token?: string | null
  /** A status beyond 2xx whose body is an answer of the route's own, not a problem. */
  alsoAnswers?: number
  /**
   * The cookie that renews the sign-in is meant to be read or set. No other site can send this
   * header, and the request outlives the page, because a new cookie that is lost ends the sign-in.
   */
  isAboutCookie?: boolean
}

export class Http {
  readonly #fetch: typeof fetch
  readonly #now: () => number

  constructor(options: { fetch: typeof fetch; now: () => number }) {
    this.#fetch = options.fetch
    this.#now = options.now
  }

  async send<T>(request: HttpRequest): Promise<Answer<T>> {
    try {
      const response = await this.#fetch(request.path, initOf(request))
      const isAnswer = response.ok || isOwnAnswer(request, response)
      if (!isAnswer) return { ok: false, failure: await failureOf(response) }
      const data = response.status === 204 ? undefined : await response.json()
      return { ok: true, data: data as T, staleSince: this.#staleSince(response.headers) }
    } catch {
      return { ok: false, failure: { kind: 'network' } }
    }
  }

  #staleSince(headers: Headers): number | null {
    if (headers.get('motu-stale') !== 'true') return null
    const ageSeconds = Number(headers.get('age') ?? '0')
    return this.#now() - (Number.isFinite(ageSeconds) ? ageSeconds * 1_000 : 0)
  }
}

/** The route's own body: under the same status a problem may come too, and says so. */
function isOwnAnswer({ alsoAnswers }: HttpRequest, { status, headers }: Response): boolean {
  return status === alsoAnswers && !headers.get('content-type')?.includes('problem')
}

function initOf({ method, body, token, isAboutCookie = false }: HttpRequest): RequestInit {
  const headers: Record<string, string> = { accept: 'application/json' }
  if (body !== undefined) headers['content-type'] = 'application/json'
  if (token) headers['authorization'] = `Bearer ${token}`
  if (isAboutCookie) headers['motu-session'] = 'cookie'
  return {
    method,
    headers,
    cache: 'no-store',
    keepalive: isAboutCookie,
    signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  }
}

/** Problem+json as a typed failure; an answer that is none counts as an unavailable service. */
async function failureOf(response: Response): Promise<Failure> {
  const { status } = response
  const problem = (await response.json().catch(() => null)) as Partial<Problem> | null
  const code = problem?.type?.split('/').at(-1) ?? ''
  return {
    kind: 'problem',
    code: isProblemCode(code) ? code : status >= 500 ? 'unavailable' : 'invalid-request',
    status,
    detail: problem?.detail ?? '',
    fields: Object.fromEntries(
      (problem?.errors ?? []).map(({ pointer, detail }) => [pointer.replace(/^#\//, ''), detail]),
    ),
    waitSeconds: waitOf(response.headers),
  }
}

function waitOf(headers: Headers): number | undefined {
  const seconds = Number.parseInt(headers.get('retry-after') ?? '', 10)
  return Number.isFinite(seconds) && seconds > 0 ? seconds : undefined
}

/** Whether asking again, with the same ids, may help: the outcome is unknown or not decided yet. */
export function mayRetry(failure: Failure): boolean {
  return failure.kind === 'network' || failure.status >= 500 || failure.status === 429
}
