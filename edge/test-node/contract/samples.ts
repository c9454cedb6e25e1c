// One good call of every route: what its caller sends, what he gets, and what another user gets who
// sends the same. Keys are the routes as the contract spells them.

import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Principal } from '@motu/shared/contract/access.ts'
import type { AcceptedOrder, Order } from '@motu/shared/contract/orders.ts'
import type {
  PasskeyCreationOptions,
  PasskeyRequestOptions,
} from '@motu/shared/contract/passkeys.ts'
import { SoftAuthenticator } from '../../../home/test/api/soft-authenticator.ts'
import { limitOrder } from '../edge-under-test.ts'
import { ADMIN_SAMPLES } from './admin-samples.ts'
import { APP_SAMPLES } from './app-samples.ts'
import { bearer, bodyOf, type Cast, PASSWORD, type Person, sidOf, type Stage } from './cast.ts'
import { PROVIDER } from './real-motu.ts'

/** What goes into the route's path, behind it, and with it. */
export type Sent = { params?: Record<string, string>; query?: string; body?: unknown }

export type Sample = {
  /** What comes back to whom the route is for. */
  status: number
  /** What comes back to another user, where the path names something that is not his. */
  stranger?: number
  /** What counts is what is shown, not who may call: instead of the two above. */
  judge?: (is: Principal | null) => number
  /** It ends the sign-in it is called with. */
  spends?: true
  /** `who` calls; whatever the path names belongs to the owner. */
  make: (stage: Stage, cast: Cast, who: Person) => Sent | Promise<Sent>
}

const nothing = (): Sent => ({})
const TICKER = { ticker_id: 'CRYPTO-COIN-BTC' }
const AT_PROVIDER = { provider: PROVIDER }
const SECRETS = { api_key: 'a key of an exchange', api_secret: 'its secret' }
const SPARE = 'a key to lose'
const ORDER_TIMEOUT_MS = 10_000

const SESSIONS: Record<string, Sample> = {
  'post /api/v1/auth/register': {
    status: 201,
    make: () => ({
      body: { username: `u${randomUUID().slice(0, 12)}`, password: PASSWORD, nickname: '민지' },
    }),
  },
  'post /api/v1/login/access-token': {
    status: 200,
    make: (_, { owner }) => ({ body: { username: owner.username, password: PASSWORD } }),
  },
  'post /api/v1/login/refresh': {
    status: 200,
    make: async (stage, { owner }) => {
      const { refresh_token } = await stage.signIn(owner.username)
      return { body: { refresh_token } }
    },
  },
  'post /api/v1/logout': {
    status: 204,
    spends: true,
    judge: (is) => (is?.via.kind === 'session' ? 204 : 401),
    make: () => ({ body: {} }),
  },
  'get /api/v1/users/me': { status: 200, make: nothing },
  'patch /api/v1/users/me': { status: 200, make: () => ({ body: { nickname: '새 이름' } }) },
  'post /api/v1/users/me/password': {
    status: 204,
    make: () => ({ body: { current_password: PASSWORD, new_password: PASSWORD } }),
  },
  'get /api/v1/users/me/notices': { status: 200, make: nothing },
  'post /api/v1/users/me/notices/{id}/read': {
    status: 204,
    stranger: 404,
    make: async ({ motu }, { owner }) => {
      const id = randomUUID()
      await motu.sql`
        INSERT INTO notices (id, user_id, kind, created_at)
        VALUES (${id}, ${owner.userId}, 'password_changed', now())`
      return { params: { id } }
    },
  },
  'get /api/v1/auth/sessions': { status: 200, make: nothing },
  'delete /api/v1/auth/sessions/{id}': {
    status: 204,
    stranger: 404,
    make: async (stage, { owner }) => ({
      params: { id: sidOf(await stage.signIn(owner.username)) },
    }),
  },
  'delete /api/v1/auth/sessions': { status: 204, make: nothing },
}

