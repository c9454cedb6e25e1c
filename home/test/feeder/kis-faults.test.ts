// What the KIS adapter does when KIS refuses, hangs up and falls silent; over sockets.

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createDatabase, type TestDatabase } from '../database.ts'
import { until } from '../until.ts'
import { APPROVAL, BOOK, KisServer, TOKEN } from './kis-server/kis-server.ts'
import { KisWorld, nextTrade, registered, trades } from './kis-world.ts'

const TRADES = 'H0STCNT0 005930'

let database: TestDatabase
let server: KisServer
let world: KisWorld

beforeAll(async () => {
  database = await createDatabase()
})
afterAll(() => database.drop())
beforeEach(async () => {
  await database.sql`TRUNCATE kis_tokens`
  server = new KisServer()
  await server.start()
})
afterEach(async () => {
  await world.stop()
  await server.stop()
})

const open = (options: Omit<ConstructorParameters<typeof KisWorld>[0], 'server' | 'sql'> = {}) => {
  world = new KisWorld({ server, sql: database.sql, ...options })
}
const seen = (count: number): Promise<void> => until(() => world.prints.length >= count)
const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))
const codes = ['005930', '000660', '373220', '207940', '005380', '000270', '035420', '035720']
const tickerIds = codes.map((code) => `KRX-STOCK-${code}`)

describe('a session', () => {
  it('that is dropped is opened again with all its registrations, and loses nothing it got', async () => {
    open()
    let pushed = 0
    for (let round = 1; round <= 4; round += 1) {
      await registered(server)
      await until(() => server.lines.count === 1)
      for (let i = 0; i < 25; i += 1) {
        pushed += 1
        expect(server.lines.push(TRADES, trades(nextTrade(pushed)))).toBe(true)
      }
      // With its last words still on the line, or cut when all was heard.
      if (round % 2 === 0) await seen(pushed)
      if (round % 2 === 0) server.lines.drop()
      else server.lines.hangUp()
      await until(() => server.lines.opened.length > round)
    }
    expect(world.prints).toEqual(Array.from({ length: pushed }, (_, i) => String(i + 1)))
    expect(world.source.counters).toMatchObject({ good_dropped: 0, bad_frames: 0, duplicates: 0 })
    expect(world.source.counters.reconnects).toBeGreaterThanOrEqual(4)
  })

  it('echoes the heartbeat, and is given up when there is none', async () => {
    open({ times: { silenceMs: 300 } })
    await registered(server)
    for (let i = 0; i < 8; i += 1) {
      server.lines.ping()
      await sleep(60)
    }
    await until(() => server.lines.pongs === 8)
    expect(world.source.counters.silences).toBe(0)
    expect(server.lines.opened).toHaveLength(1)
    await until(() => server.lines.opened.length >= 2)
    expect(world.source.counters.silences).toBeGreaterThanOrEqual(1)
    await registered(server)
  })

  it('is not opened again and again: later each time, and so often in a window at the most', async () => {
    open({ times: { reconnectDelayMs: 1, reconnectDelayMsMax: 5, connectsMax: 6 } })
    const dropping = setInterval(() => server.lines.drop(), 5)
    await until(() => server.lines.opened.length >= 6)
    await sleep(300)
    clearInterval(dropping)
    expect(server.lines.opened).toHaveLength(6)
  })

  it('fetches another approval key when its own is refused', async () => {
    open()
    await registered(server)
    server.lines.approvals.clear()
    server.lines.drop()
    await until(() => server.count(APPROVAL) === 2)
    await registered(server)
    expect(world.logged.join('')).toContain('OPSP0011')
  })

  it('waits while another one holds the app key', async () => {
    server.lines.refusals.push(['OPSP8996', 'ALREADY IN USE appkey'])
    open({ times: { inUseMs: 200 } })
    await until(() => server.lines.opened.length === 1)
    await registered(server)
    expect(server.lines.opened).toHaveLength(2)
    expect(server.lines.opened[1]! - server.lines.opened[0]!).toBeGreaterThanOrEqual(190)
  })

  it('leaves the account alone when its key is unknown', async () => {
    server.lines.refusals.push(['OPSP0010', 'invalid appkey'])
    open()
    await until(() => world.logged.join('').includes('OPSP0010'))
    await sleep(200)
    expect(server.lines.opened).toHaveLength(1)
  })
})

