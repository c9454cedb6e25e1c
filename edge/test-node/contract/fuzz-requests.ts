// Requests to every route of the contract: good ones, nearly good ones, and none of either.

import fc from 'fast-check'
import type { Access } from '@motu/shared/contract/access.ts'
import { type PublicRoute, ROUTES } from '@motu/shared/contract/routes.ts'
import { bodyFor, fitting, hostile, hostileText, parameterOf, twisted } from './arbitraries.ts'
import { likelyOrder, likelyReplacement } from './fuzz-orders.ts'
import type { Operation, Schema, ServedDocument } from './served-document.ts'

/** Who sends it; what he shows is known when it is sent. */
export const WHO = ['nobody', 'user', 'key', 'admin', 'adminKey', 'stranger'] as const
export type Who = (typeof WHO)[number]

/** A request before it is sent; `«kind:number»` stands for what is known then. */
export type Draft = {
  method: string
  /** Not yet encoded: the parts are. */
  path: string
  query: readonly (readonly [name: string, value: string])[]
  headers: Readonly<Record<string, string>>
  body: string | null
  who: Who
}

const FITS: Readonly<Record<Access, readonly Who[]>> = {
  anyone: ['nobody', 'user'],
  read: ['user', 'key'],
  trade: ['user', 'key'],
  session: ['user', 'user', 'admin'],
  admin: ['admin', 'adminKey'],
}
const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']
const ALIASES = [
  ...['/login/access-token', '/auth/login', '/login/refresh', '/logout', '/api-keys', '/order'],
  ...['/portfolio', '/users/register', '/api/v1/order', '/api/v1/auth/login'],
]

/** A request to any of the routes, each as likely as another. */
export function requestTo(document: ServedDocument): fc.Arbitrary<Draft> {
  const drafts = ROUTES.map((route) => draftOf(route, document))
  return fc.oneof(...drafts, strayDraft)
}

function draftOf(route: PublicRoute, document: ServedDocument): fc.Arbitrary<Draft> {
  const operation = document.operation(route)
  return fc
    .record({
      method: mostly(24, fc.constant(route.method.toUpperCase()), fc.constantFrom(...METHODS)),
      path: mostly(20, pathOf(route, operation, document), fc.constantFrom(...ALIASES)),
      query: queryOf(operation, document),
      headers,
      sent: sentOf(operation, document),
      who: mostly(4, fc.constantFrom(...FITS[route['x-motu-access']]), fc.constantFrom(...WHO)),
    })
    .map(({ sent: { type, body }, ...draft }) => ({
      ...draft,
      headers: { ...(type === null ? {} : { 'content-type': type }), ...draft.headers },
      body,
    }))
}

/** An address that is nobody's, or one's own spelt badly. */
const strayDraft: fc.Arbitrary<Draft> = fc.record({
  method: fc.constantFrom(...METHODS),
  path: fc.oneof(
    fc.constantFrom(
      ...['/api/v1', '/api/v1/', '/api', '/api/v2/orders', '/api/v1//orders', '/API/v1/orders'],
      ...['/api/v1/orders/', '/api/v1/%6frders', '/api/v1/orders/..%2fportfolio', '/internal/keys'],
      ...['/api/v1/../../internal/health', '/internal/orders', '/internal/stream', '/ws/nothing'],
      ...['/api/v1/orders;a=b', '/api/v1/portfolio%00', '/api/v1/portfolio%20', '/ws/stream'],
      ...[
        '/api/v1/%',
        '/api/v1/%zz',
        '/api/v1/%ed%a0%80',
        '/problems/%00',
        '/problems/constructor',
      ],
    ),
    hostileText.map((text) => `/api/v1/${encoded(text)}`),
    fc
      .array(hostileText, { maxLength: 6 })
      .map((texts) => `/api/v1/${texts.map(encoded).join('/')}`),
  ),
  query: fc.array(fc.tuple(hostileText, hostileText), { maxLength: 2 }),
  headers: fc.constant({}),
  body: fc.constantFrom(null, '{}'),
  who: fc.constantFrom(...WHO),
})

function pathOf(
  { path }: PublicRoute,
  operation: Operation,
  document: ServedDocument,
): fc.Arbitrary<string> {
  const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name!)
  const values = names.map((name) => {
    const parameter = operation.parameters?.find((one) => one.in === 'path' && one.name === name)
    const schema = document.whole(parameter?.schema ?? {})
    return mostly(5, parameterOf(path, name, schema).map(String), hostileText.filter(Boolean))
  })
  return fc
    .tuple(...values)
    .map((filled) =>
      names.reduce(
        (at, name, index) => at.replace(`{${name}}`, () => encoded(filled[index]!)),
        path,
      ),
    )
}

function queryOf(operation: Operation, document: ServedDocument): fc.Arbitrary<[string, string][]> {
  const known = (operation.parameters ?? []).filter((one) => one.in === 'query')
  const pairs = known.map(({ name, schema }) => {
    const value = mostly(4, fitting(document.whole(schema), name).map(String), hostileText)
    return fc.option(value.map((text): [string, string] => [name, text]))
  })
  const names = ['limit', 'cursor', 'user_id', '__proto__', 'role', 'status', 'q[]']
  const stray = fc.tuple(fc.constantFrom(...names), hostileText)
  return fc
    .tuple(fc.tuple(...pairs), mostly(6, fc.constant([]), fc.array(stray, { maxLength: 3 })))
    .map(([own, more]) => [...own.filter((pair) => pair !== null), ...more])
}

type Sent = { type: string | null; body: string | null }

