// One HTTP exchange with KIS: JSON in and out, errors by their codes. Nothing of a request is ever
// part of an error: its headers are secrets.

import { isRow, type Row, textOf } from '../kis-text.ts'
import { KisError } from './kis-error.ts'

/** A day of minute candles is 100 KB. */
const ANSWER_LENGTH_MAX = 4_000_000

export type HttpAnswer = { body: Row; headers: Headers }

export type HttpCall = {
  url: string
  method: 'GET' | 'POST'
  headers: Record<string, string>
  body?: Record<string, string>
  timeoutMs: number
  signal: AbortSignal
}

/** The answer of a call that succeeded; rejects with a `KisError` else. */
export async function exchange(call: HttpCall): Promise<HttpAnswer> {
  const { response, text } = await send(call)
  const body = bodyOf(text)
  const code = body ? textOf(body.msg_cd) || textOf(body.error_code) : ''
  const isRefused = body !== null && 'rt_cd' in body && textOf(body.rt_cd) !== '0'
  if (response.ok && body && !isRefused) return { body, headers: response.headers }
  const message = body ? textOf(body.msg1) || textOf(body.error_description) : 'no JSON'
  throw new KisError(code || codeOf(response.status), message || `status ${response.status}`)
}

async function send(call: HttpCall): Promise<{ response: Response; text: string }> {
  const { url, method, headers, body, timeoutMs, signal } = call
  const timeout = AbortSignal.timeout(timeoutMs)
  try {
    const response = await fetch(url, {
      method,
      headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
      redirect: 'error',
      signal: AbortSignal.any([signal, timeout]),
      ...(body && { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    if (text.length > ANSWER_LENGTH_MAX) throw new KisError('NETWORK', 'the answer is too long')
    return { response, text }
  } catch (error) {
    if (error instanceof KisError) throw error
    if (signal.aborted) throw new KisError('ABORTED', 'the feeder stops')
    if (timeout.aborted) throw new KisError('TIMEOUT', `no answer within ${timeoutMs} ms`)
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
    throw new KisError('NETWORK', cause instanceof Error ? cause.message : 'no connection')
  }
}

function bodyOf(text: string): Row | null {
  try {
    const body: unknown = JSON.parse(text)
    return isRow(body) ? body : null
  } catch {
    return null
  }
}

function codeOf(status: number): string {
  if (status === 429) return 'HTTP_429'
  return status >= 500 ? 'HTTP_5' : `HTTP_${status}`
}
