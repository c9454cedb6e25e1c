// Everything of a list that comes in pages: asked for page by page until there is no more.

import { type Answer, type Failure, mayRetry } from '#lib/http.ts'

/** Tries of one page before it is given up, and the pause where the server names none. */
const TRIES_MAX = 4
const PAUSE_MS = 1_500

export type Page<T> = { items: readonly T[]; next: string | null }
export type Collected<T> =
  { kind: 'all'; items: T[] } | { kind: 'failed'; failure: Failure } | { kind: 'cancelled' }

export type Collecting = {
  /** Aborted: it stops before the next request. */
  signal: AbortSignal
  wait: (delayMs: number) => Promise<void>
  /** How many there are so far. */
  onProgress: (count: number) => void
}

/** What home kept from before is not all there is: a file must not end where the memory does. */
const NOT_ALL: Failure = {
  kind: 'problem',
  code: 'unavailable',
  status: 503,
  detail: '',
  fields: {},
}

/** All items in the order they come; the first page that cannot be had ends it. */
export async function collect<T>(
  fetchPage: (cursor: string | null) => Promise<Answer<Page<T>>>,
  options: Collecting,
): Promise<Collected<T>> {
  const items: T[] = []
  let cursor: string | null = null
  do {
    const from: string | null = cursor
    const answer: Answer<Page<T>> = await insist(() => fetchPage(from), options)
    if (options.signal.aborted) return { kind: 'cancelled' }
    if (!answer.ok) return { kind: 'failed', failure: answer.failure }
    items.push(...answer.data.items)
    options.onProgress(items.length)
    cursor = answer.data.next
  } while (cursor !== null)
  return { kind: 'all', items }
}

/** One request, again after a pause where that may help. */
async function insist<T>(
  request: () => Promise<Answer<T>>,
  { signal, wait }: Pick<Collecting, 'signal' | 'wait'>,
): Promise<Answer<T>> {
  for (let attempt = 1; ; attempt += 1) {
    const answer = await request()
    if (answer.ok && answer.staleSince === null) return answer
    const failure = answer.ok ? NOT_ALL : answer.failure
    const isLast = attempt === TRIES_MAX || !mayRetry(failure) || signal.aborted
    if (answer.ok || isLast) return { ok: false, failure }
    await wait(pauseOf(failure))
  }
}

function pauseOf(failure: Failure): number {
  const seconds = failure.kind === 'problem' ? failure.waitSeconds : undefined
  return seconds === undefined ? PAUSE_MS : seconds * 1_000
}
