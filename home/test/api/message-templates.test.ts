// The texts of messages, changed by admins on a real Postgres and a real Redis, and heard by who sends
// the next message.

import { randomUUID } from 'node:crypto'
import { Redis } from 'ioredis'
import { pino } from 'pino'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { AuditList } from '@motu/shared/contract/admin.ts'
import type { Tokens } from '@motu/shared/contract/auth.ts'
import type {
  MessageTemplate,
  MessageTemplateDetail,
} from '@motu/shared/contract/message-templates.ts'
import { TEMPLATE_KEYS, TEMPLATE_LENGTH_MAX, TEMPLATES } from '@motu/shared/message-template.ts'
import type { Problem } from '@motu/shared/problem.ts'
import { redisBus } from '../../src/bus/redis.ts'
import { startNotifier } from '../../src/notifier/notifier.ts'
import { readNotifierSettings } from '../../src/notifier/notifier-settings.ts'
import { MessageServer } from '../notifier/message-server.ts'
import { until } from '../until.ts'
import { createWorld, PASSWORD, problemIn, type World } from './world.ts'

const PATH = '/api/v1/admin/templates'
const KEY = 'bailout_processed'
const REDIS_URL = process.env.MOTU_REDIS_URL ?? 'redis://127.0.0.1:6379'
const PREFIX = `templates:${process.pid}:`
const ON_BUS = `${PREFIX}config:msg_template:${KEY}`
const DEFAULT = TEMPLATES[KEY].content
const log = pino({ level: 'silent' })

let world: World
let redis: Redis
let token: string
/** Entries of the audit log from before this test: nobody can take one away. */
let heard: number
let admin: { user_id: string; username: string }
beforeAll(async () => {
  redis = new Redis(REDIS_URL)
  world = await createWorld(
    undefined,
    {},
    { bus: redisBus({ url: REDIS_URL, prefix: PREFIX, log }) },
  )
  admin = await world.signedIn()
  token = await adminToken(world, admin)
})
afterAll(async () => {
  await world.close()
  await flush()
  redis.disconnect()
})
beforeEach(async () => {
  await world.sql`TRUNCATE message_templates`
  heard = (await auditLog()).length
  await flush()
})

async function adminToken(of: World, { username }: { username: string }): Promise<string> {
  await of.sql`UPDATE users SET role = 'ADMIN' WHERE username = ${username}`
  const body = { username, password: PASSWORD }
  return (await of.call<Tokens>('/api/v1/login/access-token', { body })).body.access_token
}

/** What FLUSHALL does to us, without doing it to others who share this server. */
async function flush(): Promise<void> {
  const keys = await redis.keys(`${PREFIX}*`)
  if (keys.length > 0) await redis.del(...keys)
}

const put = (body: unknown, key: string = KEY) =>
  world.call<MessageTemplateDetail>(`${PATH}/${key}`, { method: 'PUT', body, token })
const read = async (key: string = KEY) =>
  (await world.call<MessageTemplateDetail>(`${PATH}/${key}`, { token })).body
async function write(content: string): Promise<MessageTemplateDetail> {
  const { status, body } = await put({ key: KEY, content })
  expect(status).toBe(200)
  return body
}
const auditLog = async () =>
  (await world.call<AuditList>('/api/v1/admin/audit?action=message_template_changed', { token }))
    .body.entries

