// Values for the schemas of the document: those that fit, those that almost do, and those that somebody
// sends who means no good.

import fc from 'fast-check'
import { INSTRUMENTS } from '@motu/shared/instrument.ts'
import { USD_KRW } from '@motu/shared/ticker.ts'
import { keysOf, newDevice } from '../../../home/test/notifier/push-device.ts'
import { PASSWORD } from './cast.ts'
import type { Schema } from './served-document.ts'

/** Of what is known, the places from the newest to the oldest. */
export const INDICES = 1_000

/** Stands for something that is only known when it is sent: `«order:3»` is one of the orders. */
const known = (kind: string): fc.Arbitrary<string> =>
  fc.nat({ max: INDICES - 1 }).map((index) => `«${kind}:${index}»`)

const TICKERS = [...INSTRUMENTS.map(({ tickerId }) => tickerId), USD_KRW]

/** Few, so that the key of a path often is the one of its body. */
const TEMPLATES = ['whale_trade', 'daily_report'] as const

/** What a name means, where its schema alone leads nowhere. */
const BY_NAME: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  key: fc.constantFrom(...TEMPLATES),
  ticker_id: fc.constantFrom(...TICKERS),
  ticker: fc.constantFrom(...TICKERS),
  tickers: fc.subarray(TICKERS, { minLength: 1 }).map((tickers) => tickers.join(',')),
  quantity: fc.constantFrom('0.001', '0.01', '1', '3', '1000000', '0.00000001'),
  limit_price: fc.constantFrom('9500000', '150000000', '70000', '200', '200.01'),
  notional: fc.constantFrom('5000', '100000', '4999.99', '1000000000'),
  stop_price: fc.constantFrom('9400000', '140000000', '65000', '190', '190.01'),
  trail_amount: fc.constantFrom('1000', '100', '0.01', '0.001'),
  trail_percent: fc.constantFrom('5', '50', '50.01', '0.00000001'),
  expire_at: fc.constantFrom('2099-01-01T00:00:00.000Z', '2001-01-01T00:00:00+09:00'),
  ex_date: fc.constantFrom('2098-12-29', '2098-12-30', '2098-02-30'),
  ratio_from: fc.constantFrom('1', '5', '0'),
  ratio_to: fc.constantFrom('2', '50', '0.00000001'),
  password: fc.constant(PASSWORD),
  current_password: fc.constant(PASSWORD),
  new_password: fc.constant(PASSWORD),
  refresh_token: known('refresh'),
  amount_krw: fc.constantFrom('1000', '-250.5', '0.00000001', '999999999999', '-999999999999'),
  allowed_networks: fc.constantFrom([], [], ['127.0.0.0/8'], ['::/0', '0.0.0.0/0'], ['1.2.3.4/33']),
  expires_at: fc.constantFrom('2099-01-01T00:00:00.000Z', '2001-01-01T00:00:00Z'),
  cursor: known('cursor'),
  place: known('place'),
  user_id: known('user'),
  from: fc.constantFrom('0', '2026-11-20T00:00:00Z', '1763596800000', '2026-11-20'),
  to: fc.constantFrom('2026-11-22T00:00:00+09:00', '4102444799999', '2026-11-22'),
  date: fc.constantFrom('2027-12-30', '2027-12-31', '2027-02-30'),
  opens: fc.constantFrom('09:00', '10:00', '23:00'),
  closes: fc.constantFrom('15:30', '12:00:30', '24:00', '24:30'),
  endpoint: fc.constantFrom('https://fcm.googleapis.com/fcm/send/a', 'https://10.0.0.1/'),
  p256dh: fc.constantFrom(keysOf(newDevice()).p256dh, `B${'A'.repeat(86)}`),
  time_zone: fc.constantFrom('Asia/Seoul', 'America/New_York', 'UTC', '+09:00', 'Mars/Base'),
  next: fc.constantFrom('/', '/portfolio', '//evil.example', '/\t/x', 'https://evil.example'),
}

