// A client of the public API, as a user's program would be: accounts, status, quotes.

import { setTimeout as sleep } from 'node:timers/promises'
import type { Tokens, User } from '@motu/shared/contract/auth.ts'
import type { Status } from '@motu/shared/contract/status.ts'
import type { Quote } from '@motu/shared/market-data.ts'
import type { Address } from './http-connection.ts'

/** Somebody who is signed in. */
export type Trader = { userId: string; username: string; token: string; sid: string; exp: number }

type Sent = { body?: unknown; client?: string | undefined }

const DEADLINE_MS = 10_000
/** Registrations in flight: the password hash is made for a few at a time anyway. */
const REGISTRATIONS_AT_ONCE = 4
const TRIES_MAX = 20
const PASSWORD = 'correct horse battery staple'

export class ApiClient {
  readonly origin: string
  readonly address: Address

  constructor(address: Address) {
    this.address = address
    this.origin = `http://${address.host}:${address.port}`
  }

  async status(): Promise<Status> {
    return this.#call<Status>('GET', '/api/v1/status')
  }

  async quotes(): Promise<Quote[]> {
    return (await this.#call<{ quotes: Quote[] }>('GET', '/api/v1/market/quotes')).quotes
  }

  /** Opens an account and signs in to it; `client` is the address it is done from. */
  async register(username: string, client?: string): Promise<Trader> {
    const body = { username, password: PASSWORD, nickname: username }
    const user = await patiently(() =>
      this.#call<User>('POST', '/api/v1/auth/register', { body, client }),
    )
    const tokens = await patiently(() => this.signIn(username, client))
    const claims = claimsOf(tokens.access_token)
    return { userId: user.user_id, username, token: tokens.access_token, ...claims }
  }

  /** Signs in to an account opened here. */
  signIn(username: string, client?: string): Promise<Tokens> {
    const body = { username, password: PASSWORD }
    return this.#call<Tokens>('POST', '/api/v1/login/access-token', { body, client })
  }

  /** Opens `count` accounts, named `prefix` and a number. */
  async registerMany(
    count: number,
    prefix: string,
    clientOf?: (index: number) => string,
  ): Promise<Trader[]> {
    const traders: Trader[] = []
    let next = 0
    const open = async (): Promise<void> => {
      while (next < count) {
        const index = next
        next += 1
        traders[index] = await this.register(`${prefix}${index}`, clientOf?.(index))
      }
    }
    await Promise.all(Array.from({ length: REGISTRATIONS_AT_ONCE }, open))
    return traders
  }

  async #call<T>(method: string, path: string, { body, client }: Sent = {}): Promise<T> {
    const answer = await fetch(this.origin + path, {
      method,
      signal: AbortSignal.timeout(DEADLINE_MS),
      headers: {
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(client === undefined ? {} : { 'x-forwarded-for': client }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const text = await answer.text()
    if (answer.ok) return JSON.parse(text) as T
    const said = `${method} ${path}: ${answer.status} ${text}`
    if (answer.status !== 429) throw new Error(said)
    throw new TooMany(said, Number.parseInt(answer.headers.get('retry-after') ?? '1', 10))
  }
}

/** A 429, and how long it asks to wait. */
class TooMany extends Error {
  override readonly name = 'TooMany'
  readonly waitSeconds: number
  constructor(said: string, waitSeconds: number) {
    super(said)
    this.waitSeconds = waitSeconds
  }
}

/** Tries again when the limits say so, as often as they allow for a while. */
async function patiently<T>(work: () => Promise<T>, triesLeft = TRIES_MAX): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof TooMany) || triesLeft === 1) throw error
    await sleep(error.waitSeconds * 1_000)
    return patiently(work, triesLeft - 1)
  }
}

function claimsOf(token: string): { sid: string; exp: number } {
  const payload = Buffer.from(token.split('.')[1]!, 'base64url').toString('utf8')
  const { sid, exp } = JSON.parse(payload) as { sid: string; exp: number }
  return { sid, exp }
}
