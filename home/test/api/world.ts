// An API of a test's own on a real Postgres and the memory bus, and a caller that signs as the
// edge does.

import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import type { Tokens, User } from '@motu/shared/contract/auth.ts'
import { signCall, SIGNATURE_HEADER } from '@motu/shared/internal.ts'
import type { Problem } from '@motu/shared/problem.ts'
import { type Api, type ApiOptions, startApi } from '../../src/api/api.ts'
import type { Bus, DenyList, TemplateTexts } from '../../src/bus/bus.ts'
import { memoryBus } from '../../src/bus/memory.ts'
import { Calendars } from '../../src/calendars.ts'
import { readConfig } from '../../src/config.ts'
import { connect, type Sql } from '../../src/db/connect.ts'
import type { Log } from '../../src/log.ts'
import { writeNotifications } from '../../src/notifier/write-notifications.ts'
import { makeReport } from '../../src/reporter/make-report.ts'
import { createDatabase } from '../database.ts'

export const SECRET = 'a secret of the tests'
export const PASSWORD = 'correct horse battery'
const ENV = { MOTU_INTERNAL_SECRET: SECRET, MOTU_HOME_PORT: '0' }

/** An answer, read. `body` is what was in it: JSON, or nothing. */
export type Answer<T = unknown> = { status: number; headers: Headers; body: T }

type Call = {
  method?: string
  body?: unknown
  /** The body as it goes over the line, when it is not JSON. */
  raw?: string
  token?: string
  headers?: Record<string, string>
  /** Replaces the signature; null leaves it out. */
  signature?: string | null
}

export type World = {
  url: string
  databaseUrl: string
  keyFile: string
  bus: Bus & DenyList & TemplateTexts
  sql: Sql
  /** What the API takes for the time; tests move it. */
  clock: { nowMs: number }
  call<T = unknown>(path: string, call?: Call): Promise<Answer<T>>
  sign(path: string, call?: Pick<Call, 'method' | 'body' | 'raw'>): Promise<string>
  /** A user that is signed in. */
  signedIn(): Promise<User & Tokens>
  close(): Promise<void>
}

/** What a world is made of, where it is not what it usually is. */
type Parts = {
  bus?: Bus & DenyList & TemplateTexts
  log?: Log
  /** Another API on the database and the key file of this world, at its time. */
  beside?: World
}

/** An API with calendars of its own, as home has them. */
async function start(options: Omit<ApiOptions, 'calendars'>): Promise<Api> {
  const { config, sql, now, log } = options
  const reporter = { sql, tell: writeNotifications, now }
  const calendars = new Calendars({ sql, alwaysOpen: config.alwaysOpen, log })
  await calendars.open()
  const api = await startApi({
    ...{ ...options, calendars },
    makeReport: (asked) => makeReport(reporter, asked),
  })
  return {
    port: api.port,
    async stop() {
      await api.stop()
      await calendars.close()
    },
  }
}

export async function createWorld(
  courier?: ApiOptions['courier'],
  extraEnv: Readonly<Record<string, string>> = {},
  parts: Parts = {},
): Promise<World> {
  const { beside } = parts
  const database = beside
    ? { url: beside.databaseUrl, drop: () => Promise.resolve() }
    : await createDatabase()
  const folder = await mkdtemp(join(tmpdir(), 'motu-api-'))
  const keyFile = beside?.keyFile ?? join(folder, 'keys', 'signing-key.json')
  const env = { MOTU_POSTGRES_URL: database.url, MOTU_SIGNING_KEY_FILE: keyFile, ...extraEnv }
  const config = readConfig({ ...ENV, ...env }, ['api'])
  const clock = beside?.clock ?? { nowMs: Date.now() }
  const now = (): number => clock.nowMs
  const bus = parts.bus ?? memoryBus({ now })
  const sql = connect(database.url, { name: 'motu-test-api' })
  const log = parts.log ?? pino({ level: 'silent' })
  const api = await start({ config, sql, bus, now, log, ...(courier ? { courier } : {}) })
  const url = `http://127.0.0.1:${api.port}`

  const sign: World['sign'] = (path, { method = 'GET', body, raw } = {}) =>
    signCall(
      SECRET,
      { method, path, body: raw ?? (body === undefined ? '' : JSON.stringify(body)) },
      { nowMs: clock.nowMs, nonce: randomUUID() },
    )

  async function call<T>(path: string, options: Call = {}): Promise<Answer<T>> {
    const { body, raw, token, headers, signature } = options
    const text = raw ?? (body === undefined ? undefined : JSON.stringify(body))
    const method = options.method ?? (text === undefined ? 'GET' : 'POST')
    const signed = signature === undefined ? await sign(path, { ...options, method }) : signature
    const response = await fetch(url + path, {
      method,
      redirect: 'manual',
      headers: {
        ...(text === undefined ? {} : { 'content-type': 'application/json' }),
        ...(token ? { authorization: `Bearer ${token}` } : {}),
        ...(signed === null ? {} : { [SIGNATURE_HEADER]: signed }),
        ...headers,
      },
      ...(text === undefined ? {} : { body: text }),
    })
    const answer = await response.text()
    const read = answer === '' ? undefined : (JSON.parse(answer) as unknown)
    return { status: response.status, headers: response.headers, body: read as T }
  }

  return {
    databaseUrl: database.url,
    ...{ url, keyFile, bus, sql, clock, call, sign },
    async signedIn() {
      const username = `u${randomUUID().slice(0, 8)}`
      const registration = { username, password: PASSWORD, nickname: '민지' }
      const { body: user } = await call<User>('/api/v1/auth/register', { body: registration })
      const login = { username, password: PASSWORD }
      const { body: tokens } = await call<Tokens>('/api/v1/login/access-token', { body: login })
      return { ...user, ...tokens }
    },
    async close() {
      await api.stop()
      await sql.end({ timeout: 5 })
      await bus.close()
      await database.drop()
      await rm(folder, { recursive: true })
    },
  }
}

/** What of a problem tests look at: status, code and the fields it points at. */
export function problemIn(answer: Answer): [status: number, code: string, ...pointers: string[]] {
  const problem = answer.body as Problem
  const type = answer.headers.get('content-type')
  if (type !== 'application/problem+json') throw new Error(`no problem, but ${type}`)
  if (problem.status !== answer.status) throw new Error('the status in the body is another')
  const pointers = (problem.errors ?? []).map(({ pointer }) => pointer)
  return [answer.status, problem.type.split('/').at(-1)!, ...pointers]
}
