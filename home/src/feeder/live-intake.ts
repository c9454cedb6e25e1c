// What live sources report, on its way in: judged by the quality gate, held back or let through,
// and of several sources of one venue the one that speaks is published.

import type { OrderBook, Trade } from '@motu/shared/market-data.ts'
import { decimal } from '@motu/shared/decimal.ts'
import type { TickerId } from '@motu/shared/ticker.ts'
import type { Bus } from '../bus/bus.ts'
import type { Log } from '../log.ts'
import { type FailoverBounds, type FeedChange, FeedRouter, type TickerFeed } from './feed-router.ts'
import type { LiveSink, LiveSource } from './live-source.ts'
import type { Observation } from './observation.ts'
import { QualityGate } from './quality-gate.ts'
import { Quarantine, type Quarantined, type QuarantineCount } from './quarantine.ts'

export type LiveStatus = {
  /** Who speaks for each live ticker, and since when. */
  tickers: TickerFeed[]
  /** How often each source was not believed, by reason. */
  quarantined: QuarantineCount[]
  /** The newest of them. */
  newest: Quarantined[]
}

type LiveIntakeOptions = {
  /** In order of preference: the first that reports a ticker speaks for it. */
  sources: readonly LiveSource[]
  bus: Bus
  now: () => number
  log: Log
  /** Numbers and publishes what is to be told. */
  emit: (observations: Observation[]) => Promise<void>
  failover?: FailoverBounds
}

/** Of a ticker's trades, so many are remembered: two sources tell of the same ones. */
const TRADES_REMEMBERED_MAX = 500

export class LiveIntake {
  readonly #options: LiveIntakeOptions
  readonly #gate = new QualityGate()
  readonly #quarantine = new Quarantine()
  readonly #router: FeedRouter
  /** Judged already, at their source's wish. */
  readonly #believed = new WeakSet<Observation>()
  readonly #told = new Map<TickerId, Set<string>>()

  constructor(options: LiveIntakeOptions) {
    this.#options = options
    this.#router = new FeedRouter((change) => this.#logChange(change), options.failover)
    for (const { tickerIds } of options.sources) {
      for (const tickerId of tickerIds) this.#router.expect(tickerId, options.now())
    }
  }

  /** Every ticker that some source reports. */
  get tickerIds(): TickerId[] {
    return [...new Set(this.#options.sources.flatMap(({ tickerIds }) => tickerIds))]
  }

  /** Where a source hands over. */
  sinkOf(source: LiveSource): LiveSink {
    const rankOf = this.#ranksOf(source)
    const speaks = (tickerId: TickerId): boolean =>
      this.#router.isSpeaker(tickerId, rankOf.get(tickerId) ?? -1)
    const { bus, emit } = this.#options
    return {
      observations: async (observations) => {
        const told = observations.filter((one) => this.#admit(one, rankOf))
        if (told.length > 0) await emit(told)
      },
      books: async (books) => {
        const told = books.filter((one) => speaks(one.ticker_id) && this.#isNearBook(one))
        if (told.length > 0) await bus.publish('market_books', told)
      },
      trades: async (trades) => {
        const told = trades.filter(
          (one) => speaks(one.ticker_id) && this.#isNearTrade(one) && this.#isNew(one),
        )
        if (told.length > 0) await bus.publish('market_trades', told)
      },
      believes: (observation) => this.#believes(observation, rankOf),
      refused: ({ source: name, tickerId, reason }) => {
        const what = { source: name, tickerId, detail: reason, observation: null }
        this.#hold({ ...what, reason: 'unreadable', atMs: this.#options.now() })
      },
    }
  }

  /** Finds the tickers that have fallen silent. */
  sweep(): void {
    this.#router.sweep(this.#options.now())
  }

  status(): LiveStatus {
    return {
      tickers: this.#router.states(),
      quarantined: this.#quarantine.counts(),
      newest: this.#quarantine.newest(),
    }
  }

  /** The place of a source among those that report each of its tickers. */
  #ranksOf(source: LiveSource): Map<TickerId, number> {
    const { sources } = this.#options
    const rankOf = (tickerId: TickerId): number =>
      sources.filter(({ tickerIds }) => tickerIds.includes(tickerId)).indexOf(source)
    return new Map(source.tickerIds.map((tickerId) => [tickerId, rankOf(tickerId)]))
  }

  /** Whether an observation is to be told. */
  #admit(observation: Observation, rankOf: ReadonlyMap<TickerId, number>): boolean {
    if (!this.#believed.has(observation) && !this.#believes(observation, rankOf)) return false
    const { ticker_id: tickerId, source } = observation
    const rank = rankOf.get(tickerId)!
    const receivedMs = Date.parse(observation.received_at)
    const venueMs = Date.parse(observation.venue_time)
    return this.#router.offer({ tickerId, rank, source, receivedMs, venueMs })
  }

  #believes(observation: Observation, rankOf: ReadonlyMap<TickerId, number>): boolean {
    const { ticker_id: tickerId, source } = observation
    const verdict = rankOf.has(tickerId)
      ? this.#gate.judge(observation)
      : ({ kind: 'quarantine', reason: 'unknown_ticker' } as const)
    if (verdict.kind === 'pass') {
      this.#believed.add(observation)
      return true
    }
    const atMs = this.#options.now()
    this.#hold({ source, tickerId, reason: verdict.reason, atMs, observation, detail: '' })
    return false
  }

  #hold(one: Quarantined): void {
    const count = this.#quarantine.add(one)
    // The first, the tenth, the hundredth: a source gone mad must not fill the log.
    if (!/^10*$/.test(String(count))) return
    const { source, reason, tickerId, detail, observation } = one
    const seen = observation && { price: observation.price, venue_time: observation.venue_time }
    this.#options.log.warn(
      { source, reason, ticker_id: tickerId, detail, count, ...seen },
      'an observation was quarantined',
    )
  }

  #isNearBook({ ticker_id, bids, asks, received_at }: OrderBook): boolean {
    const best = [bids[0]?.[0], asks[0]?.[0]].filter((price) => price !== undefined)
    return this.#gate.isNear(ticker_id, best.map(decimal), Date.parse(received_at))
  }

  #isNearTrade({ ticker_id, price, received_at }: Trade): boolean {
    return this.#gate.isNear(ticker_id, [decimal(price)], Date.parse(received_at))
  }

  #isNew({ ticker_id, trade_id }: Trade): boolean {
    const told = this.#told.get(ticker_id) ?? new Set<string>()
    this.#told.set(ticker_id, told)
    if (told.has(trade_id)) return false
    told.add(trade_id)
    const [oldest] = told
    if (told.size > TRADES_REMEMBERED_MAX && oldest !== undefined) told.delete(oldest)
    return true
  }

  #logChange({ tickerId, state, source, before }: FeedChange): void {
    const change = { ticker_id: tickerId, state, source, was: before.state, from: before.source }
    const { log } = this.#options
    if (state === 'live') log.info(change, 'the feed of a ticker is live')
    else if (state === 'stale') log.warn(change, 'nobody reports a ticker any more')
    else log.warn(change, 'another feed of the venue speaks for a ticker')
  }
}
