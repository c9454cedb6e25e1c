// The bot at Discord's door: the real edge, a local Discord that signs, a home that is slow or dark.

import { randomInt, randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { ASK_PATH, type AskCall, LINK_PATH } from '@motu/shared/bot-calls.ts'
import { DiscordServer, type Response } from './discord-server.ts'
import { EdgeUnderTest, until } from './edge-under-test.ts'
import type { Call } from './fake-home.ts'

const EPHEMERAL = 64
const discord = new DiscordServer()
let edge: EdgeUnderTest

beforeAll(async () => {
  await discord.start()
  edge = new EdgeUnderTest({ discord: { publicKey: discord.publicKey, url: discord.url } })
  await edge.start()
  await until(async () => (await edge.status()).home === 'up')
}, 30_000)
afterAll(async () => {
  await edge?.stop()
  await discord.stop()
})

const users = new Map<string, { user_id: string; link_id: string; may_trade: boolean }>()
let delayMs = 0
beforeEach(() => {
  delayMs = 0
  edge.home.answers.set(`POST ${ASK_PATH}`, (call: Call) => ({ delayMs, body: told(call) }))
  edge.home.answers.set('GET /api/v1/market/quotes/KRX-STOCK-005930', { body: QUOTE })
})

const QUOTE = {
  ...{ ticker_id: 'KRX-STOCK-005930', price: '71200', bid: '71100', ask: '71200' },
  ...{ bid_size: '10', ask_size: '10', currency: 'KRW', change_pct: '-1.25', source: 'kis' },
  ...{ venue_time: '2026-11-20T01:00:00.000Z', received_at: '2026-11-20T01:00:00.000Z' },
  simulated: false,
}
const PORTFOLIO = {
  ...{ cash_krw: '1234567', held_krw: '0', equity_krw: '1234567.5', realized_pnl_krw: '0' },
  ...{ positions: [], as_of: '2026-11-20T01:00:00.000Z' },
}

function told({ body }: Call): object {
  const { person, what } = JSON.parse(body) as AskCall
  const user = users.get(person.external_id)
  if (!user) return { user: null }
  const known = { ...user, role: 'USER', nickname: '민지' }
  return { user: known, ...(what === 'portfolio' && { portfolio: PORTFOLIO }) }
}

function linked(mayTrade = true): string {
  const id = String(randomInt(2 ** 47))
  const user = { user_id: randomUUID(), link_id: `link:${randomUUID()}`, may_trade: mayTrade }
  users.set(id, user)
  return id
}

const send = (interaction: object): Promise<Response> => discord.send(edge.url, interaction)
const textOf = (response: Response): string => response.data?.content ?? ''
const buttonOf = (response: Response, label: RegExp): string =>
  response.data!.components[0]!.components.find((button) => label.test(button.label))!.custom_id

function buy(who: string, quantity = '0.01', instrument = '비트코인') {
  const options = [
    { name: 'instrument', value: instrument },
    { name: 'quantity', value: quantity },
  ]
  return discord.command(who, 'buy', options)
}
const ordersOf = (who: string) =>
  edge.home.stored.filter(({ user_id }) => user_id === users.get(who)!.user_id)

describe('the door', () => {
  const post = (body: string, headers: Record<string, string>) =>
    fetch(`${edge.url}/bot/discord`, { method: 'POST', headers, body })
  const ping = JSON.stringify(discord.interaction('1', 1))

  it('opens to what Discord signed, and answers its ping', async () => {
    expect(await send(discord.interaction('1', 1))).toEqual({ type: 1 })
  })

  it.each<[string, () => Record<string, string>]>([
    ['nothing', () => ({})],
    ['a signature of another body', () => discord.headersFor(`${ping} `)],
    ['a signature of another application', () => new DiscordServer().headersFor(ping)],
    [
      'a timestamp nobody signed',
      () => ({ ...discord.headersFor(ping), 'x-signature-timestamp': '1' }),
    ],
    ['no signature', () => ({ ...discord.headersFor(ping), 'x-signature-ed25519': 'zz' })],
    ['what was signed an hour ago', () => discord.headersFor(ping, Date.now() - 3_600_000)],
  ])('is shut to %s', async (_, headers) => {
    expect((await post(ping, headers())).status).toBe(401)
  })

  it.each([
    ['{', 400],
    ['{"type":2}', 400],
    [JSON.stringify(discord.interaction('1', 9)), 400],
    [JSON.stringify({ pad: 'x'.repeat(70_000) }), 413],
  ])('answers %.30s with %d, though it is signed', async (body, status) => {
    expect((await post(body, discord.headersFor(body))).status).toBe(status)
  })

  it('takes nothing that home did not sign at the door of home', async () => {
    const body = JSON.stringify({ service: 'discord', event: discord.command('1', 'me') })
    const answer = await edge.post('/bot/relay', body)
    expect(answer.status).toBe(401)
  })
})

describe('a question', () => {
  it('finds instruments while they are typed, by their first consonants too', async () => {
    const options = [{ name: 'instrument', value: 'ㅅㅅㅈㅈ', focused: true }]
    const response = await send(discord.interaction('1', 4, { name: 'price', options }))
    expect(response).toMatchObject({
      type: 8,
      data: { choices: [{ name: '삼성전자 (005930) · KRX', value: 'KRX-STOCK-005930' }] },
    })
    const all = await send(
      discord.interaction('1', 4, { name: 'price', options: [{ ...options[0], value: '' }] }),
    )
    expect(all.data!.choices!.length).toBeGreaterThan(5)
    expect(all.data!.choices!.length).toBeLessThanOrEqual(25)
  })

  it('for a price is answered where everybody sees it', async () => {
    const options = [{ name: 'instrument', value: '삼성전자' }]
    const response = await send(discord.command('1', 'price', options))
    expect(response.type).toBe(4)
    expect(response.data!.flags).toBeUndefined()
    expect(textOf(response)).toContain(String.raw`**삼성전자 71,200원 \(\-1.25%\)**`)
  })

  it('of one’s own account is answered to oneself, and only to who is linked', async () => {
    const stranger = await send(discord.command('77', 'me'))
    expect(stranger.data).toMatchObject({ flags: EPHEMERAL })
    expect(textOf(stranger)).toContain('연결되어 있지 않아요')
    const mine = await send(discord.command(linked(), 'me'))
    expect(mine.data).toMatchObject({ flags: EPHEMERAL, allowed_mentions: { parse: [] } })
    expect(textOf(mine)).toContain('1,234,568원')
  })

  it('is put off when home is slow, and answered later, whatever Discord says first', async () => {
    delayMs = 3_000
    discord.failures.push(429, 500, 404)
    const command = discord.command(linked(), 'me')
    const since = Date.now()
    const [first, again] = await Promise.all([send(command), send(command)])
    expect(Date.now() - since).toBeLessThan(2_900)
    expect(first).toEqual({ type: 5, data: { flags: EPHEMERAL } })
    expect(again).toEqual(first)
    const told = () => discord.patched.get(command.token as string)
    await until(() => told() !== undefined, 15_000)
    expect(told()).toMatchObject([{ content: expect.stringContaining('1,234,568원') as string }])
  }, 25_000)

  it('with a code links who typed it, under the name he has there', async () => {
    let asked: object | null = null
    edge.home.answers.set(`POST ${LINK_PATH}`, ({ body }) => {
      asked = JSON.parse(body) as object
      const user = { link_id: 'link:1', user_id: randomUUID(), role: 'USER', nickname: '*민지*' }
      return { body: { outcome: 'linked', user: { ...user, may_trade: true } } }
    })
    const code = [{ name: 'code', value: 'ABCD-EFGH' }]
    const response = await send(discord.command('88', 'link', code))
    expect(asked).toEqual({
      person: { service: 'discord', external_id: '88' },
      ...{ display_name: '민지 *@everyone*', code: 'ABCD-EFGH' },
    })
    expect(response.data!.flags).toBe(EPHEMERAL)
    expect(textOf(response)).toContain(String.raw`\*민지\*님의 계정과 연결했어요`)
  })
})

describe('an order', () => {
  it('is read back, and placed once when who asked says yes', async () => {
    const who = linked()
    const command = buy(who)
    const offer = await send(command)
    expect(offer.data!.flags).toBe(EPHEMERAL)
    expect(textOf(offer)).toContain('비트코인 0.01 매수 · 시장가')
    expect(await send(command)).toEqual(offer)
    expect(ordersOf(who)).toEqual([])
    const yes = buttonOf(offer, /매수 주문/)
    const [placed] = [await send(discord.press(who, yes)), await send(discord.press(who, yes))]
    expect(placed).toMatchObject({ type: 7 })
    expect(textOf(placed)).toContain('접수했어요')
    await until(() => ordersOf(who).length > 0)
    await sleep(200)
    expect(ordersOf(who)).toMatchObject([
      {
        ...{ kind: 'place', client_order_id: command.id, ticker_id: 'CRYPTO-COIN-BTC' },
        ...{ side: 'BUY', type: 'MARKET', quantity: '0.01', sid: null },
        key_id: users.get(who)!.link_id,
      },
    ])
  })

  it('is nobody else’s to confirm or to drop', async () => {
    const [who, other] = [linked(), linked()]
    const offer = await send(buy(who))
    for (const label of [/매수 주문/, /그만두기/]) {
      const pressed = await send(discord.press(other, buttonOf(offer, label)))
      expect(textOf(pressed)).toContain('물어본 사람만')
    }
    expect([...ordersOf(who), ...ordersOf(other)]).toEqual([])
    const dropped = await send(discord.press(who, buttonOf(offer, /그만두기/)))
    expect(dropped.data!.components).toEqual([])
    const late = await send(discord.press(who, buttonOf(offer, /매수 주문/)))
    expect(textOf(late)).toContain('시간이 지났어요')
    expect(ordersOf(who)).toEqual([])
  })

  it('needs the right to trade, when it is asked for and when it is confirmed', async () => {
    expect(textOf(await send(buy(linked(false))))).toContain('허용하지 않았어요')
    const who = linked()
    const offer = await send(buy(who))
    users.delete(who)
    const pressed = await send(discord.press(who, buttonOf(offer, /매수 주문/)))
    expect(textOf(pressed)).toContain('연결되어 있지 않아요')
  })

  it('that breaks a rule is refused before it is read back', async () => {
    expect(textOf(await send(buy(linked(), '0.5', '삼성전자')))).toContain('주문 단위')
    expect(textOf(await send(buy(linked(), '1', 'ㅁㄴㅇㄹㅁㄴ')))).toContain('찾지 못했어요')
  })
})

describe('in the dark', () => {
  it('says so, and keeps orders until home is back', async () => {
    const who = linked()
    await send(discord.command(who, 'me'))
    await edge.home.stop()
    await until(async () => (await edge.status()).home !== 'up', 15_000)
    expect(textOf(await send(discord.command(who, 'rank')))).toContain('집 서버가 꺼져 있어요')
    const offer = await send(buy(who))
    expect(textOf(offer)).toContain('집 서버가 꺼져 있어요')
    const placed = await send(discord.press(who, buttonOf(offer, /매수 주문/)))
    expect(textOf(placed)).toContain('맡아 두었고')
    expect(ordersOf(who)).toEqual([])
    await edge.home.start()
    await until(() => ordersOf(who).length === 1, 20_000)
  }, 60_000)
})
