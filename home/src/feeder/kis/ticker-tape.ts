// Pure: no I/O, no clock, no randomness.
// All that is known of one ticker, and what of it the feeder has not been given yet.
//
// Trades and books are folded into drafts of observations. A draft is closed when the phase changes,
// at an uncross, and when it is full of prints: so nothing that happened is lost or told as one with
// what came after. What could not be handed over waits, up to a bound.

import { type Decimal, formatDecimal } from '@motu/shared/decimal.ts'
import type { Currency } from '@motu/shared/instrument.ts'
import {
  EVENT_PRINTS_MAX,
  type MarketPhase,
  type OrderBook,
  type Trade,
} from '@motu/shared/market-data.ts'
import type { TickerId } from '@motu/shared/ticker.ts'
import type { Observation } from '../observation.ts'
import type {
  BookFrame,
  Level,
  OperationFrame,
  PhaseMark,
  TradeFrame,
} from './frames/market-frame.ts'
import {
  bestOf,
  type Draft,
  type Label,
  observationOf,
  orderBookOf,
  tradeOf,
} from './kis-events.ts'
import { PhaseTrack } from './phase-track.ts'

/** Observations of one ticker that wait for the bus, at the most: half a minute of the busiest. */
const DRAFTS_WAITING_MAX = 200
const TRADES_WAITING_MAX = 5_000
/** How far a venue's clock may run ahead of ours. */
const CLOCK_SKEW_MS_MAX = 60_000
/** Trades that are remembered to know a repeated one. */
const TRADE_IDS_MAX = 2_000

/** A session code in an answer says less than the frames of the last minute. */
const PHASE_KEPT_MS = 60_000

/** What a call answered about a ticker. What the call does not tell is null. */
export type Snapshot = {
  price: Decimal
  basePrice: Decimal
  /** The trading date of the base price; null: not told. */
  basedOn: string | null
  book: { bids: readonly Level[]; asks: readonly Level[] } | null
  /** Of the day. */
  cumulative: Decimal | null
  venueMs: number | null
  mark: PhaseMark
}

export class TickerTape {
  readonly tickerId: TickerId
  readonly #label: Label
  readonly #phases = new PhaseTrack()
  readonly #tradeIds = new Set<string>()
  #price: Decimal | null = null
  #base: { price: Decimal; on: string | null; told: boolean } | null = null
  #book: { bids: readonly Level[]; asks: readonly Level[]; full: boolean } | null = null
  #cumulative: { on: string; volume: Decimal } | null = null
  #draft: Draft | null = null
  #waiting: Observation[] = []
  #trades: Trade[] = []
  #orderBook: OrderBook | null = null
  #venueMs = 0
  /** The venue's time of the newest trade, never ahead of our clock: one bad time cannot freeze it. */
  #tradedAtMs = 0
  /** When KIS last told anything of this ticker, frame or answer. */
  #toldAtMs = 0
  #framedAtMs = 0
  /** `received_at` of the newest observation. */
  #observedAtMs = 0
  /** Valid records that had no room while the bus was away. */
  #dropped = 0

  constructor(tickerId: TickerId, currency: Currency) {
    this.tickerId = tickerId
    this.#label = { tickerId, currency }
  }

  get toldAtMs(): number {
    return this.#toldAtMs
  }

  get observedAtMs(): number {
    return this.#observedAtMs
  }

  get phase(): MarketPhase | undefined {
    return this.#phases.phase
  }

