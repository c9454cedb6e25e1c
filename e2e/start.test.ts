// `npm start` itself: how fast, how it refuses, what survives, what stays behind.

import { createServer } from 'node:net'
import { once } from 'node:events'
import { afterEach, describe, expect, it } from 'vitest'
import { until } from '../scripts/servers/ports.ts'
import { isAlive, MotuUnderTest } from './motu-under-test.ts'

const READY_MS_MAX = 20_000

const started: MotuUnderTest[] = []
const keep = (motu: MotuUnderTest): MotuUnderTest => {
  started.push(motu)
  return motu
}
afterEach(async () => {
  for (const motu of started.splice(0)) await motu.remove()
})

async function signIn(motu: MotuUnderTest, kind: 'demo' | 'admin'): Promise<string> {
  const { name, password } = motu.signIn(kind)
  const answer = await fetch(`${motu.url}/api/v1/login/access-token`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username: name, password }),
  })
  expect(answer.status).toBe(200)
  return ((await answer.json()) as { access_token: string }).access_token
}

describe('npm start', () => {
  it('is ready within 20 seconds, prints two sign-ins that work, and leaves no process', async () => {
    const since = Date.now()
    const motu = keep(await MotuUnderTest.start())
    expect(Date.now() - since).toBeLessThan(READY_MS_MAX)
    expect(motu.output).toContain(`Motu is ready: ${motu.url}`)
    expect(motu.output).toContain('npm run plug -- out')
    await signIn(motu, 'demo')
    await signIn(motu, 'admin')

    const pids = motu.childPids()
    expect(pids).toHaveLength(3)
    expect(pids.every(isAlive)).toBe(true)
    expect(await motu.end('SIGINT')).toBe(0)
    expect(pids.filter(isAlive)).toEqual([])
  })

  it('names a port that is taken, and how to choose another one', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as { port: number }
    const motu = keep(await MotuUnderTest.launch({ port }))
    await once(motu.process, 'exit')
    server.close()
    expect(motu.process.exitCode).toBe(1)
    expect(motu.output).toContain(`Port ${port} is taken`)
    expect(motu.output).toContain('MOTU_PORT=')
    expect(motu.childPids()).toEqual([])
  })

  it('says that it already runs', async () => {
    const motu = keep(await MotuUnderTest.start())
    const second = await MotuUnderTest.launch({ dir: motu.dir })
    await once(second.process, 'exit')
    expect(second.process.exitCode).toBe(1)
    expect(second.output).toContain(`Motu already runs at ${motu.url}`)
  })

  it('finds its data again after kill -9, and ends what was left over', async () => {
    const killed = keep(await MotuUnderTest.start())
    const demo = killed.signIn('demo')
    const token = await signIn(killed, 'demo')
    const placed = await fetch(`${killed.url}/api/v1/orders`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify({
        ticker_id: 'CRYPTO-COIN-BTC',
        side: 'BUY',
        type: 'MARKET',
        quantity: '0.01',
      }),
    })
    expect(placed.status).toBe(202)
    const { order_id } = (await placed.json()) as { order_id: string }
    const leftovers = killed.childPids()
    await killed.end('SIGKILL')
    expect(leftovers.every(isAlive)).toBe(true)

    const again = keep(await MotuUnderTest.start({ dir: killed.dir }))
    expect(leftovers.filter(isAlive)).toEqual([])
    expect(again.signIn('demo')).toEqual(demo)
    const authorization = `Bearer ${await signIn(again, 'demo')}`
    const isFilled = async (): Promise<boolean> => {
      const answer = await fetch(`${again.url}/api/v1/orders/${order_id}`, {
        headers: { authorization },
      })
      return ((await answer.json()) as { status?: string }).status === 'FILLED'
    }
    await until('the fill', isFilled, 15_000)
  })

  it('stops when whoever started it is killed', async () => {
    const motu = keep(await MotuUnderTest.start())
    const pids = motu.childPids()
    motu.process.kill('SIGKILL')
    await until('the end of the children', () => !pids.some(isAlive), 20_000)
  })
})
