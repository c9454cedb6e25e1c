// The body of a request: read to a limit, then parsed. Nothing larger is ever held in memory.

import { DomainError } from '@motu/shared/problem.ts'

const JSON_TYPE = /^application\/(?:[\w.+-]+\+)?json\s*(?:;|$)/i

/** The body as text; a 413 when it is larger than `bytesMax`. */
export async function readBody(request: Request, bytesMax: number): Promise<string> {
  const length = request.headers.get('content-length')
  if (length !== null) {
    if (Number.parseInt(length, 10) > bytesMax) throw tooLarge(bytesMax)
    // The runtime reads no more than was announced.
    return request.text()
  }
  return request.body ? readChunked(request.body, bytesMax) : ''
}

/** The body as a value: 415 when it does not say it is JSON, 400 when it is not. */
export async function readJson(request: Request, bytesMax: number): Promise<unknown> {
  if (!JSON_TYPE.test(request.headers.get('content-type') ?? '')) {
    throw new DomainError('unsupported-media-type', {
      detail: 'Send the body as application/json.',
    })
  }
  const text = await readBody(request, bytesMax)
  try {
    return JSON.parse(text)
  } catch (cause) {
    const errors = [{ pointer: '#', detail: 'is not JSON' }]
    throw new DomainError('invalid-request', { detail: 'The body is not JSON.', errors, cause })
  }
}

async function readChunked(body: ReadableStream<Uint8Array>, bytesMax: number): Promise<string> {
  const decoder = new TextDecoder()
  let text = ''
  let bytes = 0
  for await (const chunk of body) {
    bytes += chunk.byteLength
    if (bytes > bytesMax) throw tooLarge(bytesMax)
    text += decoder.decode(chunk, { stream: true })
  }
  return text + decoder.decode()
}

function tooLarge(bytesMax: number): DomainError {
  return new DomainError('payload-too-large', { detail: `At most ${bytesMax} bytes are read.` })
}
