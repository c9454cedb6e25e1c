// What home hears at Discord's gateway and at Telegram reaches the edge, signed, and its answers go back.

import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { pino } from 'pino'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { RELAY_PATH } from '@motu/shared/bot-calls.ts'
import { SIGNATURE_HEADER, verifyCall } from '@motu/shared/internal.ts'
import { startGateway } from '../../src/bot/discord-gateway.ts'
import { type Relay, relayTo } from '../../src/bot/relay.ts'
import { startTelegram } from '../../src/bot/telegram-updates.ts'
import { GatewayServer } from './gateway-server.ts'
import { TelegramServer } from './telegram-server.ts'

const SECRET = 'a secret of the tests'
const SOON = { timeout: 10_000 }
const lines: string[] = []
const log = pino({ level: 'info' }, { write: (line: string) => void lines.push(line) })

/** Stands where the edge is: takes what is signed, and says what a test wants it to say. */
const taken: { service: string; event: Record<string, unknown> }[] = []
let say: (event: Record<string, unknown>) => { status?: number; body: unknown }
const edge = createServer((request, response) => {
  void (async () => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const body = Buffer.concat(chunks).toString()
    const header = request.headers[SIGNATURE_HEADER] as string
    const call = { method: 'POST', path: RELAY_PATH, body }
    const isSigned = await verifyCall(SECRET, call, { header, nowMs: Date.now() })
    const relayed = JSON.parse(body) as (typeof taken)[number]
    taken.push(relayed)
    const answer = isSigned ? say(relayed.event) : { status: 401, body: {} }
    response.writeHead(answer.status ?? 200, { 'content-type': 'application/json' })
    response.end(JSON.stringify(answer.body))
  })()
})

let relay: Relay
const ends: (() => Promise<unknown>)[] = []
beforeEach(async () => {
  taken.length = 0
  lines.length = 0
  await new Promise<void>((resolve) => edge.listen(0, '127.0.0.1', resolve))
  const edgeUrl = `http://127.0.0.1:${(edge.address() as AddressInfo).port}`
  relay = relayTo({ edgeUrl, secret: SECRET, now: () => Date.now(), log })
})
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
  edge.closeAllConnections()
  await new Promise((resolve) => edge.close(resolve))
  expect(lines.join('')).not.toMatch(/gateway-secret|telegram-secret|interaction-token/)
})

describe('Discord’s gateway', () => {
  const interaction = (id: string) => ({
    id,
    token: 'interaction-token',
    type: 2,
    application_id: '4',
  })

  async function connected(botToken = 'gateway-secret'): Promise<GatewayServer> {
    const server = await new GatewayServer().start()
    ends.push(() => server.stop())
    const settings = { apiUrl: server.apiUrl, botToken }
    ends.push(startGateway({ settings, relay, random: () => 0.05, log }))
    return server
  }

  it('brings interactions, whose answers go back by HTTP', async () => {
    say = ({ id }) => ({ body: { type: 4, data: { content: `answer to ${String(id)}` } } })
    const server = await connected()
    await expect
      .poll(() => server.heard, SOON)
      .toMatchObject([{ op: 2, d: { token: 'gateway-secret', intents: 0 } }])
    server.send('no JSON')
    server.dispatch('MESSAGE_CREATE', { content: 'nothing for us' })
    server.dispatch('INTERACTION_CREATE', interaction('i1'))
    await expect
      .poll(() => server.answers.get('i1'), SOON)
      .toEqual({
        ...{ type: 4, data: { content: 'answer to i1' } },
      })
    expect(taken).toEqual([{ service: 'discord', event: interaction('i1') }])
    await expect.poll(() => server.beats, SOON).toBeGreaterThan(2)
  })

  it('is resumed after each loss, and begun anew when the session is gone', async () => {
    say = () => ({ body: { type: 4 } })
    const server = await connected()
    await expect.poll(() => server.heard.length, SOON).toBe(1)
    server.close(4000)
    const resumed = { token: 'gateway-secret', session_id: 'session-1' }
    await expect.poll(() => server.heard[1], SOON).toMatchObject({ op: 6, d: resumed })
    server.send({ op: 7 })
    await expect.poll(() => server.heard[2]?.op, SOON).toBe(6)
    server.send({ op: 9, d: false })
    await expect.poll(() => server.heard[3]?.op, SOON).toBe(2)
    server.dispatch('INTERACTION_CREATE', interaction('i2'))
    await expect.poll(() => server.answers.has('i2'), SOON).toBe(true)
  }, 30_000)

  it('is left when it answers no heartbeat', async () => {
    const server = await connected()
    await expect.poll(() => server.heard.length, SOON).toBe(1)
    server.acknowledges = false
    await expect.poll(() => server.opened, SOON).toBeGreaterThan(1)
  })

  it('is left for good when it does not know the bot', async () => {
    const server = await connected()
    await expect.poll(() => server.heard.length, SOON).toBe(1)
    server.close(4004)
    await expect.poll(() => lines.join(''), SOON).toContain('does not let the bot in')
    expect(server.opened).toBe(1)
  })
})

describe('Telegram', () => {
  it('is asked for updates and told the answers, through its failures', async () => {
    const server = await new TelegramServer('7:telegram-secret').start()
    ends.push(() => server.stop())
    const call = { method: 'sendMessage', params: { chat_id: 5, text: '네' } }
    let isFirst = true
    say = () => {
      const status = isFirst ? 503 : 200
      isFirst = false
      return { status, body: { calls: [call] } }
    }
    // The webhook's end is taken; then polling meets a limit, nonsense and an error.
    server.failures.push(500, 429, 'malformed', 502)
    const settings = { baseUrl: server.url, botToken: '7:telegram-secret' }
    ends.push(startTelegram({ settings, relay, log }))
    server.write(5, '/help')
    const told = () => server.sent.filter(({ method }) => method === 'sendMessage')
    await expect
      .poll(told, { timeout: 20_000 })
      .toEqual([{ method: 'sendMessage', chat_id: 5, text: '네' }])
    expect(taken).toHaveLength(2)
    server.failures.push(429)
    server.write(5, '/price BTC')
    await expect.poll(() => told().length, { timeout: 20_000 }).toBe(2)
  }, 60_000)
})