describe('the texts', () => {
  it('are the defaults until somebody changes one, which says who and when', async () => {
    const list = async () =>
      (await world.call<{ templates: MessageTemplate[] }>(PATH, { token })).body.templates
    const before = await list()
    expect(before.map(({ key }) => key)).toEqual(TEMPLATE_KEYS)
    const nobody = { changed_at: null, changed_by: null, changed_by_username: null }
    for (const one of before) {
      const { content } = TEMPLATES[one.key]
      expect(one).toMatchObject({ content, default_content: content, is_default: true, ...nobody })
    }
    expect(before[0]!.placeholders).toContainEqual({
      ...{ name: 'notional', kind: 'krw', sample: '35312500' },
    })
    expect((await read()).versions).toEqual([])

    await write('새 글 {nickname}')
    const after = await list()
    expect(after.filter(({ is_default }) => !is_default)).toEqual([
      {
        ...{ key: KEY, content: '새 글 {nickname}', default_content: DEFAULT, is_default: false },
        placeholders: [{ name: 'nickname', kind: 'text', sample: '모투왕' }],
        changed_at: new Date(world.clock.nowMs).toISOString(),
        ...{ changed_by: admin.user_id, changed_by_username: admin.username },
      },
    ])
  })

  it('keep their history, newest first, and go back to the default', async () => {
    await write('하나')
    world.clock.nowMs += 1_000
    await write('둘')
    const reset = await write(DEFAULT)
    expect(reset.versions.map(({ version, content, is_default }) => [version, content, is_default]))
      // prettier-ignore
      .toEqual([
        [3, DEFAULT, true],
        [2, '둘', false],
        [1, '하나', false],
      ])
    expect(reset).toMatchObject({ content: DEFAULT, is_default: true })
    expect(await read()).toEqual(reset)
    const rows = await world.sql`SELECT content FROM message_templates WHERE version = 3`
    // The default, whatever a later Motu makes of it.
    expect([...rows]).toEqual([{ content: null }])
  })

  it('show the last fifty versions', async () => {
    await world.sql`
      INSERT INTO message_templates (key, version, content, changed_at, changed_by)
      SELECT ${KEY}, n, 'v' || n, now(), ${randomUUID()} FROM generate_series(1, 51) n`
    const { versions } = await read()
    expect([versions.length, versions[0]!.version, versions.at(-1)!.version]).toEqual([50, 51, 2])
    // Nobody is known by this id any more.
    expect(versions[0]).toMatchObject({ content: 'v51', changed_by_username: null })
  })

  it('make no version of a repeat, and an entry of the audit log of each change', async () => {
    await write(DEFAULT)
    expect((await read()).versions).toEqual([])
    await write('하나')
    await write('하나')
    await write(DEFAULT)
    expect((await read()).versions.map(({ version }) => version)).toEqual([2, 1])
    expect((await auditLog()).slice(0, -heard || undefined)).toMatchObject([
      { target: `template:${KEY}`, detail: { key: KEY, version: 2, is_default: true } },
      {
        ...{ actor_id: admin.user_id, target: `template:${KEY}` },
        detail: { key: KEY, version: 1, is_default: false },
      },
    ])
  })

  it('changed at once are versions one after the other, and the last one counts everywhere', async () => {
    const contents = Array.from({ length: 8 }, (_, index) => `동시에 ${index}`)
    await Promise.all(contents.map((content) => write(content)))
    const { content, versions } = await read()
    expect(versions.map(({ version }) => version)).toEqual([8, 7, 6, 5, 4, 3, 2, 1])
    expect(versions.map((one) => one.content).sort()).toEqual(contents)
    expect(content).toBe(versions[0]!.content)
    expect(await redis.get(ON_BUS)).toBe(content)
  })
})

