// Those who send the requests of the fuzz, and what they know: ids they were shown, tokens they were
// given. Whoever is shut out by a request of the fuzz itself is followed by another.

import { randomUUID } from 'node:crypto'
import { type CreatedApiKey, QUOTA_PER_MINUTE_MAX } from '@motu/shared/contract/api-keys.ts'
import type { Tokens } from '@motu/shared/contract/auth.ts'
import { INDICES } from './arbitraries.ts'
import { bearer, type Headers, PASSWORD, type Person, type Stage } from './cast.ts'
import { type Draft, encoded, type Who } from './fuzz-requests.ts'
import type { Answer, Request } from './http-client.ts'
import { keysOf, newDevice } from '../../../home/test/notifier/push-device.ts'
import { PROVIDER } from './real-motu.ts'

const KEY_OF = { user: 'key', admin: 'adminKey' } as const
/** Of each kind the newest that are remembered. */
const KNOWN_MAX = 200
/** What answers show, by the name it has there. */
const KINDS: Readonly<Record<string, string>> = {
  order_id: 'order',
  api_key_id: 'key',
  session_id: 'session',
  notice_id: 'notice',
  passkey_id: 'passkey',
  watch_list_id: 'watchList',
  alert_id: 'alert',
  device_id: 'device',
  delivery_id: 'delivery',
  place: 'place',
  user_id: 'user',
  username: 'username',
  refresh_token: 'refresh',
  next_cursor: 'cursor',
}
const JUNK: readonly Headers[] = [
  ...[{ authorization: 'Bearer x.y.z' }, { authorization: 'Basic YTpi' }, { authorization: '' }],
  ...[{ 'x-api-key': 'motu_x' }, { 'x-api-key': '' }, { 'x-api-key': 'x'.repeat(3_000) }],
  { 'x-api-key': 'motu_AAAAAAAAAAAA_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA' },
]

/** No market reaches the alert while these tests run. */
const KEPT = {
  '/api/v1/watch-lists': { name: '반도체', tickers: ['US-STOCK-NVDA'] },
  '/api/v1/price-alerts': { ticker_id: 'CRYPTO-COIN-BTC', condition: 'BELOW', price: '1' },
}

export class Actors {
  readonly #stage: Stage
  readonly #known = new Map<string, string[]>([['provider', [PROVIDER, 'nobody']]])
  readonly #shown = new Map<Who, { headers: Headers; userId: string | null }>()
  readonly #people = new Map<Who, Person>()
  /** Whom the tests made admins, rather than a request. */
  readonly admins = new Set<string>()
  #junk = 0

  constructor(stage: Stage) {
    this.#stage = stage
  }

  /** Lets who was shut out in again, or another for him; sees to it that there is something to lose. */
  async upkeep(): Promise<void> {
    await this.#letIn('user', 'USER')
    await this.#letIn('admin', 'ADMIN')
    await this.#furnish(this.userOf('user')!)
  }

  /** Whom a request speaks for. */
  userOf(who: Who): string | null {
    return this.#shown.get(who)?.userId ?? null
  }

  /** The request as it goes over the line. */
  requestOf({ method, path, query, headers, body, who }: Draft): Request {
    const pairs = query.map(([name, value]) => `${encoded(name)}=${encoded(this.#fill(value))}`)
    const at = decodeKnown(path, (text) => encoded(this.#fill(text)))
    const shown = who === 'stranger' ? this.#nextJunk() : (this.#shown.get(who)?.headers ?? {})
    return {
      method,
      path: pairs.length === 0 ? at : `${at}?${pairs.join('&')}`,
      headers: { ...headers, ...shown },
      ...(body === null ? {} : { body: this.#fill(body) }),
    }
  }

  /** Remembers what an answer shows. */
  learn(answer: Answer): void {
    if (answer.status >= 300 || !answer.headers['content-type']?.includes('json')) return
    const text = answer.text.slice(0, 20_000)
    for (const [, name = '', value = ''] of text.matchAll(/"(\w+)":"([^"\\]{1,300})"/g)) {
      const kind = KINDS[name]
      if (kind) this.#remember(kind, value)
    }
  }

  #remember(kind: string, value: string): void {
    const values = this.#known.get(kind) ?? []
    values.push(value)
    if (values.length > KNOWN_MAX) values.shift()
    this.#known.set(kind, values)
  }

  #fill(text: string): string {
    return text.replace(/«(\w+):(\d+)»/g, (_, kind: string, index: string) => {
      const values = this.#known.get(kind) ?? []
      // Mostly the newest: what is old may be gone, or another's.
      const age = (Number.parseInt(index, 10) / INDICES) ** 3
      return values.at(-1 - Math.floor(age * values.length)) ?? kind
    })
  }

  #nextJunk(): Headers {
    this.#junk += 1
    return JUNK[this.#junk % JUNK.length]!
  }

  async #letIn(who: 'user' | 'admin', role: 'USER' | 'ADMIN'): Promise<void> {
    if (await this.#isWelcome(who, role)) return
    const known = this.#people.get(who)
    const isBack = known && (await this.#comeBack(who, known)) && (await this.#isWelcome(who, role))
    if (isBack) return
    const person = await this.#stage.newPerson(role)
    const { userId, username } = person
    if (role === 'ADMIN') this.admins.add(userId)
    this.#remember('user', userId)
    this.#remember('username', username)
    await this.#show(who, person)
  }

  async #isWelcome(who: 'user' | 'admin', role: 'USER' | 'ADMIN'): Promise<boolean> {
    for (const one of [who, KEY_OF[who]]) {
      const headers = this.#shown.get(one)?.headers ?? {}
      const { status, text } = await this.#stage.motu.edge.get('/api/v1/users/me', headers)
      if (status !== 200 || (JSON.parse(text) as { role: string }).role !== role) return false
    }
    return true
  }

  /** The same person, signed in anew, with a new key; false when he may have neither. */
  async #comeBack(who: 'user' | 'admin', person: Person): Promise<boolean> {
    const body = { username: person.username, password: PASSWORD }
    const signIn = await this.#stage.ask('POST', '/api/v1/login/access-token', {}, body)
    if (signIn.status !== 200) return false
    return this.#show(who, { ...person, tokens: JSON.parse(signIn.text) as Tokens })
  }

