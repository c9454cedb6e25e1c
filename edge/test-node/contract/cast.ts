// Everyone who may come to a door: people, their sign-ins and their keys, those that count and those
// that no longer do. All of it is made as people make it, through the edge.

import { randomUUID } from 'node:crypto'
import type { CreatedApiKey } from '@motu/shared/contract/api-keys.ts'
import type { Tokens, User } from '@motu/shared/contract/auth.ts'
import type { Principal, Scope } from '@motu/shared/contract/access.ts'
import { until } from '../edge-under-test.ts'
import type { Answer } from './http-client.ts'
import type { RealMotu } from './real-motu.ts'

export const PASSWORD = 'correct horse battery'
export const JSON_TYPE = { 'content-type': 'application/json' }
/** As many calls as these tests make in a minute, with room. */
const QUOTA = 100_000

export type Headers = Readonly<Record<string, string>>
export type Person = { userId: string; username: string; nickname: string; tokens: Tokens }

/** What a caller shows, and who he is by it; null for nobody. */
export type Caller = { headers: Headers; is: Principal | null; person: Person | null }

export type Cast = {
  owner: Person
  admin: Person
  callers: Readonly<Record<string, Caller>>
}

export const bearer = ({ access_token: token }: Tokens): Headers => ({
  authorization: `Bearer ${token}`,
})
const byKey = (key: CreatedApiKey): Headers => ({ 'x-api-key': key.api_key })

/** The body of an answer that must be what was hoped for. */
export function bodyOf<T>(answer: Answer, status: number): T {
  if (answer.status !== status) throw new Error(`${answer.status}: ${answer.text}`)
  return (answer.text === '' ? undefined : JSON.parse(answer.text)) as T
}

/** How the people of a cast do things. */
export class Stage {
  readonly motu: RealMotu

  constructor(motu: RealMotu) {
    this.motu = motu
  }

  ask(method: string, path: string, headers: Headers = {}, body?: unknown): Promise<Answer> {
    const json = body === undefined ? {} : { body: JSON.stringify(body) }
    return this.motu.edge.send({ method, path, headers: { ...JSON_TYPE, ...headers }, ...json })
  }

  /** A new user, signed in. */
  async newPerson(role: 'USER' | 'ADMIN' = 'USER'): Promise<Person> {
    const username = `u${randomUUID().slice(0, 12)}`
    const nickname = `n${randomUUID().slice(0, 12)}`
    const body = { username, nickname, password: PASSWORD }
    const { user_id: userId } = bodyOf<User>(
      await this.ask('POST', '/api/v1/auth/register', {}, body),
      201,
    )
    // As the command does that makes the first admin.
    if (role === 'ADMIN') {
      await this.motu.sql`UPDATE users SET role = 'ADMIN' WHERE id = ${userId}`
    }
    return { userId, username, nickname, tokens: await this.signIn(username) }
  }

  async signIn(username: string): Promise<Tokens> {
    const body = { username, password: PASSWORD }
    return bodyOf(await this.ask('POST', '/api/v1/login/access-token', {}, body), 200)
  }

  async newKey({ tokens }: Person, scopes: Scope[], name = 'bot'): Promise<CreatedApiKey> {
    const body = { name, scopes, quota_per_minute: QUOTA }
    return bodyOf(await this.ask('POST', '/api/v1/api-keys', bearer(tokens), body), 201)
  }

  /** Everyone, each with his name. Whoever no longer counts did, and the edge knew him. */
  async newCast(): Promise<Cast> {
    const [owner, other, shut] = [
      await this.newPerson(),
      await this.newPerson(),
      await this.newPerson(),
    ]
    const admin = await this.newPerson('ADMIN')
    const former = await this.newPerson('ADMIN')
    const formerKey = await this.newKey(former, ['admin'])
    const demoted = { role: 'USER' }
    const rolePath = `/api/v1/admin/users/${former.userId}/role`
    bodyOf(await this.ask('PUT', rolePath, bearer(admin.tokens), demoted), 204)
    const callers = {
      nobody: caller({}, null, null),
      'the owner': bySession(owner, 'USER'),
      "the owner's key that reads": await this.#keyOf(owner, 'USER', ['read']),
      "the owner's key that trades": await this.#keyOf(owner, 'USER', ['trade']),
      'another user': bySession(other, 'USER'),
      "another user's key": await this.#keyOf(other, 'USER', ['read', 'trade']),
      "a former admin's key": caller(byKey(formerKey), former, {
        ...{ userId: former.userId, role: 'USER' },
        via: { kind: 'key', keyId: formerKey.api_key_id, scopes: ['admin'] },
      }),
      'an admin': bySession(admin, 'ADMIN'),
      "an admin's key that reads": await this.#keyOf(admin, 'ADMIN', ['read']),
      "an admin's key": await this.#keyOf(admin, 'ADMIN', ['admin']),
      ...(await this.#shutOut({ owner, shut, admin })),
    }
    return { owner, admin, callers }
  }

  async #keyOf(person: Person, role: Principal['role'], scopes: Scope[]): Promise<Caller> {
    const key = await this.newKey(person, scopes)
    const via = { kind: 'key', keyId: key.api_key_id, scopes } as const
    return caller(byKey(key), person, { userId: person.userId, role, via })
  }

  /** An ended sign-in, a revoked key, and all that a disabled user had. */
  async #shutOut(people: { owner: Person; shut: Person; admin: Person }) {
    const { owner, shut, admin } = people
    const ended = await this.signIn(owner.username)
    const [revoked, shutKey] = [
      await this.newKey(owner, ['read', 'trade']),
      await this.newKey(shut, ['read', 'trade']),
    ]
    const shown = {
      'an ended sign-in': bearer(ended),
      'a revoked key': byKey(revoked),
      'a disabled user': bearer(shut.tokens),
      "a disabled user's key": byKey(shutKey),
    }
    for (const headers of Object.values(shown)) {
      bodyOf(await this.ask('GET', '/api/v1/portfolio', headers), 200)
    }
    bodyOf(await this.ask('POST', '/api/v1/logout', bearer(ended), {}), 204)
    const keyPath = `/api/v1/api-keys/${revoked.api_key_id}`
    bodyOf(await this.ask('DELETE', keyPath, bearer(owner.tokens)), 204)
    const shutPath = `/api/v1/admin/users/${shut.userId}/disable`
    bodyOf(await this.ask('POST', shutPath, bearer(admin.tokens)), 204)
    for (const headers of Object.values(shown)) {
      // The edge hears of it over the Hub's socket, a moment later.
      const isRefused = async (): Promise<boolean> =>
        (await this.ask('GET', '/api/v1/portfolio', headers)).status === 401
      await until(isRefused)
    }
    return mapValues(shown, (headers) => caller(headers, null, null))
  }
}

const caller = (headers: Headers, person: Person | null, is: Principal | null): Caller => ({
  ...{ headers, person, is },
})

function bySession(person: Person, role: Principal['role']): Caller {
  const { userId, tokens } = person
  return caller(bearer(tokens), person, {
    ...{ userId, role },
    via: { kind: 'session', sid: sidOf(tokens), exp: 0 },
  })
}

/** The sign-in an access token belongs to. */
export function sidOf({ access_token: token }: Tokens): string {
  const claims = Buffer.from(token.split('.')[1]!, 'base64url').toString()
  return (JSON.parse(claims) as { sid: string }).sid
}

function mapValues<T, U>(record: Record<string, T>, change: (value: T) => U): Record<string, U> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(value)]))
}