describe('a text', () => {
  const LONGEST = 'x'.repeat(TEMPLATE_LENGTH_MAX)

  it.each([
    ['one character', 'x', 'x'],
    ['as many as may be', LONGEST, LONGEST],
    ['line breaks', '한 줄\r\n두 줄\r세 줄\n', '한 줄\n두 줄\n세 줄\n'],
    ['what looks like code', '{__proto__} ${1+1} {{x}} <b>', '{__proto__} ${1+1} {{x}} <b>'],
  ])('may be %s', async (_, content, kept) => {
    expect((await write(content)).content).toBe(kept)
    expect(await redis.get(ON_BUS)).toBe(kept)
  })

  it.each([
    ['nothing', ''],
    ['one character more than may be', `${LONGEST}x`],
    ['a tab', 'a\tb'],
    ['a NUL', 'a\u0000b'],
    ['a delete', 'a\u007fb'],
    ['half a character', 'a\ud83db'],
    ['nothing to be seen', ' \n\u200b'],
    ['no text', 7],
    ['null', null],
  ])('may not be %s', async (_, content) => {
    expect(problemIn(await put({ key: KEY, content }))).toEqual([
      400,
      'invalid-request',
      '#/content',
    ])
    expect((await read()).versions).toEqual([])
    expect(await auditLog()).toHaveLength(heard)
  })

  it('names its key twice, the same', async () => {
    const answer = await put({ key: 'whale_trade', content: 'x' })
    expect(problemIn(answer)).toEqual([400, 'invalid-request', '#/key'])
    expect((answer.body as unknown as Problem).detail).toContain(KEY)
    expect(problemIn(await put({ content: 'x' }))).toEqual([400, 'invalid-request', '#/key'])
    expect(problemIn(await put({ key: KEY, content: 'x', extra: 1 }))[0]).toBe(400)
  })

  it.each(['no_such', 'toString', '__proto__', 'WHALE_TRADE'])('of %s is none', async (key) => {
    const notFound = [404, 'not-found']
    expect(problemIn(await world.call(`${PATH}/${key}`, { token }))).toEqual(notFound)
    expect(problemIn(await put({ key, content: 'x' }, key))).toEqual(notFound)
  })

  it('is for admins', async () => {
    const { access_token } = await world.signedIn()
    for (const path of [PATH, `${PATH}/${KEY}`]) {
      expect((await world.call(path)).status).toBe(401)
      expect((await world.call(path, { token: access_token })).status).toBe(403)
    }
    const change = { method: 'PUT', body: { key: KEY, content: 'x' } }
    expect((await world.call(`${PATH}/${KEY}`, change)).status).toBe(401)
    expect((await world.call(`${PATH}/${KEY}`, { ...change, token: access_token })).status).toBe(
      403,
    )
    expect((await read()).is_default).toBe(true)
  })
})

describe('the next message', () => {
  it('says the new text, a flush of Redis or not', async () => {
    const server = new MessageServer()
    const origin = await server.start()
    const env: Record<string, string> = {
      DISCORD_HUMAN_WEBHOOK_URL: `${origin}/api/webhooks/1/secret`,
    }
    const bus = redisBus({ url: REDIS_URL, prefix: PREFIX, log })
    const { databaseUrl: postgresUrl, sql } = world
    const settings = readNotifierSettings((name) => env[name] ?? null)
    const stop = await startNotifier({ postgresUrl, sql, bus, settings, now: Date.now, log })
    const tell = async (nickname: string): Promise<string> => {
      const news = { event_id: nickname, kind: KEY, values: { nickname }, simulated: false }
      const { length } = server.arrived
      await bus.publish('human_events', [news])
      await until(() => server.arrived.length === length + 1)
      return server.arrived[length]!.text
    }
    try {
      expect(await tell('가')).toBe(DEFAULT.replace('{nickname}', '가'))
      await write('{nickname} 화이팅')
      expect(await tell('나')).toBe('나 화이팅')
      await flush()
      expect(await tell('다')).toBe('다 화이팅')
      expect(await redis.get(ON_BUS)).toBe('{nickname} 화이팅')
      await write(DEFAULT)
      expect(await tell('라')).toBe(DEFAULT.replace('{nickname}', '라'))
    } finally {
      await stop()
      await bus.close()
      await server.stop()
    }
  })

  it(
    'is changed while Redis is away too, and it is said in the log',
    { timeout: 20_000 },
    async () => {
      const lines: string[] = []
      const bus = redisBus({ url: 'redis://127.0.0.1:1', prefix: PREFIX, log })
      const alone = await createWorld(
        undefined,
        {},
        {
          bus: {
            ...bus,
            // Subscribing waits for Redis as long as it takes: no process would start.
            subscribe: () => Promise.resolve(() => Promise.resolve()),
            watchMarket: () => Promise.resolve(() => Promise.resolve()),
          },
          log: pino({ level: 'warn' }, { write: (line: string) => void lines.push(line) }),
          beside: world,
        },
      )
      try {
        const change = { method: 'PUT', body: { key: KEY, content: '어둠 속' }, token }
        const answer = await alone.call<MessageTemplateDetail>(`${PATH}/${KEY}`, change)
        expect([answer.status, answer.body.content]).toEqual([200, '어둠 속'])
        expect((await read()).content).toBe('어둠 속')
        expect(lines.filter((line) => line.includes('not on the bus'))).toHaveLength(1)
        expect(await redis.get(ON_BUS)).toBeNull()
      } finally {
        await alone.close()
      }
    },
  )
})
