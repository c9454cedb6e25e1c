// A simulated KIS, the adapter against it, and all that it hands over, in times that are short.

import { pino } from 'pino'
import type { OrderBook, Trade } from '@motu/shared/market-data.ts'
import type { Sql } from '../../src/db/connect.ts'
import {
  kisSource,
  type KisSource,
  type KisSourceOptions,
} from '../../src/feeder/kis/kis-source.ts'
import type { KisTimes } from '../../src/feeder/kis/kis-times.ts'
import type { LiveSink } from '../../src/feeder/live-source.ts'
import type { Observation } from '../../src/feeder/observation.ts'
import { until } from '../until.ts'
import { dataFrame, krxBook, krxTrade } from './kis-server/kis-frames.ts'
import type { KisServer } from './kis-server/kis-server.ts'

/** 10:30:00 in Seoul. */
export const START_MS = Date.parse('2026-11-20T01:30:00.000Z')
export const SAMSUNG_ID = 'KRX-STOCK-005930'
export const APPLE_ID = 'US-STOCK-AAPL'

export const SHORT: Partial<KisTimes> = {
  tokenIntervalMs: 300,
  callTimeoutMs: 500,
  rateWindowMs: 20,
  retryDelayMs: 5,
  reconnectDelayMs: 20,
  reconnectDelayMsMax: 100,
  connectsMax: 50,
  connectsWindowMs: 5_000,
  ackMs: 200,
  inUseMs: 50,
  messageSpacingMs: 0,
  flushMs: 10,
  // Quiet tickers are asked for seldom, unless a test wants it.
  quietMs: 60_000,
  idleMs: 5,
  planMs: 20,
  fxMs: 50,
}

/** A clock that runs from the start. */
export function clock(): () => number {
  const beganAt = performance.now()
  return () => START_MS + Math.floor(performance.now() - beganAt)
}

export class KisWorld {
  readonly observations: Observation[] = []
  readonly trades: Trade[] = []
  readonly books: OrderBook[] = []
  readonly logged: string[] = []
  /** The bus is away: nothing is taken. */
  isBusAway = false
  readonly source: KisSource
  readonly #abort = new AbortController()
  readonly #run: Promise<void>

  constructor(options: {
    server: KisServer
    sql: Sql
    source?: Partial<KisSourceOptions>
    times?: Partial<KisTimes>
  }) {
    const { server, sql, source, times } = options
    this.source = kisSource({
      accounts: [server.account()],
      sql,
      now: clock(),
      log: pino({ level: 'debug' }, { write: (line) => void this.logged.push(line) }),
      tickerIds: [SAMSUNG_ID],
      ...source,
      times: { ...SHORT, ...times },
    })
    const take =
      <T>(into: T[]) =>
      (what: T[]) => {
        if (this.isBusAway) return Promise.reject(new Error('the bus is away'))
        into.push(...what)
        return Promise.resolve()
      }
    const sink: LiveSink = {
      observations: take(this.observations),
      trades: take(this.trades),
      books: take(this.books),
    }
    this.#run = this.source.run(sink, this.#abort.signal)
  }

  /** The quantities of all prints that were handed over, in their order. */
  get prints(): string[] {
    return this.observations.flatMap(({ prints = [] }) => prints.map(([, quantity]) => quantity))
  }

  last(tickerId = SAMSUNG_ID): Observation | undefined {
    return this.observations.findLast(({ ticker_id }) => ticker_id === tickerId)
  }

  async stop(): Promise<void> {
    this.#abort.abort()
    await this.#run
  }
}

let volume = 0

/** The next trade of Samsung: of so many shares, by which it is known again. */
export function nextTrade(quantity: number, more: Partial<Parameters<typeof krxTrade>[0]> = {}) {
  volume += quantity
  return krxTrade({
    ...{ code: '005930', date: '20261120', time: '103000', price: 53600, change: -600 },
    ...{ quantity, cumulative: 22_044_867 + volume },
    ...more,
  })
}

export const trades = (...records: string[][]): string => dataFrame('H0STCNT0', ...records)

export const book = (more: Partial<Parameters<typeof krxBook>[0]> = {}): string =>
  dataFrame(
    'H0STASP0',
    krxBook({
      ...{ code: '005930', time: '103000' },
      bids: [
        [53600, 10],
        [53500, 20],
      ],
      asks: [
        [53700, 30],
        [53800, 40],
      ],
      ...more,
    }),
  )

/** Until Samsung's trades and book are registered. */
export function registered(server: KisServer): Promise<void> {
  return until(() =>
    ['H0STASP0 005930', 'H0STCNT0 005930'].every((name) => server.lines.registered.includes(name)),
  )
}