/** Whose `id` stands in a path. */
const IDS: readonly [path: RegExp, kind: string][] = [
  [/\/orders\//, 'order'],
  [/\/api-keys\//, 'key'],
  [/\/sessions\//, 'session'],
  [/\/notices\//, 'notice'],
  [/\/passkeys\//, 'passkey'],
  [/\/admin\/users\//, 'user'],
  [/\/admin\/deliveries\//, 'delivery'],
  [/\/watch-lists\//, 'watchList'],
  [/\/price-alerts\//, 'alert'],
  [/\/push\/devices\//, 'device'],
]

/** A parameter of a path, as its owner would fill it in. */
export function parameterOf(path: string, name: string, schema: Schema): fc.Arbitrary<unknown> {
  if (name === 'provider') return known('provider')
  // A text is changed where its own key is in the body too.
  if (name === 'key' && path.includes('/templates/')) return fc.constantFrom(...TEMPLATES)
  const kind = name === 'id' ? IDS.find(([pattern]) => pattern.test(path))?.[1] : undefined
  return kind === undefined ? fitting(schema, name) : known(kind)
}

/** Values that fit a schema; `name` is what it is called where it stands. */
export function fitting(schema: Schema, name = ''): fc.Arbitrary<unknown> {
  // A user name signs in where no pattern says how to make a new one.
  if (name === 'username' && !schema.pattern) return known('username')
  // The tickers of a query are one text, those of a body are many.
  if (name === 'tickers' && schema.type === 'array') return ofType('array', schema, 'ticker')
  const hint = BY_NAME[name]
  if (hint)
    return fc.oneof({ weight: 9, arbitrary: hint }, { weight: 1, arbitrary: bySchema(schema) })
  return bySchema(schema)
}

function bySchema(schema: Schema): fc.Arbitrary<unknown> {
  if (schema.const !== undefined) return fc.constant(schema.const)
  if (schema.enum) return fc.constantFrom(...schema.enum)
  if (schema.anyOf) return fc.oneof(...schema.anyOf.map((one) => fitting(one)))
  const types = [schema.type ?? []].flat()
  return types.length === 0
    ? fc.jsonValue()
    : fc.oneof(...types.map((type) => ofType(type, schema)))
}

function ofType(type: string, schema: Schema, itemName = ''): fc.Arbitrary<unknown> {
  const { minimum: min = -1_000, maximum: max = 1_000_000 } = schema
  switch (type) {
    case 'string':
      return textOf(schema)
    case 'integer':
      return fc.integer({ min, max })
    case 'number':
      return fc.double({ min, max, noNaN: true })
    case 'boolean':
      return fc.boolean()
    case 'array':
      return fc.array(fitting(schema.items ?? {}, itemName), {
        minLength: schema.minItems ?? 0,
        maxLength: Math.min(schema.maxItems ?? 5, 5),
      })
    case 'object':
      return objectOf(schema)
    default:
      return fc.constant(null)
  }
}

function textOf({ pattern, format, minLength = 0, maxLength = 40 }: Schema): fc.Arbitrary<string> {
  if (format === 'uuid') return fc.uuid({ version: 4 })
  if (format === 'date-time') return fc.date({ noInvalidDate: true }).map((at) => at.toISOString())
  const lengths = { minLength: Math.max(minLength, 1), maxLength: Math.min(maxLength, 40) }
  // What is not to hold control characters is made of what holds none.
  if (!pattern || pattern.includes('\\p{')) {
    return fc.string({ unit: fc.constantFrom(...'가나다라abc XYZ019._-'), ...lengths })
  }
  return fc.stringMatching(new RegExp(pattern))
}

function objectOf({ properties = {}, required = [] }: Schema): fc.Arbitrary<unknown> {
  const entries = Object.entries(properties).map(([name, part]) => [name, fitting(part, name)])
  return fc.record(Object.fromEntries(entries) as Record<string, fc.Arbitrary<unknown>>, {
    requiredKeys: required,
  })
}

const NUL = '\u0000'
const HOSTILE_TEXTS = [
  ...['', ' ', NUL, `a${NUL}b`, '\ud800', '\udfff\ud800x', '\uffff', '\u202e', '💥👩‍👩‍👧', '－１'],
  ...['__proto__', 'constructor', 'toString', 'null', 'undefined', 'true', '[object Object]'],
  ...[
    '-0',
    '1e5',
    '1e308',
    'NaN',
    'Infinity',
    '0x10',
    '0.123456789',
    '1000000000000',
    '00.1',
    '.5',
  ],
  ...["' OR 1=1 --", "'; DROP TABLE users; --", '1); CALL pg_sleep(9) --', '%', '_', '\\', '$1'],
  ...['${7*7}{{7*7}}<%= 7*7 %>', '<script>alert(1)</script>', '{"$gt":""}', '../../etc/passwd'],
  ...['%00', '%zz', '%s%n', 'a\r\nset-cookie: a=b', '٣', '9'.repeat(400), 'x'.repeat(5_000)],
  ...['2026-02-30T00:00:00Z', '+010000-01-01T00:00:00Z', '00000000-0000-0000-0000-000000000000'],
]
const HOSTILE_NUMBERS = [-1, 0, -0, 1e308, -1e308, 5e-324, 1.123456789, 2 ** 31, 2 ** 53, 2 ** 64]
const HOSTILE_THINGS = [
  ...[null, true, [], {}, [[[[]]]], Array(2_000).fill(0), Array(150).fill({ a: [] })],
  Object.fromEntries([['__proto__', { role: 'ADMIN' }]]),
  { constructor: { prototype: { isAdmin: true } } },
]

/** A text nobody should have to expect. */
export const hostileText: fc.Arbitrary<string> = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...HOSTILE_TEXTS) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 60 }) },
)

/** A value nobody should have to expect. */
export const hostile: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 4, arbitrary: hostileText },
  { weight: 2, arbitrary: fc.constantFrom(...HOSTILE_NUMBERS) },
  { weight: 2, arbitrary: fc.constantFrom(...HOSTILE_THINGS) },
  { weight: 1, arbitrary: fc.jsonValue() },
)

/** What somebody adds who hopes that it is written as it stands. */
const STOLEN: Readonly<Record<string, unknown>> = {
  ...{ status: 'FILLED', price: '1', filled_at: '2026-11-20T00:00:00Z', role: 'ADMIN' },
  ...{
    user_id: '00000000-0000-4000-8000-000000000000',
    balance_krw: '999999999999',
    held_krw: '0',
  },
  ...{ id: 1, partition: 0, is_active: true, scopes: ['admin'], accepted_at: 0, fee_krw: '0' },
  ...{ constructor: {}, sid: null, key_id: 'x', grant_type: 'client_credentials' },
}
const extra = fc.oneof(
  fc.constantFrom(...Object.entries(STOLEN)),
  fc.tuple(fc.oneof(hostileText, fc.constant('__proto__')), hostile),
)

type Twist = (value: unknown) => unknown

const replaceOne =
  (at: number, put: unknown): Twist =>
  (value) => {
    if (!isRecord(value)) return put
    const names = Object.keys(value)
    const name = names[at % Math.max(names.length, 1)] ?? 'nothing'
    const inner = value[name]
    // Now and then what is inside.
    const isDeep = at % 2 === 0 && isRecord(inner)
    return { ...value, [name]: isDeep ? replaceOne(Math.floor(at / 2), put)(inner) : put }
  }

const dropOne =
  (at: number): Twist =>
  (value) => {
    if (!isRecord(value)) return value
    const names = Object.keys(value)
    const gone = names[at % Math.max(names.length, 1)]
    return Object.fromEntries(Object.entries(value).filter(([name]) => name !== gone))
  }

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** What is done to a value that fits. */
const twist: fc.Arbitrary<Twist> = fc.oneof(
  { weight: 9, arbitrary: fc.constant((value: unknown) => value) },
  { weight: 3, arbitrary: fc.tuple(fc.nat(), hostile).map(([at, put]) => replaceOne(at, put)) },
  { weight: 2, arbitrary: fc.nat().map(dropOne) },
  {
    weight: 3,
    arbitrary: fc.array(extra, { minLength: 1, maxLength: 4 }).map(
      (more) => (value: unknown) =>
        // So that a `__proto__` is a field like any other.
        isRecord(value) ? Object.fromEntries([...Object.entries(value), ...more]) : value,
    ),
  },
  { weight: 1, arbitrary: fc.constant((value: unknown) => [value]) },
  { weight: 1, arbitrary: hostile.map((put) => () => put) },
)

/** A body for a schema: most fit it, the others almost. */
export const bodyFor = (schema: Schema): fc.Arbitrary<unknown> => twisted(fitting(schema))

/** Values as they are, and some that somebody did something to. */
export const twisted = (values: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> =>
  fc.tuple(values, twist).map(([value, change]) => change(value))
