// The generator's own HTTP: complete answers are read to their end, incomplete ones waited for, and
// what became of a request is told apart.

import { createServer, type Server, type Socket } from 'node:net'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { HttpConnection, NoAnswer, NotSent, parseAnswer, requestText } from './http-connection.ts'

const servers: Server[] = []
afterEach(() => servers.splice(0).forEach((server) => server.close()))

async function listen(onConnection: (socket: Socket) => void): Promise<number> {
  const server = createServer(onConnection)
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return (server.address() as AddressInfo).port
}

test.each([
  ['an answer with a length', 'HTTP/1.1 202 Accepted\r\nContent-Length: 2\r\n\r\n{}', 202, '{}'],
  ['an answer without a body', 'HTTP/1.1 204 No Content\r\n\r\n', 204, ''],
  [
    'an answer in chunks',
    'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n{"a\r\n3\r\n":1\r\n1\r\n}\r\n0\r\n\r\n',
    200,
    '{"a":1}',
  ],
])('reads %s, and only once it is whole', (_what, text, status, body) => {
  const whole = Buffer.from(text)
  for (let length = 0; length < whole.length; length += 1) {
    expect(parseAnswer(whole.subarray(0, length))).toBeNull()
  }
  expect(parseAnswer(whole)).toMatchObject({ answer: { status, body }, end: whole.length })
})

test('writes the length of a body in bytes', () => {
  const address = { host: 'h', port: 1 }
  expect(requestText(address, { method: 'POST', path: '/', body: '한' })).toContain(
    'content-length: 3\r\n\r\n한',
  )
})

test('answers one request after the other over one connection', async () => {
  const sockets = new Set<Socket>()
  const port = await listen((socket) => {
    sockets.add(socket)
    socket.on('data', () => socket.write('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok'))
  })
  const connection = new HttpConnection({ host: '127.0.0.1', port })
  const request = { method: 'GET', path: '/' }
  expect(await connection.request(request)).toEqual({ status: 200, body: 'ok' })
  expect(await connection.request(request)).toEqual({ status: 200, body: 'ok' })
  expect(sockets.size).toBe(1)
  connection.close()
})

test('tells a request that was never sent from one that was not answered', async () => {
  const port = await listen((socket) => socket.on('data', () => socket.destroy()))
  const cut = new HttpConnection({ host: '127.0.0.1', port })
  await expect(cut.request({ method: 'GET', path: '/' })).rejects.toThrow(NoAnswer)
  const closed = new HttpConnection({ host: '127.0.0.1', port: 1 })
  await expect(closed.request({ method: 'GET', path: '/' })).rejects.toThrow(NotSent)
})

test('gives up on an answer that does not come in time', async () => {
  const port = await listen(() => {})
  const connection = new HttpConnection({ host: '127.0.0.1', port }, 50)
  await expect(connection.request({ method: 'GET', path: '/' })).rejects.toThrow('in time')
})