const WAYS_IN: Record<string, Sample> = {
  'get /api/v1/auth/providers': { status: 200, make: nothing },
  'get /api/v1/auth/oidc/{provider}/start': {
    status: 302,
    make: () => ({ params: AT_PROVIDER, query: '?next=%2Fportfolio' }),
  },
  'get /api/v1/auth/oidc/{provider}/callback': {
    status: 302,
    make: () => ({ params: AT_PROVIDER, query: '?state=unknown&code=x' }),
  },
  'post /api/v1/auth/oidc/{provider}/link': { status: 200, make: () => ({ params: AT_PROVIDER }) },
  'get /api/v1/auth/identities': { status: 200, make: nothing },
  'delete /api/v1/auth/identities/{provider}': {
    status: 204,
    stranger: 404,
    make: async ({ motu }, { owner }) => {
      await motu.sql`
        INSERT INTO oidc_identities (provider, subject, user_id, label, linked_at)
        VALUES (${PROVIDER}, ${randomUUID()}, ${owner.userId}, 'someone', now())`
      return { params: AT_PROVIDER }
    },
  },
  'post /api/v1/login/passkey/options': { status: 200, make: nothing },
  'post /api/v1/login/passkey': {
    status: 200,
    make: async (stage, cast) => {
      const authenticator = await usedPasskey(stage, cast)
      const asked = await stage.ask('POST', '/api/v1/login/passkey/options')
      const options = bodyOf<PasskeyRequestOptions>(asked, 200)
      return { body: { credential: authenticator.use(options) } }
    },
  },
  'post /api/v1/auth/passkeys/options': { status: 200, make: nothing },
  'post /api/v1/auth/passkeys': {
    status: 201,
    // What the owner was asked is no question to anyone else.
    stranger: 400,
    make: async (stage, _, who) => {
      const authenticator = new SoftAuthenticator(stage.motu.origin)
      return { body: { name: '휴대폰', credential: authenticator.make(await askedOf(stage, who)) } }
    },
  },
  'get /api/v1/auth/passkeys': { status: 200, make: nothing },
  'delete /api/v1/auth/passkeys/{id}': {
    status: 204,
    stranger: 404,
    make: async (stage, { owner }) => ({ params: { id: (await newPasskey(stage, owner)).id } }),
  },
}

const MARKET: Record<string, Sample> = {
  'get /api/v1/status': { status: 200, make: nothing },
  'get /api/v1/openapi.json': { status: 200, make: nothing },
  'get /api/v1/market/instruments': { status: 200, make: nothing },
  'get /api/v1/market/quotes/{ticker_id}': { status: 200, make: () => ({ params: TICKER }) },
  'get /api/v1/market/quotes': { status: 200, make: () => ({ query: '?tickers=US-STOCK-AAPL' }) },
  'get /api/v1/market/candles/{ticker_id}': {
    status: 200,
    make: () => ({ params: TICKER, query: '?interval=1m' }),
  },
  'get /api/v1/market/days/{ticker_id}': { status: 200, make: () => ({ params: TICKER }) },
  'get /api/v1/market/movers': { status: 200, make: () => ({ query: '?by=turnover&venue=US' }) },
  'get /api/v1/market/references': {
    status: 200,
    make: () => ({ query: '?ticker=CRYPTO-COIN-BTC' }),
  },
  'get /api/v1/market/calendar/{venue}': {
    status: 200,
    make: () => ({ params: { venue: 'KRX' }, query: '?from=2026-11-20&to=2026-11-27' }),
  },
  'get /api/v1/market/clock': { status: 200, make: nothing },
  'get /api/v1/market/corporate-actions': { status: 200, make: () => ({ query: '?limit=5' }) },
}

const ORDERS: Record<string, Sample> = {
  'post /api/v1/orders': { status: 202, make: () => ({ body: limitOrder() }) },
  'post /api/v1/orders/batch': { status: 202, make: () => ({ body: { orders: [limitOrder()] } }) },
  'post /api/v1/orders/test': { status: 200, make: () => ({ body: limitOrder() }) },
  'patch /api/v1/orders/{id}': {
    status: 202,
    // The edge asks home for the order in its caller's name.
    stranger: 404,
    make: async (stage, cast) => ({
      ...(await openOrder(stage, cast)),
      body: { client_order_id: randomUUID(), quantity: '0.02' },
    }),
  },
  'delete /api/v1/orders/{id}': {
    status: 202,
    // Taken, for whose order it is only home knows; and home finds no such order of his.
    stranger: 202,
    make: openOrder,
  },
  'get /api/v1/orders/{id}': { status: 200, stranger: 404, make: openOrder },
  'get /api/v1/orders': {
    status: 200,
    make: () => ({ query: '?status=OPEN&side=BUY&venue=CRYPTO&query=btc&from=2026-11-20&limit=5' }),
  },
  'get /api/v1/orders/{id}/fills': { status: 200, stranger: 404, make: openOrder },
  'get /api/v1/orders/{id}/receipt': { status: 200, stranger: 404, make: openOrder },
  'get /api/v1/fills': { status: 200, make: () => ({ query: '?limit=5&from=2026-11-20' }) },
  'get /api/v1/portfolio': { status: 200, make: nothing },
  'get /api/v1/portfolio/history': { status: 200, make: () => ({ query: '?range=1w' }) },
  'get /api/v1/portfolio/realized': { status: 200, make: () => ({ query: '?from=2026-11-20' }) },
  'get /api/v1/portfolio/ledger': { status: 200, make: () => ({ query: '?limit=5&kind=buy' }) },
  'get /api/v1/ranking': { status: 200, make: () => ({ query: '?period=day&limit=5' }) },
}