describe('a registration', () => {
  it('that is there already is fine', async () => {
    server.lines.hiccups.set(TRADES, ['OPSP0002'])
    open()
    await until(() => server.lines.registered.includes('H0STASP0 005930'))
    await sleep(300)
    const asked = server.lines.received.filter((said) => JSON.stringify(said).includes('H0STCNT0'))
    expect(asked).toHaveLength(1)
  })

  it('is asked for again after an error within KIS', async () => {
    server.lines.hiccups.set(TRADES, ['OPSP0007'])
    open()
    await registered(server)
  })

  it('that KIS does not know is left: its ticker is polled', async () => {
    server.lines.unknown.set(TRADES, 'OPSP8993')
    open({ times: { quietMs: 30 } })
    await until(() => world.source.counters.refused_registrations > 0)
    await until(() => !server.lines.registered.includes('H0STASP0 005930'))
    await until(() => server.count(BOOK) >= 3)
    expect(world.last()?.price).toBe('53600')
  })

  it('goes to the ones most in demand, and moves with it', async () => {
    let demand = tickerIds.slice(0, 2)
    open({ source: { tickerIds, demand: () => demand } })
    const names = (...list: string[]) =>
      list
        .flatMap((code) => [`H0STASP0 ${code}`, `H0STCNT0 ${code}`, `H0STMKO0 ${code}`])
        .toSorted()
    const are = (expected: string[]) =>
      until(() => JSON.stringify(server.lines.registered) === JSON.stringify(expected))
    await are(names('005930', '000660'))
    demand = [tickerIds[1]!, tickerIds[2]!]
    await are(names('000660', '373220'))
  })

  it('beyond the number KIS allows is given up, and what is left is polled', async () => {
    for (const code of codes) server.stocks.set(code, server.stocks.get('005930')!)
    server.lines.registrationsMax = 9
    open({
      source: { tickerIds, accounts: [server.account('first', 'mock')] },
      times: { quietMs: 40 },
    })
    await until(
      () =>
        server.lines.registered.length === 8 && world.source.counters.refused_registrations >= 7,
    )
    await until(() => tickerIds.every((tickerId) => world.last(tickerId) !== undefined))
    await sleep(300)
    expect(server.lines.registered).toHaveLength(8)
  })

  it('is spread over the accounts, forty each, trades and book of one together', async () => {
    const many = Array.from({ length: 50 }, (_, i) => `KRX-STOCK-1${String(i).padStart(5, '0')}`)
    const accounts = [server.account('first'), server.account('second')]
    open({ source: { tickerIds: many, accounts } })
    await until(() => server.lines.registered.length === 80)
    await sleep(100)
    const streamed = new Set(server.lines.registered.map((name) => name.split(' ')[1]))
    expect([...streamed].toSorted()).toEqual(
      many
        .slice(0, 40)
        .map((id) => id.slice(10))
        .toSorted(),
    )
    expect(world.source.counters.refused_registrations).toBe(0)
  })
})

describe('secrets', () => {
  it('are in no line of the log, whatever fails', async () => {
    const account = { ...server.account(), appSecret: 'not-the-secret-it-was' }
    open({ source: { accounts: [account] }, times: { quietMs: 30 } })
    await until(() => world.logged.join('').includes('EGW00105'))
    await sleep(100)
    const log = world.logged.join('')
    for (const secret of [account.appKey, account.appSecret, 'token-1', 'approval-1']) {
      expect(log).not.toContain(secret)
    }
    // A refused key is not tried again and again.
    expect(server.count(TOKEN)).toBe(1)
  })
})
