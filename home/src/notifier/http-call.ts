// One call to a service, and what its failing says: whether the message may have arrived.

import type { Sent } from './service.ts'

const TIMEOUT_MS = 10_000
const ANSWER_LENGTH_MAX = 100_000
/** The service was never reached. */
const NOT_REACHED = new Set([
  ...['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH'],
  'UND_ERR_CONNECT_TIMEOUT',
])

export type Answer = { readonly status: number; readonly headers: Headers; readonly body: unknown }
export type Call = typeof fetch

/** What became of a call that was not answered. */
type Unanswered = Extract<Sent, { kind: 'unclear' | 'failing' }>

/** Posts JSON. */
export function postJson(
  call: Call,
  url: string,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer | Unanswered> {
  const json = { 'content-type': 'application/json', ...headers }
  return post(call, url, { headers: json, body: JSON.stringify(body) })
}

/** Posts a form with files in it. */
export function postForm(call: Call, url: string, form: FormData): Promise<Answer | Unanswered> {
  return post(call, url, { body: form })
}

/** Posts, and follows nobody elsewhere. The address is a secret: no error of ours names it. */
export async function post(
  call: Call,
  url: string,
  sent: {
    headers?: Readonly<Record<string, string>>
    body: string | FormData | Uint8Array<ArrayBuffer>
  },
): Promise<Answer | Unanswered> {
  try {
    const response = await call(url, {
      method: 'POST',
      ...sent,
      redirect: 'manual',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    })
    const { status } = response
    return { status, headers: response.headers, body: await readJson(response) }
  } catch (error) {
    const code = codeOf(error)
    const kind = NOT_REACHED.has(code) ? ('failing' as const) : ('unclear' as const)
    return { kind, error: `no answer (${code})` }
  }
}

/** An answer that is no JSON, endless, or cut off behind its status, says what its status says. */
async function readJson(response: Response): Promise<unknown> {
  let text = ''
  try {
    const decoder = new TextDecoder()
    for await (const chunk of response.body ?? []) {
      text += decoder.decode(chunk as Uint8Array, { stream: true })
      if (text.length > ANSWER_LENGTH_MAX) return null
    }
    return JSON.parse(text)
  } catch {
    return null
  }
}

function codeOf(error: unknown): string {
  const { cause, name } = error as { cause?: { code?: string }; name?: string }
  return cause?.code ?? name ?? 'unknown'
}

/** What a status other than success, limits or of a place that is gone comes to. */
export function verdictOfStatus(status: number): Sent {
  const error = `answered ${status}`
  // A gateway's: what stands behind it may have done it all the same.
  if (status === 502 || status === 504) return { kind: 'unclear', error }
  // Neither a detour nor a door that is shut says anything of the message.
  const isElsewhere = status < 400 || status === 403
  if (status >= 500 || status === 408 || isElsewhere) return { kind: 'failing', error }
  return { kind: 'refused', error }
}

/** A pause in seconds, as services write it; of nonsense a second, and never more than an hour. */
export function pauseMsOf(seconds: unknown): number {
  const value = typeof seconds === 'number' ? seconds : Number.parseFloat(String(seconds))
  if (!Number.isFinite(value) || value < 0) return 1_000
  return Math.min(Math.ceil(value * 1_000), 3_600_000)
}
