// Pure: no I/O, no clock, no randomness.
// Instruments: the tradable things and the rules that come with their venue.

import { type Decimal, decimal, SCALE } from './decimal.ts'
import { type TickerId, USD_KRW } from './ticker.ts'
import {
  UPBIT_COMMISSION_PERCENT,
  UPBIT_KRW_TICKS,
  UPBIT_MIN_NOTIONAL_KRW,
} from './venues/crypto/rules.ts'
import { KRX_COMMISSION_PERCENT, KRX_TICKS } from './venues/krx/rules.ts'
import { type TickLadder, tickAt } from './venues/tick-ladder.ts'
import { US_COMMISSION_PERCENT, US_TICKS } from './venues/us/rules.ts'

export const VENUES = ['KRX', 'US', 'CRYPTO'] as const
export type Venue = (typeof VENUES)[number]
export const CURRENCIES = ['KRW', 'USD'] as const
export type Currency = (typeof CURRENCIES)[number]

/** What every instrument of one venue has in common. Steps are decimals. */
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
  KRX: {
    currency: 'KRW',
    ticks: KRX_TICKS,
    lot: decimal('1'),
    commissionPercent: KRX_COMMISSION_PERCENT,
    minNotional: 0n,
  },
  // Fractions are for market orders in the regular session only (a Korean broker's service); an
  // order that names its price trades whole shares. `lotOf` knows the difference.
  US: {
    currency: 'USD',
    ticks: US_TICKS,
    lot: decimal('0.000001'),
    commissionPercent: US_COMMISSION_PERCENT,
    minNotional: 0n,
  },
  CRYPTO: {
    currency: 'KRW',
    ticks: UPBIT_KRW_TICKS,
    lot: decimal('0.00000001'),
    commissionPercent: UPBIT_COMMISSION_PERCENT,
    minNotional: UPBIT_MIN_NOTIONAL_KRW,
  },
}

/** What one order may be worth, about 100 billion won: with its collar it still fits every column. */
export const ORDER_NOTIONAL_MAX: Readonly<Record<Currency, Decimal>> = {
  KRW: 100_000_000_000n * SCALE,
  USD: 50_000_000n * SCALE,
}

export type Instrument = {
  readonly tickerId: TickerId
  readonly venue: Venue
  readonly nameKo: string
  readonly nameEn: string
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
    nameKo,
    nameEn,
    currency: VENUE_RULES[venue].currency,
    referencePrice: decimal(referencePrice),
  }))
}

/** The first set: ten coins of Upbit's KRW market, ten KRX and ten US stocks. */
export const INSTRUMENTS: readonly Instrument[] = [
  ...listed('CRYPTO', 'COIN', CRYPTO),
  ...listed('KRX', 'STOCK', KRX),
  ...listed('US', 'STOCK', US),
]

const BY_TICKER = new Map(INSTRUMENTS.map((instrument) => [instrument.tickerId, instrument]))

/** The instrument behind a ticker id; `undefined` when none is listed under it. */
export function findInstrument(tickerId: TickerId): Instrument | undefined {
  return BY_TICKER.get(tickerId)
}

/** The exchange rate the feed quotes beside the instruments: won for one dollar. */
export const USD_KRW_REFERENCE: { tickerId: TickerId; referencePrice: Decimal } = {
  tickerId: USD_KRW,
  referencePrice: decimal('1465.5'),
}

/** The step of a quantity: US orders that name a price trade whole shares, market orders fractions. */
export function lotOf(instrument: Instrument, type: 'MARKET' | 'LIMIT'): Decimal {
  if (instrument.venue === 'US' && type === 'LIMIT') return decimal('1')
  return VENUE_RULES[instrument.venue].lot
}

/** The tick of an instrument at a price. */
export function tickOf(instrument: Instrument, price: Decimal): Decimal {
  return tickAt(VENUE_RULES[instrument.venue].ticks, price)
}