  /** False when he may have no key any more. */
  async #show(who: 'user' | 'admin', person: Person): Promise<boolean> {
    const { userId, tokens } = person
    const headers = bearer(tokens)
    const scopes = who === 'admin' ? ['trade', 'admin'] : ['trade']
    const body = { name: 'bot', scopes, quota_per_minute: QUOTA_PER_MINUTE_MAX }
    const made = await this.#stage.ask('POST', '/api/v1/api-keys', headers, body)
    if (made.status !== 201) return false
    const { api_key: key } = JSON.parse(made.text) as CreatedApiKey
    this.#people.set(who, person)
    this.#shown.set(who, { headers, userId })
    this.#shown.set(KEY_OF[who], { headers: { 'x-api-key': key }, userId })
    if (tokens.refresh_token) this.#remember('refresh', tokens.refresh_token)
    return true
  }

  /** A notice, a passkey and an account elsewhere, a watch list and an alert: what a request seldom makes alone. */
  async #furnish(userId: string): Promise<void> {
    const { sql } = this.#stage.motu
    const [noticeId, passkeyId] = [randomUUID(), randomUUID()]
    await sql`
      INSERT INTO notices (id, user_id, kind, created_at)
      VALUES (${noticeId}, ${userId}, 'password_changed', now())`
    this.#remember('notice', noticeId)
    await sql`
      INSERT INTO oidc_identities (provider, subject, user_id, label, linked_at)
      VALUES (${PROVIDER}, ${randomUUID()}, ${userId}, 'someone', now()) ON CONFLICT DO NOTHING`
    const made = await sql`
      INSERT INTO passkeys (id, user_id, name, public_key, counter, created_at)
      SELECT ${passkeyId}, ${userId}, 'one', '', 0, now()
      WHERE (SELECT count(*) FROM passkeys WHERE user_id = ${userId}) < 5 RETURNING 1`
    if (made.length > 0) this.#remember('passkey', passkeyId)
    await this.#sendInVain()
    await sql`
      INSERT INTO channel_links (id, user_id, service, external_id, display_name, may_trade, linked_at)
      SELECT 'link:' || gen_random_uuid(), ${userId}, service, floor(random() * 1e15)::text, 'one', false,
        now() FROM unnest(ARRAY['discord', 'telegram']) AS service ON CONFLICT DO NOTHING`
    const { headers } = this.#shown.get('user')!
    for (const [path, body] of Object.entries(KEPT)) {
      // Their ids are their owner's choice; whoever has too many may lose one of those.
      this.learn(await this.#stage.ask('PUT', `${path}/${randomUUID()}`, headers, body))
    }
    const endpoint = `https://fcm.googleapis.com/fcm/send/${randomUUID()}`
    const device = { endpoint, keys: keysOf(newDevice()) }
    this.learn(await this.#stage.ask('POST', '/api/v1/push/devices', headers, device))
  }

  /** A message that failed, to a place that is gone. */
  async #sendInVain(): Promise<void> {
    const { sql } = this.#stage.motu
    await sql`
      INSERT INTO delivery_places (place, switched_off_at) VALUES ('discord:alerts', now())
      ON CONFLICT DO NOTHING`
    const [row] = await sql<{ id: bigint }[]>`
      INSERT INTO deliveries (place, is_summary, state, not_before, created_at, ended_at)
      VALUES ('discord:alerts', false, 'failed', now(), now(), now()) RETURNING id`
    this.#remember('place', 'discord:alerts')
    this.#remember('delivery', row!.id.toString())
  }
}

/** What stands for something known is encoded like the rest of a path. */
function decodeKnown(path: string, fill: (text: string) => string): string {
  const isKnown = new RegExp(`${encoded('«')}(\\w+)${encoded(':')}(\\d+)${encoded('»')}`, 'g')
  return path.replace(isKnown, (_, kind: string, index: string) => fill(`«${kind}:${index}»`))
}