  /** False: this very trade was seen before. */
  trade(frame: TradeFrame, receivedAtMs: number): boolean {
    const identity = `${frame.id} ${frame.price} ${frame.quantity}`
    if (this.#tradeIds.has(identity)) return false
    this.#tradeIds.add(identity)
    if (this.#tradeIds.size > TRADE_IDS_MAX) {
      for (const oldest of this.#tradeIds.values()) {
        this.#tradeIds.delete(oldest)
        break
      }
    }
    const before = this.#phases.phase
    const uncrosses = this.#phases.noteTrade(frame.mark, receivedAtMs)
    if (uncrosses || before !== this.#phases.phase) this.#close(before)
    // A trade that comes late is a print; the last price is that of the newest.
    const isNewest = frame.venueMs >= this.#tradedAtMs
    if (isNewest || this.#price === null) this.#price = frame.price
    if (isNewest) this.#tradedAtMs = Math.min(frame.venueMs, receivedAtMs)
    this.#rebase({ price: frame.basePrice, on: frame.tradedOn, told: false })
    this.#advance(frame.tradedOn, frame.cumulative)
    if (!this.#book?.full) this.#book = { ...bestOf(frame), full: false }
    const draft = this.#touch(frame.venueMs, receivedAtMs)
    const [price, quantity] = [formatDecimal(frame.price), formatDecimal(frame.quantity)]
    draft.prints.push([price, quantity, uncrosses ? null : frame.side])
    draft.volume += frame.quantity
    this.#framedAtMs = receivedAtMs
    if (frame.side && !uncrosses) {
      this.#trades.push(tradeOf(frame, frame.side, { ...this.#label, receivedAtMs }))
      this.#bound()
    }
    if (uncrosses) {
      draft.uncross = { price, quantity }
      this.#close(this.#phases.phase)
    } else if (draft.prints.length >= EVENT_PRINTS_MAX) this.#close(this.#phases.phase)
    return true
  }

  book(frame: BookFrame, receivedAtMs: number): void {
    this.#mark(frame.mark, receivedAtMs)
    this.#book = { bids: frame.bids, asks: frame.asks, full: true }
    this.#touch(frame.venueMs, receivedAtMs)
    this.#framedAtMs = receivedAtMs
    this.#orderBook = orderBookOf(frame, { ...this.#label, receivedAtMs })
  }

  operation(frame: OperationFrame, receivedAtMs: number): void {
    this.#mark(frame.mark, receivedAtMs)
    this.#touch(this.#venueMs, receivedAtMs)
  }

  /** Takes an answer. What a frame told after the question was asked is newer, and stays. */
  polled(snapshot: Snapshot, askedAtMs: number): void {
    this.#rebase({ price: snapshot.basePrice, on: snapshot.basedOn, told: true })
    const { phase: _phase, ...flags } = snapshot.mark
    const isFramed = this.#framedAtMs > askedAtMs - PHASE_KEPT_MS
    this.#mark(isFramed ? flags : snapshot.mark, askedAtMs)
    const isNewer = this.#framedAtMs < askedAtMs
    // KIS's own times are whole seconds: ours must not look newer than they are.
    const venueMs = snapshot.venueMs ?? (this.#venueMs || askedAtMs - (askedAtMs % 1_000))
    const volume = isNewer && snapshot.cumulative !== null ? this.#since(snapshot) : 0n
    if (isNewer || this.#price === null) this.#price = snapshot.price
    if (snapshot.book && (isNewer || !this.#book?.full)) {
      this.#book = { ...snapshot.book, full: true }
      const sides = { ...snapshot.book, venueMs }
      this.#orderBook = orderBookOf(sides, { ...this.#label, receivedAtMs: askedAtMs })
    }
    this.#touch(venueMs, Math.max(askedAtMs, this.#framedAtMs)).volume += volume
  }

  /** Nothing has changed by `atMs`, says a line that would have told: observed anew. */
  confirm(atMs: number): void {
    if (this.#draft || atMs <= this.#observedAtMs) return
    this.#open(this.#venueMs, atMs)
  }

  /** What was not handed over yet, oldest first. */
  takeObservations(): Observation[] {
    if (this.#price !== null && this.#base && this.#book) this.#close(this.#phases.phase)
    const taken = this.#waiting
    this.#waiting = []
    return taken
  }

  takeTrades(): Trade[] {
    const taken = this.#trades
    this.#trades = []
    return taken
  }

  takeBook(): OrderBook | null {
    const taken = this.#orderBook
    this.#orderBook = null
    return taken
  }

  /** Gives back what the bus did not take. */
  giveBack(back: { observations?: Observation[]; trades?: Trade[] }): void {
    this.#waiting = [...(back.observations ?? []), ...this.#waiting]
    this.#trades = [...(back.trades ?? []), ...this.#trades]
    this.#bound()
  }

  /** How many valid records were dropped since the last call, because the bus was away for too long. */
  takeDropped(): number {
    const dropped = this.#dropped
    this.#dropped = 0
    return dropped
  }

  #mark(mark: PhaseMark, receivedAtMs: number): void {
    const before = this.#phases.phase
    this.#phases.note(mark, receivedAtMs)
    if (before !== this.#phases.phase) this.#close(before)
  }

  #touch(venueMs: number, receivedAtMs: number): Draft {
    this.#toldAtMs = receivedAtMs
    return this.#open(venueMs, receivedAtMs)
  }

  #open(venueMs: number, receivedAtMs: number): Draft {
    this.#venueMs = Math.max(this.#venueMs, Math.min(venueMs, receivedAtMs + CLOCK_SKEW_MS_MAX))
    this.#observedAtMs = Math.max(this.#observedAtMs, receivedAtMs)
    this.#draft ??= { prints: [], volume: 0n, uncross: undefined, venueMs, receivedAtMs }
    this.#draft.venueMs = this.#venueMs
    this.#draft.receivedAtMs = this.#observedAtMs
    return this.#draft
  }

  /** Turns the draft into an observation, unless price, base or book are not known yet. */
  #close(phase: MarketPhase | undefined): void {
    const [draft, price, base, book] = [this.#draft, this.#price, this.#base, this.#book]
    if (!draft || price === null || !base || !book) return
    this.#draft = null
    this.#waiting.push(
      observationOf({ ...draft, price, basePrice: base.price, book, phase }, this.#label),
    )
    this.#bound()
  }

  #bound(): void {
    while (this.#waiting.length > DRAFTS_WAITING_MAX) {
      const [oldest] = this.#waiting.splice(0, 1)
      this.#dropped += Math.max(1, oldest!.prints?.length ?? 0)
    }
    const excess = this.#trades.length - TRADES_WAITING_MAX
    if (excess > 0) {
      this.#trades.splice(0, excess)
      this.#dropped += excess
    }
  }

  /** A base price that was told holds for its day, whatever a trade's change counts back to. */
  #rebase(base: { price: Decimal; on: string | null; told: boolean }): void {
    const known = this.#base
    if (known?.told && !base.told && known.on !== null && base.on === known.on) return
    if (known?.told && !base.told && known.on === null) return
    this.#base = base
  }

  #advance(on: string, volume: Decimal): void {
    const known = this.#cumulative
    if (!known || on > known.on || (on === known.on && volume > known.volume)) {
      this.#cumulative = { on, volume }
    }
  }

  /** Traded since the running volume was last known; nothing on the first look of a day. */
  #since({ cumulative, basedOn }: Snapshot): Decimal {
    const known = this.#cumulative
    const on = basedOn ?? known?.on ?? ''
    this.#advance(on, cumulative!)
    if (!known || known.on !== on || cumulative! <= known.volume) return 0n
    return cumulative! - known.volume
  }
}
