// KIS as a source of the feeder: KRX and US stocks and ETFs, and the exchange rate.
//
// Every account is a WebSocket session and a pace of calls. Sessions push trades and books of what is
// most in demand; what has no place there, or is quiet, is polled. All of it is folded into tapes, one a
// ticker, and handed over a few times a second. A silent or failing KIS yields nothing, and its tickers
// go stale: a price is never invented.

import { quotedInstruments } from '@motu/shared/instrument.ts'
import { type TickerId, USD_KRW } from '@motu/shared/ticker.ts'
import type { Sql } from '../../db/connect.ts'
import type { Log } from '../../log.ts'
import type { LiveSource } from '../live-source.ts'
import { every } from '../schedule.ts'
import { rateObservation, usdKrwRate } from './fx-rate.ts'
import { Handover } from './handover.ts'
import { kisCandles } from './kis-candles.ts'
import { type KisCounters, kisCounters } from './kis-counters.ts'
import type { KisAccount } from './kis-settings.ts'
import { isKisTicker, type KisSymbol, kisSymbolOf, type UsExchange } from './kis-symbols.ts'
import { KIS_TIMES, type KisTimes } from './kis-times.ts'
import { Poller } from './poller.ts'
import { Approval } from './rest/approval.ts'
import { KisClient } from './rest/client.ts'
import { KisError } from './rest/kis-error.ts'
import { Seating } from './session/seating.ts'
import { KisSession } from './session/session.ts'
import { Tapes } from './tapes.ts'

export type KisSourceOptions = {
  /** At least one. */
  accounts: readonly KisAccount[]
  /** Where tokens are kept. */
  sql: Sql
  now: () => number
  log: Log
  /** What is reported; all listed KRX and US instruments and the exchange rate unless told. */
  tickerIds?: readonly TickerId[]
  /** What is watched or traded just now, the most wanted first; everything unless told. */
  demand?: () => readonly TickerId[]
  /** Whether its market trades: one that does not is asked for once a minute. Always unless told. */
  isOpen?: (tickerId: TickerId, nowMs: number) => boolean
  /** Where a US symbol is listed, for those who know. */
  exchangeOf?: (symbol: string) => UsExchange | undefined
  times?: Partial<KisTimes>
}

export type KisSource = LiveSource & {
  readonly counters: Readonly<KisCounters>
  /** One an account, for candles and other calls beside the feed; they share its pace. */
  readonly clients: readonly KisClient[]
}

export function kisSource(options: KisSourceOptions): KisSource {
  if (options.accounts.length === 0) throw new Error('KIS needs an account')
  const counters = kisCounters()
  const times = { ...KIS_TIMES, ...options.times }
  const { sql, now, log } = options
  const contexts = options.accounts.map((account) => ({
    ...{ account, sql, times, counters, now, log },
  }))
  const clients = contexts.map((context) => new KisClient(context))
  const all = [...quotedInstruments().map(({ tickerId }) => tickerId), USD_KRW]
  const tickerIds = (options.tickerIds ?? all).filter(isKisTicker)
  const symbols = symbolsOf(tickerIds, options.exchangeOf)
  const tapes = new Tapes(symbols, counters)
  return {
    tickerIds,
    counters,
    clients,
    candles: (tickerId, span, signal) =>
      kisCandles({ clients, symbols, now }, { tickerId, ...span }, signal),
    async run(sink, signal) {
      const sessions = new Map(
        contexts.map((context) => {
          const session = new KisSession(context, new Approval(context), {
            data: (trId, records, receivedAtMs) => tapes.take(trId, records, receivedAtMs),
            refused: (registration, isFull) =>
              seating.refused(context.account.name, { registration, isFull }),
          })
          return [context.account.name, session] as const
        }),
      )
      const demand = options.demand ?? (() => tickerIds)
      const isOpen = options.isOpen ?? (() => true)
      const { accounts } = options
      const seating = new Seating({ accounts, sessions, symbols, demand, times, now, log })
      const handover = new Handover({ tapes, seating, isOpen, times, counters, now, sink })
      const poller = new Poller({ tapes: tapes.byTicker, symbols, isOpen, times, now, log })
      const repeat = (name: string, intervalMs: number, work: () => Promise<void>) =>
        every({ name: `kis ${name}`, intervalMs, now, signal, log }, work)
      const askRate = async (): Promise<void> => {
        const client = clients.find(({ isParked }) => !isParked)
        if (!client) throw new KisError('PARKED', 'all accounts wait for their admin')
        const rate = await usdKrwRate(client, now(), signal)
        await sink.observations([rateObservation(rate)])
      }
      seating.plan()
      await Promise.all([
        ...[...sessions.values()].map((session) => session.run(signal)),
        ...clients.map((client) => poller.run(client, signal)),
        repeat('handover', times.flushMs, () => handover.handOver()),
        repeat('seating', times.planMs, async () => seating.plan()),
        repeat('counters', times.countersMs, async () => log.info({ ...counters }, 'kis')),
        ...(tickerIds.includes(USD_KRW)
          ? [soon(askRate, log), repeat('rate', times.fxMs, askRate)]
          : []),
      ])
      await handover.handOver().catch((error: unknown) => {
        log.warn({ err: error }, 'kis: the last observations were not handed over')
      })
    },
  }
}

/** At once; what fails here is tried again at its pace. */
async function soon(work: () => Promise<void>, log: Log): Promise<void> {
  await work().catch((error: unknown) => log.warn({ err: error }, 'kis: no exchange rate yet'))
}

function symbolsOf(
  tickerIds: readonly TickerId[],
  exchangeOf: KisSourceOptions['exchangeOf'],
): Map<TickerId, KisSymbol> {
  const symbols = new Map<TickerId, KisSymbol>()
  for (const tickerId of tickerIds) {
    const symbol = kisSymbolOf(tickerId, exchangeOf)
    if (symbol) symbols.set(tickerId, symbol)
  }
  return symbols
}
