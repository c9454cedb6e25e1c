// Orders of a dark hour, on a real Postgres: what was accepted while home was away settles as of its
// own instant once home is back.

import type { MarketEvent } from '@motu/shared/market-data.ts'
import { decimal } from '@motu/shared/decimal.ts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { PROFILES } from '../../src/engine/fill-profile.ts'
import { createDatabase, createWallet, type TestDatabase } from '../database.ts'
import { DarkHome, type Message } from './dark-home.ts'
import { KEPT_CASES } from './late-cases.ts'
import { acceptedAt, endsOf, isLive, type LateCase, messagesOf } from './late-script.ts'
import { APPLE, BTC, marketEvent, SAMSUNG, USD_KRW } from './world.ts'

const TICKERS = [BTC, SAMSUNG, APPLE, USD_KRW]
const RETURN_SECONDS = 1_200

type Told = { at: number; event: MarketEvent }

/** The market of `late-cases.ts`, in seconds from the dark. */
function market(darkAt: number): Told[] {
  const seqs = new Map<string, number>()
  const tell = (
    at: number,
    tickerId: string,
    bid: string,
    more: Partial<MarketEvent> = {},
  ): Told => {
    const seq = (seqs.get(tickerId) ?? 0) + 1
    seqs.set(tickerId, seq)
    const { ask = bid, base_price: base = bid, ...rest } = more
    const event = marketEvent(tickerId, { ms: darkAt + at * 1_000, seq }, { bid, ask, base })
    return { at, event: { ...event, ...rest } }
  }
  const btc = (at: number, bid: string, ask: string): Told =>
    tell(at, BTC, `${bid}000000`, { ask: `${ask}000000` })
  const samsung = (at: number, bid: string, more: Partial<MarketEvent> = {}): Told =>
    tell(at, SAMSUNG, bid, { ask: String(Number(bid) + 100), base_price: '70000', ...more })
  return [
    btc(-30, '100', '101'),
    samsung(-30, '70000'),
    btc(-20, '100', '101'),
    btc(60, '100', '101'),
    samsung(60, '69000', { phase: 'halted' }),
    btc(120, '94', '95'),
    samsung(120, '70000'),
    btc(180, '100', '101'),
    btc(240, '109', '110'),
    btc(300, '100', '101'),
    samsung(901, '69800', { phase: 'closed', uncross: { price: '69800', quantity: '5000' } }),
    btc(RETURN_SECONDS - 10, '100', '101'),
    samsung(RETURN_SECONDS + 1, '69800', { phase: 'closed' }),
    btc(RETURN_SECONDS + 1, '100', '101'),
  ]
}

type Script = { cases: readonly LateCase[]; users: string[]; messages: Message[] }

async function enlist(
  { sql }: TestDatabase,
  cases: readonly LateCase[],
  darkAt: number,
): Promise<Script> {
  const users = await Promise.all(cases.map(({ cash }) => createWallet(sql, cash)))
  const usual = { quantity: decimal('0.1') }
  const messages = cases.flatMap(({ acts }, index) =>
    messagesOf(acts, { userId: users[index]!, darkAt, usual }),
  )
  // The sort is stable: what one user did at one instant stays in his order.
  messages.sort((a, b) => Date.parse(acceptedAt(a)) - Date.parse(acceptedAt(b)))
  return { cases, users, messages }
}

/** Lets a home live through events and messages, an event before a message of its instant. */
async function live(
  home: DarkHome,
  events: readonly Told[],
  messages: readonly Message[],
  darkAt: number,
) {
  const looks = [114, 122.5, 125, 903.5].map((at) => ({ at: darkAt + at * 1_000, look: true }))
  const items = [
    ...events.map(({ at, event }) => ({ at: darkAt + at * 1_000, event })),
    ...looks.filter(({ at }) => events.some((one) => darkAt + one.at * 1_000 > at && one.at > 0)),
    ...messages.map((message) => ({ at: Date.parse(acceptedAt(message)), message })),
  ].sort((a, b) => a.at - b.at)
  for (const item of items) {
    home.setClock(item.at)
    if ('event' in item) await home.observe(item.event)
    else if ('message' in item) await home.send(item.message)
    else await home.look()
    await home.idle()
  }
}

describe.each(['there', 'dark', 'killed'])('events kept, home %s', (mode) => {
  const darkAt = Date.parse('2026-11-20T15:15:00.000+09:00')
  let database: TestDatabase
  let home: DarkHome
  let script: Script

  beforeAll(async () => {
    database = await createDatabase()
    script = await enlist(database, KEPT_CASES, darkAt)
    const startMs = darkAt - 60_000
    home = new DarkHome({
      postgresUrl: database.url,
      startMs,
      tickerIds: TICKERS,
      profile: PROFILES.arcade,
    })
    await home.start()
    home.setClock(darkAt - 31_000)
    const { messages } = script
    const events = market(darkAt)
    if (mode === 'there') return live(home, events, messages, darkAt)
    const later = messages.filter((one) => !isLive(one, darkAt))
    await live(
      home,
      events.filter(({ at }) => at < 0),
      messages.filter((one) => isLive(one, darkAt)),
      darkAt,
    )
    await home.stop()
    for (const { event } of events.filter(({ at }) => at > 0 && at < RETURN_SECONDS)) {
      await home.observe(event)
    }
    home.setClock(darkAt + RETURN_SECONDS * 1_000)
    await home.start(RETURN_SECONDS * 1_000)
    home.runClock()
    for (const { event } of events.filter(({ at }) => at > RETURN_SECONDS))
      await home.observe(event)
    if (mode === 'killed') {
      // Some of it, and the end in the middle of the rest; then all of it anew, in several deliveries.
      await home.send(...later.slice(0, 12))
      const rest = home.send(...later.slice(12))
      await Promise.race([rest, new Promise((done) => setTimeout(done, 40))])
      await home.stop()
      await rest
      await home.start()
      home.runClock()
    }
    const middle = Math.ceil(later.length / 2)
    const first = home.send(...later.slice(0, middle))
    await home.send(...later.slice(middle))
    await first
    if (mode === 'killed') await home.send(...later)
    await home.catchUp(10_000)
  })
  afterAll(async () => {
    await home?.close()
    await database?.drop()
  })

  test.each(KEPT_CASES.map((one, index) => ({ ...one, index })))(
    '$name',
    async ({ ends, index }) => {
      const userId = script.users[index]!
      const found = await endsOf(database.sql, { userId, darkAt })
      expect(found).toEqual(ends)
    },
  )
})
