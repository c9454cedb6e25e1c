// The three sockets in front of the real home: whose page may open one, and that it is closed when what
// it was opened with ends, whoever ends it.

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { CLOSE_UNAUTHENTICATED } from '@motu/shared/contract/stream.ts'
import { until } from '../edge-under-test.ts'
import { bearer, bodyOf, PASSWORD, type Person, sidOf, Stage } from './cast.ts'
import { RealMotu } from './real-motu.ts'

const PATHS = ['/ws/stream', '/ws/orders', '/ws/quotes/CRYPTO-COIN-BTC']

let motu: RealMotu
let stage: Stage
let admin: Person

beforeAll(async () => {
  motu = await RealMotu.start()
  stage = new Stage(motu)
  admin = await stage.newPerson('ADMIN')
})
afterAll(() => motu?.stop())

type Socket = { socket: WebSocket; ops: string[]; closed: Promise<number> }

/** An open socket; rejects when it is refused. */
async function open(path: string, origin?: string): Promise<Socket> {
  const url = motu.origin.replace('http', 'ws') + path
  const socket = new WebSocket(url, origin === undefined ? {} : { origin })
  const ops: string[] = []
  socket.on('message', (data) => ops.push((JSON.parse(String(data)) as { op: string }).op))
  const closed = new Promise<number>((resolve) => socket.on('close', resolve))
  await new Promise((resolve, reject) => socket.on('open', resolve).on('error', reject))
  return { socket, ops, closed }
}

async function openAs({ tokens }: Person, path: string): Promise<Socket> {
  const opened = await open(path)
  opened.socket.send(JSON.stringify({ op: 'auth', token: tokens.access_token }))
  await until(() => opened.ops.includes('ready'))
  return opened
}

describe.each(PATHS)('%s', (path) => {
  it('is opened by our own pages and by programs, not by other sites', async () => {
    for (const origin of ['https://evil.example', 'null', 'http://localhost:1']) {
      await expect(open(path, origin), origin).rejects.toThrow('403')
    }
    for (const origin of [motu.origin, undefined]) (await open(path, origin)).socket.terminate()
  })

  it('lets nobody in with a token that is none', async () => {
    const { socket, closed } = await open(path)
    socket.send(JSON.stringify({ op: 'auth', token: 'a.b.c' }))
    expect(await closed).toBe(CLOSE_UNAUTHENTICATED)
  })
})

/** What ends a sign-in, and how its user, or an admin, brings that about. */
const ENDS: readonly [what: string, end: (person: Person) => Promise<unknown>][] = [
  [
    'he signs out',
    async ({ tokens }) =>
      bodyOf(await stage.ask('POST', '/api/v1/logout', bearer(tokens), {}), 204),
  ],
  [
    'he ends that sign-in from another',
    async ({ username, tokens }) => {
      const path = `/api/v1/auth/sessions/${sidOf(tokens)}`
      const other = await stage.signIn(username)
      bodyOf(await stage.ask('DELETE', path, bearer(other)), 204)
    },
  ],
  [
    'he changes his password elsewhere',
    async ({ username }) => {
      const other = await stage.signIn(username)
      const body = { current_password: PASSWORD, new_password: PASSWORD }
      bodyOf(await stage.ask('POST', '/api/v1/users/me/password', bearer(other), body), 204)
    },
  ],
  [
    'his refresh token is used twice',
    async ({ tokens: { refresh_token } }) => {
      const path = '/api/v1/login/refresh'
      bodyOf(await stage.ask('POST', path, {}, { refresh_token }), 200)
      bodyOf(await stage.ask('POST', path, {}, { refresh_token }), 401)
    },
  ],
  [
    'an admin shuts him out',
    async ({ userId }) => {
      const path = `/api/v1/admin/users/${userId}/disable`
      bodyOf(await stage.ask('POST', path, bearer(admin.tokens)), 204)
    },
  ],
  [
    'an admin changes his role',
    async ({ userId }) => {
      const path = `/api/v1/admin/users/${userId}/role`
      bodyOf(await stage.ask('PUT', path, bearer(admin.tokens), { role: 'ADMIN' }), 204)
    },
  ],
]

describe('a socket of who is signed in', () => {
  it.each(ENDS)('is closed when %s, and no other is', async (_, end) => {
    const [person, bystander] = [await stage.newPerson(), await stage.newPerson()]
    const his = await Promise.all(PATHS.map((path) => openAs(person, path)))
    const other = await openAs(bystander, '/ws/orders')
    await end(person)
    const codes = await Promise.all(his.map(({ closed }) => closed))
    expect(codes).toEqual(PATHS.map(() => CLOSE_UNAUTHENTICATED))
    expect(other.socket.readyState).toBe(WebSocket.OPEN)
    other.socket.terminate()
  })
})
