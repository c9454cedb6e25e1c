// Pure: no I/O, no clock, no randomness.
// Instruments: the tradable things and the rules that come with their venue.

import { type Decimal, decimal, SCALE } from './decimal.ts'
import type { OrderType } from './order.ts'
import { type TickerId, USD_KRW } from './ticker.ts'
import { newestCommissionPercentOf } from './venues/charges.ts'
import { lotOf as lotInSession, notionalLimitsOf } from './venues/lots.ts'
import { type TickLadder, tickAt } from './venues/tick-ladder.ts'
import { newestLadderOf } from './venues/ticks.ts'

export const VENUES = ['KRX', 'US', 'CRYPTO'] as const
export type Venue = (typeof VENUES)[number]
export const CURRENCIES = ['KRW', 'USD'] as const
export type Currency = (typeof CURRENCIES)[number]

/**
 * What the shares and coins of a venue have in common today. What a day asks of an order, and what
 * a fill is charged, say `venues/{ticks,lots,price-limits,charges}.ts`, by date, kind and board.
 */
export type VenueRules = {
  readonly currency: Currency
  readonly ticks: TickLadder
  /** The smallest step of a quantity. */
  readonly lot: Decimal
  /** In percent: a rate of 0.0140527 % would not fit eight decimals as a fraction. */
  readonly commissionPercent: Decimal
  /** In KRW; zero where the venue has none. */
  readonly minNotional: Decimal
}

export const VENUE_RULES: Readonly<Record<Venue, VenueRules>> = {
  KRX: todaysRules('KRW', { venue: 'KRX', kind: 'STOCK', board: 'KOSPI' }),
  US: todaysRules('USD', { venue: 'US', kind: 'STOCK', board: null }),
  CRYPTO: todaysRules('KRW', { venue: 'CRYPTO', kind: 'COIN', board: null }),
}

function todaysRules(
  currency: Currency,
  listed: Pick<Instrument, 'venue' | 'kind' | 'board'>,
): VenueRules {
  return {
    currency,
    ticks: newestLadderOf(listed),
    lot: lotInSession(listed, { type: 'MARKET', session: 'regular' }),
    commissionPercent: newestCommissionPercentOf(listed),
    minNotional: notionalLimitsOf(listed).min,
  }
}

/** What one order may be worth, about 100 billion won: with its collar it still fits every column. */
export const ORDER_NOTIONAL_MAX: Readonly<Record<Currency, Decimal>> = {
  KRW: 100_000_000_000n * SCALE,
  USD: 50_000_000n * SCALE,
}

/** What an instrument is; ETFs pay no transaction tax and tick in their own steps. */
export const INSTRUMENT_KINDS = ['STOCK', 'ETF', 'COIN'] as const
export type InstrumentKind = (typeof INSTRUMENT_KINDS)[number]
/** The boards of KRX: tax and volatility interruptions go by them. */
export const BOARDS = ['KOSPI', 'KOSDAQ', 'KONEX'] as const
export type Board = (typeof BOARDS)[number]
/** `HALTED` keeps orders waiting; `DELISTED` refuses new ones and ends those that wait. */
export const LISTING_STATUSES = ['LISTED', 'HALTED', 'DELISTED'] as const
export type ListingStatus = (typeof LISTING_STATUSES)[number]

export type Instrument = {
  readonly tickerId: TickerId
  readonly venue: Venue
  readonly kind: InstrumentKind
  /** Null outside KRX. */
  readonly board: Board | null
  readonly status: ListingStatus
  readonly nameKo: string
  readonly nameEn: string
  /** Its line of business, as its venue's master data calls it; null where it says none. */
  readonly sector: string | null
  readonly currency: Currency
  /** A price near which the simulated feed begins, and the hold of a market order before any quote. */
  readonly referencePrice: Decimal
}

type Row = readonly [symbol: string, nameKo: string, nameEn: string, referencePrice: string]

const CRYPTO: readonly Row[] = [
  ['BTC', '비트코인', 'Bitcoin', '9500000'],
  ['ETH', '이더리움', 'Ethereum', '4100000'],
  ['XRP', '엑스알피', 'XRP', '3100'],
  ['SOL', '솔라나', 'Solana', '205000'],
  ['DOGE', '도지코인', 'Dogecoin', '240'],
  ['ADA', '에이다', 'Cardano', '690'],
  ['TRX', '트론', 'TRON', '410'],
  ['AVAX', '아발란체', 'Avalanche', '21500'],
  ['LINK', '체인링크', 'Chainlink', '20300'],
  ['DOT', '폴카닷', 'Polkadot', '4150'],
]

