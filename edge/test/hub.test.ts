// How many sockets the Hub keeps open for one address, before its sleep and after it.

import { env } from 'cloudflare:workers'
import { runInDurableObject } from 'cloudflare:test'
import { expect, it } from 'vitest'
import type { Env } from '../src/env.ts'
import { Hub } from '../src/hub.ts'

const SOCKETS_PER_ADDRESS_MAX = 200

const edgeEnv = env as unknown as Env

/** What a Hub answers to an upgrade from an address group. */
async function statusOf(hub: { fetch: Hub['fetch'] }, group: string): Promise<number> {
  const url = `http://hub/?channel=quotes&group=${encodeURIComponent(group)}`
  const request = new Request(url, { headers: { upgrade: 'websocket' } })
  const { status, webSocket } = await hub.fetch(request)
  webSocket?.accept()
  return status
}

it('lets an address open so many sockets, and no more after it slept', () =>
  runInDurableObject(edgeEnv.HUB.getByName('crowded'), async (hub, state) => {
    for (let count = 0; count < SOCKETS_PER_ADDRESS_MAX - 1; count += 1) {
      expect(await statusOf(hub, '198.51.100.1')).toBe(101)
    }
    // A Hub that wakes has forgotten all but its sockets.
    const awake = new Hub(state, edgeEnv)
    expect(await statusOf(awake, '198.51.100.1')).toBe(101)
    expect(await statusOf(awake, '198.51.100.1')).toBe(429)
    expect(await statusOf(awake, '2001:db8:1:2::')).toBe(101)
    const again = new Hub(state, edgeEnv)
    expect(await statusOf(again, '198.51.100.1')).toBe(429)
    expect(await statusOf(again, '2001:db8:1:2::')).toBe(101)
    const closed = state
      .getWebSockets()
      .find((socket) => socket.deserializeAttachment().group === '198.51.100.1')
    await again.webSocketClose(closed!)
    expect(await statusOf(again, '198.51.100.1')).toBe(101)
    expect(await statusOf(again, '198.51.100.1')).toBe(429)
  }))