const KEYS: Record<string, Sample> = {
  'post /api/v1/api-keys': {
    status: 201,
    make: () => ({ body: { name: SPARE, scopes: ['read'] } }),
  },
  'get /api/v1/api-keys': { status: 200, make: nothing },
  'post /api/v1/api-keys/{id}/rotate': {
    status: 201,
    stranger: 404,
    make: async (stage, cast) => ({
      ...(await keyToLose(stage, cast)),
      body: { grace_seconds: 60 },
    }),
  },
  'delete /api/v1/api-keys/{id}': { status: 204, stranger: 404, make: keyToLose },
  'get /api/v1/exchange-credentials': { status: 200, make: nothing },
  'get /api/v1/exchange-credentials/{exchange}': {
    status: 200,
    stranger: 404,
    make: (stage, cast) => keptCredentials(stage, cast, 'upbit'),
  },
  // His own, whoever he is; that the owner's are left alone is looked at besides.
  'put /api/v1/exchange-credentials/{exchange}': {
    status: 200,
    make: async (stage, cast) => ({
      ...(await keptCredentials(stage, cast, 'okx')),
      body: SECRETS,
    }),
  },
  'delete /api/v1/exchange-credentials/{exchange}': {
    status: 204,
    stranger: 404,
    make: (stage, cast) => keptCredentials(stage, cast, 'kis'),
  },
}

export const SAMPLES: Readonly<Record<string, Sample>> = {
  ...SESSIONS,
  ...WAYS_IN,
  ...MARKET,
  ...ORDERS,
  ...KEYS,
  ...APP_SAMPLES,
  ...ADMIN_SAMPLES,
}

/** An order of the owner's that rests, and that home knows. */
async function openOrder(stage: Stage, { owner }: Cast): Promise<Sent> {
  const headers = bearer(owner.tokens)
  const placed = await stage.ask('POST', '/api/v1/orders', headers, limitOrder())
  const { order_id: id } = bodyOf<AcceptedOrder>(placed, 202)
  const deadline = Date.now() + ORDER_TIMEOUT_MS
  const path = `/api/v1/orders/${id}`
  for (;;) {
    const { status } = bodyOf<Order>(await stage.ask('GET', path, headers), 200)
    if (status === 'OPEN') return { params: { id } }
    if (Date.now() > deadline) throw new Error(`the order is ${status}, it should rest`)
    await sleep(10)
  }
}

async function keyToLose(stage: Stage, { owner }: Cast): Promise<Sent> {
  // An account has few keys: those of the calls before make room.
  await stage.motu.sql`
    UPDATE api_keys SET is_active = false, revoked_at = now(), revoked_reason = 'revoked'
    WHERE user_id = ${owner.userId} AND name = ${SPARE} AND is_active`
  const { api_key_id: id } = await stage.newKey(owner, ['read'], SPARE)
  return { params: { id } }
}

async function keptCredentials(stage: Stage, { owner }: Cast, exchange: string): Promise<Sent> {
  const path = `/api/v1/exchange-credentials/${exchange}`
  bodyOf(await stage.ask('PUT', path, bearer(owner.tokens), SECRETS), 200)
  return { params: { exchange } }
}

async function askedOf(stage: Stage, { tokens }: Person): Promise<PasskeyCreationOptions> {
  return bodyOf(await stage.ask('POST', '/api/v1/auth/passkeys/options', bearer(tokens)), 200)
}

/** An account has few passkeys: those who sign in share one. */
const used = new WeakMap<Cast, Promise<SoftAuthenticator>>()

function usedPasskey(stage: Stage, cast: Cast): Promise<SoftAuthenticator> {
  const passkey = used.get(cast) ?? newPasskey(stage, cast.owner)
  used.set(cast, passkey)
  return passkey
}

async function newPasskey(stage: Stage, owner: Person): Promise<SoftAuthenticator> {
  const authenticator = new SoftAuthenticator(stage.motu.origin)
  const credential = authenticator.make(await askedOf(stage, owner))
  const body = { name: '휴대폰', credential }
  bodyOf(await stage.ask('POST', '/api/v1/auth/passkeys', bearer(owner.tokens), body), 201)
  return authenticator
}
