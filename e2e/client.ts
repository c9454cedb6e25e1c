// The API as a script uses it: what a test needs to be there before it looks.

import type { MotuUnderTest } from './motu-under-test.ts'

/** Calls and expects to be served. */
export async function callApi<T = undefined>(
  motu: MotuUnderTest,
  token: string | null,
  method: string,
  path: string,
  body?: unknown,
): Promise<T> {
  const answer = await fetch(motu.url + path, {
    method,
    headers: {
      'content-type': 'application/json',
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const text = await answer.text()
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`)
  return (text === '' ? undefined : JSON.parse(text)) as T
}

/** The access token of a new sign-in. */
export async function tokenOf(motu: MotuUnderTest, kind: 'demo' | 'admin'): Promise<string> {
  const { name, password } = motu.signIn(kind)
  const path = '/api/v1/login/access-token'
  const body = { username: name, password }
  const { access_token } = await callApi<{ access_token: string }>(motu, null, 'POST', path, body)
  return access_token
}
