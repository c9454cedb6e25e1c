// What the Hub knows of its sockets before its sleep and after it: how many an address has open, and
// what each listens to.

import { env } from 'cloudflare:workers'
import { runInDurableObject } from 'cloudflare:test'
import { expect, it, vi } from 'vitest'
import type { PriceAlert } from '@motu/shared/contract/price-alerts.ts'
import { CHANNELS_PER_SOCKET_MAX } from '@motu/shared/contract/stream.ts'
import type { MarketEvent } from '@motu/shared/market-data.ts'
import { ClientSocket } from '../src/client-socket.ts'
import { MarketFlow } from '../src/market/market-flow.ts'
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

/** A socket of the Hub, and what its browser heard. */
async function browse(hub: Hub, state: DurableObjectState) {
  const request = new Request('http://hub/?group=g', { headers: { upgrade: 'websocket' } })
  const { webSocket } = await hub.fetch(request)
  const heard: Record<string, unknown>[] = []
  webSocket!.addEventListener('message', ({ data }) => void heard.push(JSON.parse(String(data))))
  webSocket!.accept()
  return { socket: state.getWebSockets()[0]!, heard }
}

it('knows after its sleep what a socket listens to', () =>
  runInDurableObject(edgeEnv.HUB.getByName('sleepy'), async (hub, state) => {
    const { socket, heard } = await browse(hub as Hub, state)
    const channels = ['quotes', 'book:KRX-STOCK-005930', 'trades:KRX-STOCK-005930']
    await (hub as Hub).webSocketMessage(socket, JSON.stringify({ op: 'subscribe', channels }))
    const asleep = ClientSocket.wake(socket)
    asleep.hasAlerts = true
    asleep.sendAlert({} as PriceAlert)
    const awake = ClientSocket.wake(socket)
    expect(awake.channelCount).toBe(4)
    const flow = new MarketFlow(() => [awake], Date.now)
    const prints: MarketEvent['prints'] = [['70000', '1', 'BUY']]
    const instant = { venue_time: '2026-11-20T01:00:00Z', received_at: '2026-11-20T01:00:00Z' }
    const event = {
      ticker_id: 'KRX-STOCK-005930',
      bid_size: '0',
      ask_size: '0',
      prints,
      ...instant,
    }
    flow.hear([event as MarketEvent])
    awake.sendAlert({} as PriceAlert)
    await vi.waitFor(() => {
      const told = heard.filter(({ channel }) => channel !== undefined)
      expect(told.map(({ channel, seq }) => [channel, seq]).toSorted()).toEqual(
        [['alerts', 1], ['alerts', 2], ...channels.map((channel) => [channel, 1])].toSorted(),
      )
    })
    awake.unsubscribe([...channels, 'alerts'])
    expect([awake.channelCount, awake.isWatching]).toEqual([0, false])
  }))

it('can remember as many channels as a socket may have, however long their names', () =>
  runInDurableObject(edgeEnv.HUB.getByName('wide'), async (hub, state) => {
    const { socket, heard } = await browse(hub as Hub, state)
    const names = Array.from(
      { length: CHANNELS_PER_SOCKET_MAX },
      (_, index) => `trades:CRYPTO-COINCOINCO-${'X'.repeat(17)}${100 + index}`,
    )
    // Two frames: one alone may not be so long.
    for (const channels of [names.slice(0, 50), names.slice(50)]) {
      await (hub as Hub).webSocketMessage(socket, JSON.stringify({ op: 'subscribe', channels }))
    }
    expect(ClientSocket.wake(socket).channelCount).toBe(CHANNELS_PER_SOCKET_MAX)
    const more = JSON.stringify({ op: 'subscribe', channels: ['quotes'] })
    await (hub as Hub).webSocketMessage(socket, more)
    await vi.waitFor(() => expect(heard.at(-1)).toMatchObject({ code: 'too-many-channels' }))
  }))
