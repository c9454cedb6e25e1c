// The last quote of every instrument, and whether it still counts as live.

import { type Decimal, decimal, divide, SCALE } from '@motu/shared/decimal.ts'
import { type Instrument, knownInstruments } from '@motu/shared/instrument.ts'
import type { Quote } from '@motu/shared/market-data.ts'
import { type TickerId, USD_KRW } from '@motu/shared/ticker.ts'
import { SvelteMap } from 'svelte/reactivity'
import type { Api } from '#lib/api.ts'
import type { Clock } from '#lib/clock.svelte.ts'
import { type FrameCall, type Frames, perFrame } from '#lib/ui/per-frame.ts'
import type { TicketMarket } from './cost.ts'

/** As long as a price lives on the server; the type keeps the two equal. */
const STALE_AFTER_MS: (typeof import('@motu/shared/market-data.ts'))['PRICE_TTL_MS'] = 5_000

const TICKERS_PER_QUERY_MAX: (typeof import('@motu/shared/contract/market.ts'))['TICKERS_PER_QUERY_MAX'] = 100

type Arrived = { readonly quote: Quote; readonly arrivedAt: number }

export class Quotes {
  readonly #byTicker = new SvelteMap<TickerId, Arrived>()
  #heard: Record<TickerId, Arrived> = {}
  readonly #show: FrameCall
  readonly #api: Api
  readonly #clock: Clock
  readonly #now: () => number
  /** True when the first fetch failed and nothing is known: the page offers to try again. */
  hasFailed = $state(false)
  /** The first answer is here: what has no quote then is not quoted, or not yet. */
  hasLoaded = $state(false)

  constructor(options: { api: Api; clock: Clock; now: () => number; frames?: Frames }) {
    this.#show = perFrame(() => {
      for (const one of Object.values(this.#heard)) this.#byTicker.set(one.quote.ticker_id, one)
      this.#heard = {}
    }, options.frames)
    this.#api = options.api
    this.#clock = options.clock
    this.#now = options.now
  }

  get(tickerId: TickerId): Quote | null {
    return this.#byTicker.get(tickerId)?.quote ?? null
  }

  /** No quote for five seconds: what is shown is history. */
  isStale(tickerId: TickerId): boolean {
    const arrived = this.#byTicker.get(tickerId)
    return arrived !== undefined && this.#clock.now - arrived.arrivedAt > STALE_AFTER_MS
  }

  /** Fetches what the socket has not brought yet; its quotes are newer and stay. */
  async load(): Promise<void> {
    const known = knownInstruments().filter(({ status }) => status !== 'DELISTED')
    const tickers = [USD_KRW, ...known.map(({ tickerId }) => tickerId)]
    await this.ask(tickers.slice(0, TICKERS_PER_QUERY_MAX))
  }

  /** The same of some tickers. */
  async ask(tickers: readonly TickerId[]): Promise<void> {
    const answer = await this.#api.quotes(tickers)
    this.hasFailed = !answer.ok && this.#byTicker.size === 0
    if (!answer.ok) return
    this.hasLoaded = true
    const arrivedAt = answer.staleSince ?? this.#now()
    for (const quote of answer.data.quotes) {
      const known = this.get(quote.ticker_id)
      if (known && known.received_at >= quote.received_at) continue
      this.#byTicker.set(quote.ticker_id, { quote, arrivedAt })
    }
  }

  /** What the socket brought: shown with the next frame, the newest of each instrument. */
  apply(quotes: readonly Quote[]): void {
    const arrivedAt = this.#now()
    for (const quote of quotes) this.#heard[quote.ticker_id] = { quote, arrivedAt }
    this.#show.ask()
  }

  /** Won for one unit of the instrument's currency: one for won, the USD/KRW mid for dollars. */
  fxMid({ currency }: Pick<Instrument, 'currency'>): Decimal | null {
    if (currency === 'KRW') return SCALE
    const rate = this.get(USD_KRW)
    return rate && midOf(rate)
  }

  /** Everything a ticket needs to know, or null while any of it is missing. */
  market(instrument: Instrument): TicketMarket | null {
    const quote = this.get(instrument.tickerId)
    const fxMid = this.fxMid(instrument)
    if (!quote || fxMid === null) return null
    return {
      price: decimal(quote.price),
      bid: decimal(quote.bid),
      ask: decimal(quote.ask),
      changePercent: decimal(quote.change_pct),
      fxMid,
    }
  }
}

/** Halfway between bid and ask: what a position is valued at. */
export function midOf(quote: Pick<Quote, 'bid' | 'ask'>): Decimal {
  return divide(decimal(quote.bid) + decimal(quote.ask), 2n, 'half_even')
}