const JSON_TYPE = 'application/json'
const FORM_TYPE = 'application/x-www-form-urlencoded'
const OTHER_TYPES = [
  ...[
    null,
    'text/plain',
    'application/xml',
    'application/json; charset=utf-16',
    'a/b',
    ';;',
    '*/*',
  ],
  ...[
    FORM_TYPE,
    'multipart/form-data',
    'multipart/form-data; boundary=x',
    'application/problem+json',
  ],
]
const MALFORMED = [
  ...[
    '',
    '{',
    '{"a":',
    'null',
    '[]',
    '"',
    'NaN',
    '{"a":1,}',
    "{'a':1}",
    '\ufeff{}',
    '{}{}',
    '\u0000',
  ],
  ...[
    '--x\r\n\r\n--x--',
    '{"a":1e999}',
    '['.repeat(3_000),
    `"${'x'.repeat(70_000)}"`,
    '%',
    'a=b&c',
  ],
]

function sentOf(operation: Operation, document: ServedDocument): fc.Arbitrary<Sent> {
  const schema = operation.requestBody?.content[JSON_TYPE]?.schema
  const wanted = schema ? bodiesOf(document, schema) : fc.constant(undefined)
  const good = wanted.map((value): Sent => {
    if (value === undefined) return { type: null, body: null }
    return { type: JSON_TYPE, body: JSON.stringify(value) }
  })
  const inAnyDress = fc
    .tuple(schema ? wanted : hostile, fc.constantFrom(...OTHER_TYPES))
    .map(([value, type]): Sent => ({ type, body: dressed(value, type) }))
  const malformed = fc
    .tuple(fc.constantFrom(...MALFORMED), fc.constantFrom(JSON_TYPE, JSON_TYPE, ...OTHER_TYPES))
    .map(([body, type]): Sent => ({ type, body }))
  return fc.oneof(
    { weight: 14, arbitrary: good },
    { weight: 1, arbitrary: inAnyDress },
    { weight: 1, arbitrary: malformed },
  )
}

/** Orders of a batch are judged one by one, so its schema says nothing of them. */
function bodiesOf(document: ServedDocument, schema: Schema): fc.Arbitrary<unknown> {
  const whole = document.whole(schema)
  const fields = whole.properties ?? {}
  if (fields.ticker_id && fields.side) return orderFor(whole)
  if (fields.limit_price) return mostly(3, twisted(likelyReplacement), bodyFor(whole))
  if (!fields.orders) return bodyFor(whole)
  const order = orderFor(document.whole({ $ref: '#/components/schemas/PlaceOrder' }))
  const orders = fc.array(order, { minLength: 1, maxLength: 8 }).map((all) => ({ orders: all }))
  return mostly(4, orders, bodyFor(whole))
}

const orderFor = (schema: Schema): fc.Arbitrary<unknown> =>
  mostly(3, twisted(likelyOrder), bodyFor(schema))

function dressed(value: unknown, type: string | null): string {
  const text = JSON.stringify(value) ?? ''
  if (type !== FORM_TYPE || typeof value !== 'object' || value === null) return text
  const textOf = (one: unknown): string => (typeof one === 'string' ? one : JSON.stringify(one))
  const pairs = Object.entries(value).map(([name, one]): [string, string] => [name, textOf(one)])
  return new URLSearchParams(pairs).toString()
}

const HEADERS: Readonly<Record<string, readonly string[]>> = {
  'idempotency-key': ['a', 'same', '', 'x'.repeat(65), 'with blank', '\u00e9', "' OR 1=1"],
  'x-forwarded-for': ['203.0.113.7', '198.51.100.9, 203.0.113.8', 'nonsense', '::1', '1.2.3.4:5'],
  'x-forwarded-proto': ['https', 'gopher'],
  'x-request-id': ['x'.repeat(300)],
  'motu-request-id': ["'; --"],
  'motu-client-address': ['10.0.0.1'],
  'motu-public-origin': ['https://evil.example', 'nonsense'],
  'motu-signature': ['1763596800000.aaaaaaaa.'.padEnd(87, '0')],
  'motu-session': ['cookie', 'other'],
  origin: ['https://evil.example', 'null', '', 'http://['],
  cookie: ['__Secure-motu_refresh=x', '__Secure-motu_oidc=%', 'a=b; c', '=;=;'],
  accept: ['text/html', 'application/xml', '*/*;q=0', '\u00ff'],
  'accept-language': ['ko', 'x'.repeat(200)],
  'user-agent': ['', 'x'.repeat(2_000), '\u00ff\u00fe'],
  'content-encoding': ['gzip', 'br'],
  'if-none-match': ['*'],
  range: ['bytes=0-1'],
  'x-http-method-override': ['DELETE'],
  'accept-encoding': ['identity'],
}
const oneHeader = fc
  .constantFrom(...Object.entries(HEADERS))
  .chain(([name, values]) => fc.tuple(fc.constant(name), fc.constantFrom(...values)))
const headers: fc.Arbitrary<Record<string, string>> = mostly(
  3,
  fc.constant({}),
  fc.array(oneHeader, { maxLength: 4 }).map((pairs) => Object.fromEntries(pairs)),
)

/** `often` `times` to one of `seldom`. */
function mostly<A, B>(
  times: number,
  often: fc.Arbitrary<A>,
  seldom: fc.Arbitrary<B>,
): fc.Arbitrary<A | B> {
  return fc.oneof({ weight: times, arbitrary: often }, { weight: 1, arbitrary: seldom })
}

/** For a URL; half of a character has no form there but its replacement. */
export const encoded = (text: string): string => encodeURIComponent(text.toWellFormed())
