// Whose word counts about where a request comes from: the networks of the setting, and none beside.

import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { PUBLIC_ORIGIN_HEADER } from '@motu/shared/internal.ts'
import { buildEdge } from '../build.ts'
import { EdgeUnderTest } from './edge-under-test.ts'

const QUOTES = '/api/v1/market/quotes'
const CLIENT = '203.0.113.7'

let edge: EdgeUnderTest

/** What home hears of a request that this peer sent on, over TLS as it says. */
async function heardFrom(peer: string): Promise<{ address: unknown; isTls: boolean }> {
  const before = edge.home.calls.length
  const headers = { 'x-forwarded-for': CLIENT, 'x-forwarded-proto': 'https' }
  await new Promise((resolve, reject) => {
    const asked = request(edge.url + QUOTES, { localAddress: peer, headers }, (answer) => {
      answer.resume().once('end', resolve)
    })
    asked.once('error', reject).end()
  })
  const calls = edge.home.calls.slice(before).filter(({ path }) => path === QUOTES)
  expect(calls).toHaveLength(1)
  const heard = calls[0]!.headers
  const isTls = String(heard[PUBLIC_ORIGIN_HEADER]).startsWith('https:')
  return { address: heard['motu-client-address'], isTls }
}

async function serve(trustedProxies: string): Promise<void> {
  edge = await new EdgeUnderTest({ trustedProxies }).start()
  edge.home.answers.set(`GET ${QUOTES}`, { body: { quotes: [] } })
}

describe('without the setting', () => {
  beforeAll(() => serve(''))
  afterAll(() => edge.stop())

  it('any peer of this machine is believed', async () => {
    expect(await heardFrom('127.0.0.1')).toEqual({ address: CLIENT, isTls: true })
    expect(await heardFrom('127.0.0.8')).toEqual({ address: CLIENT, isTls: true })
  })
})

describe('with a list of networks', () => {
  beforeAll(() => serve('127.0.0.4/30, 2001:db8::/32'))
  afterAll(() => edge.stop())

  it.each(['127.0.0.4', '127.0.0.7'])('%s, which is in it, is believed', async (peer) => {
    expect(await heardFrom(peer)).toEqual({ address: CLIENT, isTls: true })
  })

  it.each(['127.0.0.3', '127.0.0.8'])('%s, which is not, speaks for itself', async (peer) => {
    expect(await heardFrom(peer)).toEqual({ address: peer, isTls: false })
  })
})

it.each(['10.0.0.1', '10.0.0.0/8;127.0.0.1/32', 'traefik'])('%s is no list', async (text) => {
  const dir = join(tmpdir(), 'motu-edge-never-built')
  const built = buildEdge({ outDir: dir, objectsDir: dir, webDir: dir, trustedProxies: text })
  await expect(built).rejects.toThrow('MOTU_TRUSTED_PROXIES')
})