const KRX: readonly Row[] = [
  ['005930', '삼성전자', 'Samsung Electronics', '51000'],
  ['000660', 'SK하이닉스', 'SK hynix', '560000'],
  ['373220', 'LG에너지솔루션', 'LG Energy Solution', '440000'],
  ['207940', '삼성바이오로직스', 'Samsung Biologics', '1190000'],
  ['005380', '현대차', 'Hyundai Motor', '262000'],
  ['000270', '기아', 'Kia', '114500'],
  ['035420', 'NAVER', 'NAVER', '253500'],
  ['035720', '카카오', 'Kakao', '60100'],
  ['068270', '셀트리온', 'Celltrion', '182300'],
  ['105560', 'KB금융', 'KB Financial', '123700'],
]

const US: readonly Row[] = [
  ['AAPL', '애플', 'Apple', '128'],
  ['MSFT', '마이크로소프트', 'Microsoft', '506'],
  ['NVDA', '엔비디아', 'NVIDIA', '188'],
  ['AMZN', '아마존', 'Amazon', '231'],
  ['GOOGL', '알파벳', 'Alphabet', '284'],
  ['META', '메타', 'Meta Platforms', '608'],
  ['TSLA', '테슬라', 'Tesla', '411'],
  ['AMD', 'AMD', 'AMD', '243'],
  ['NFLX', '넷플릭스', 'Netflix', '110.5'],
  ['JPM', 'JP모건', 'JPMorgan Chase', '306'],
]

function listed(venue: Venue, type: 'COIN' | 'STOCK', rows: readonly Row[]): Instrument[] {
  return rows.map(([symbol, nameKo, nameEn, referencePrice]) => ({
    tickerId: `${venue}-${type}-${symbol}`,
    venue,
    kind: type,
    board: venue === 'KRX' ? 'KOSPI' : null,
    status: 'LISTED',
    nameKo,
    nameEn,
    sector: null,
    currency: VENUE_RULES[venue].currency,
    referencePrice: decimal(referencePrice),
  }))
}

/** Built in: ten coins of Upbit's KRW market, ten KRX and ten US stocks, which can be replayed. */
export const INSTRUMENTS: readonly Instrument[] = [
  ...listed('CRYPTO', 'COIN', CRYPTO),
  ...listed('KRX', 'STOCK', KRX),
  ...listed('US', 'STOCK', US),
]

/** More than KRX, the US exchanges and Upbit list together; an edge keeps all of them in memory. */
export const INSTRUMENTS_MAX = 20_000

// The one piece of state in shared: what this process knows to be listed. It changes as a whole, a
// few times a day, and by nothing but `registerInstruments`. Whoever decides is handed an Instrument.
let registry = registryOf([], 'built-in')

type Registry = {
  readonly byTicker: ReadonlyMap<TickerId, Instrument>
  readonly all: readonly Instrument[]
  readonly version: string
}

function registryOf(list: readonly Instrument[], version: string): Registry {
  const byTicker = new Map([...INSTRUMENTS, ...list].map((one) => [one.tickerId, one]))
  return { byTicker, all: [...byTicker.values()], version }
}

/**
 * Says what is listed besides the built-in instruments, or instead of one of them; what was said
 * before is forgotten. `version` names this list: who has the same one need not be told again.
 * Throws beyond `INSTRUMENTS_MAX`: the registry then stays as it was.
 */
export function registerInstruments(list: readonly Instrument[], version: string): void {
  const next = registryOf(list, version)
  if (next.all.length > INSTRUMENTS_MAX) {
    throw new Error(`${next.all.length} instruments are more than ${INSTRUMENTS_MAX}`)
  }
  registry = next
}

/**
 * Everything this process knows, delisted instruments too; the built-in ones first. The same array
 * until the registry changes.
 */
export function knownInstruments(): readonly Instrument[] {
  return registry.all
}

/** Instruments that are quoted at the most; which of more matter, only their users could say. */
export const QUOTED_INSTRUMENTS_MAX = 300

/** What feeds quote and engines follow from their start on: the built-in ones first, then as listed. */
export function quotedInstruments(): readonly Instrument[] {
  return registry.all.filter(({ status }) => status !== 'DELISTED').slice(0, QUOTED_INSTRUMENTS_MAX)
}

/** The version of what is known: `built-in` before anything was registered. */
export function instrumentsVersion(): string {
  return registry.version
}

/** The instrument behind a ticker id; `undefined` when none is known under it. */
export function findInstrument(tickerId: TickerId): Instrument | undefined {
  return registry.byTicker.get(tickerId)
}

/** The exchange rate the feed quotes beside the instruments: won for one dollar. */
export const USD_KRW_REFERENCE: { tickerId: TickerId; referencePrice: Decimal } = {
  tickerId: USD_KRW,
  referencePrice: decimal('1465.5'),
}

/** `lotOf` of `venues/lots.ts` for an order of the regular session. */
export function lotOf(instrument: Instrument, type: OrderType): Decimal {
  return lotInSession(instrument, { type, session: 'regular' })
}

/** The newest tick of an instrument at a price; `tickOf` of `venues/ticks.ts` knows every day's. */
export function tickOf(instrument: Instrument, price: Decimal): Decimal {
  return tickAt(newestLadderOf(instrument), price)
}
