// The same afternoon three times: with home there, with home dark over the end of a session while its
// events are kept, and with them lost but for their candles. The first two must end the same; the
// third must keep the rules for candles.

import { decimal } from '@motu/shared/decimal.ts'
import type { MarketEvent } from '@motu/shared/market-data.ts'
import { USD_KRW } from '@motu/shared/ticker.ts'
import type { Cleanup } from '../../bench/cleanup.ts'
import type { Sql } from '../../home/src/db/connect.ts'
import { type FillProfile, PROFILES } from '../../home/src/engine/fill-profile.ts'
import { upsertCandles } from '../../home/src/feeder/feed-store.ts'
import { DarkHome } from '../../home/test/engine/dark-home.ts'
import { Journal } from '../journal.ts'
import { judgeBooks } from '../oracle.ts'
import { readBooks } from '../oracle/snapshot.ts'
import { seededRandom } from '../random.ts'
import { brokenCandleRules } from './candle-rules.ts'
import { makeBooks } from './books.ts'
import {
  BEGINS_AT,
  candlesOf,
  DARK_AT,
  ENDS_AT,
  RETURN_AT,
  type ScriptedCandle,
  scriptMarket,
  TICKERS,
} from './market.ts'
import { instantOf, looks, type Message, scriptOrders } from './orders.ts'
import { differences, type Outcome, readOutcome } from './outcome.ts'

export type DarkMarketOptions = {
  postgresUrl: string
  seed: number
  orders: number
  progress: (line: string) => void
}

const CASH_KRW = '100000000'
const ORDERS_PER_USER = 12
const SHOWN_MAX = 10
/** Every ticker has been observed again by then. */
const FED_AT = RETURN_AT + 12_000
/** By the clock of an engine that catches up: longer than it waits for candles that do not come. */
const CATCH_UP_MS = 28_000
/** A home that came back gets the messages in deliveries of so many. */
const DELIVERY_LENGTH = 60

type Afternoon = {
  events: MarketEvent[]
  messages: Message[]
  users: string[]
  profile: FillProfile
  candles: ScriptedCandle[]
}

type Mode = 'there' | 'kept' | 'lost'
type Run = { outcome: Outcome; violations: { promise: string; subject: string; detail: string }[] }

export type DarkMarketReport = Awaited<ReturnType<typeof runDarkMarket>>

export async function runDarkMarket(options: DarkMarketOptions, cleanup: Cleanup) {
  const { seed, progress } = options
  const afternoon = script(options)
  const run = async (mode: Mode): Promise<Run> => {
    progress(`home is ${mode === 'there' ? 'there' : `dark, its events ${mode}`}`)
    const done = await live(afternoon, mode, options.postgresUrl, cleanup)
    return done
  }
  const runs = await Promise.all([run('there'), run('kept'), run('lost')])
  const [there, kept, lost] = runs
  const different = differences(there.outcome, kept.outcome)
  const broken = brokenCandleRules(lost.outcome, afternoon.candles, afternoon.messages)
  const placed = afternoon.messages.filter(({ kind }) => kind === 'place')
  const isDark = (at: number): boolean => at > DARK_AT && at < RETURN_AT
  const missing = runs.flatMap(({ outcome }) =>
    placed.filter(({ order_id: id }) => !outcome.orders.has(id)),
  )
  const violated = (promises: readonly string[]): number =>
    runs.flatMap(({ violations }) => violations).filter(({ promise }) => promises.includes(promise))
      .length
  const wrongHolds = runs.flatMap(({ outcome }) => outcome.wrongHolds)
  const filledDark = [...kept.outcome.orders.values()].filter(({ fills }) =>
    fills.some(({ at }) => isDark(at)),
  )
  const late = [...lost.outcome.orders.values()].filter(({ settledLate }) => settledLate)
  const figures = {
    orders: placed.length,
    accepted_dark: placed.filter((one) => isDark(instantOf(one))).length,
    filled_dark: filledDark.length,
    equal: there.outcome.orders.size - different.filter(({ what }) => what.length > 80).length,
    different: different.slice(0, SHOWN_MAX),
    different_total: different.length,
    late: late.length,
    lost: missing.length,
    duplicated: violated(['duplicated']),
    unbalanced: violated(['ledger', 'figures', 'sequence', 'transition']) + wrongHolds.length,
    broken_rules: broken.slice(0, SHOWN_MAX),
  }
  const ok =
    different.length === 0 &&
    broken.length === 0 &&
    figures.lost + figures.duplicated + figures.unbalanced === 0 &&
    figures.filled_dark > 0 &&
    figures.late > 0
  return { scenario: 'dark-market', seed, profile: afternoon.profile.name, ...figures, ok }
}

function script({ seed, orders }: DarkMarketOptions): Afternoon {
  const random = seededRandom(seed)
  const events = scriptMarket(random)
  const count = Math.max(4, Math.ceil(orders / ORDERS_PER_USER))
  const { users, messages } = scriptOrders({ orders, users: count }, events, random)
  const profile = PROFILES[random.pick(['standard', 'standard', 'strict', 'arcade'] as const)]
  const gone = events.filter((event) => isGone(event))
  return { events, messages, users, profile, candles: candlesOf(gone) }
}

const receivedAt = (event: MarketEvent): number => Date.parse(event.received_at)
const isGone = (event: MarketEvent): boolean =>
  receivedAt(event) >= DARK_AT && receivedAt(event) < RETURN_AT

async function live(
  afternoon: Afternoon,
  mode: Mode,
  postgresUrl: string,
  cleanup: Cleanup,
): Promise<Run> {
  const { sql, url } = await makeBooks(postgresUrl, { ...afternoon, cashKrw: CASH_KRW }, cleanup)
  const tickerIds = [...TICKERS.map(({ tickerId }) => tickerId), USD_KRW]
  const { profile } = afternoon
  const home = new DarkHome({ postgresUrl: url, startMs: BEGINS_AT - 60_000, tickerIds, profile })
  cleanup.add(() => home.close())
  await home.start()
  if (mode === 'there') await act(home, afternoon, [BEGINS_AT, ENDS_AT])
  else {
    await act(home, afternoon, [BEGINS_AT, DARK_AT])
    await home.stop()
    await darkness(home, afternoon, mode, sql)
    await act(home, afternoon, [FED_AT, ENDS_AT])
  }
  home.setClock(ENDS_AT)
  await home.look()
  const outcome = await readOutcome(sql)
  const snapshot = { ...(await readBooks(sql)), waiting: [] }
  const startingCashKrw = decimal(CASH_KRW)
  const violations = judgeBooks({ journal: new Journal(), snapshot, startingCashKrw })
  return { outcome, violations }
}

/** Events and messages of a time in their order, an event before a message of its instant. */
async function act(
  home: DarkHome,
  { events, messages }: Afternoon,
  [from, to]: [number, number],
): Promise<void> {
  const within = (at: number): boolean => at >= from && at < to
  const items: { at: number; event?: MarketEvent; message?: Message }[] = [
    ...events.map((event) => ({ at: receivedAt(event), event })),
    ...looks().map((at) => ({ at })),
    ...messages.map((message) => ({ at: instantOf(message), message })),
  ]
  for (const { at, event, message } of items
    .filter((one) => within(one.at))
    .sort((a, b) => a.at - b.at)) {
    home.setClock(at)
    if (event) await home.observe(event)
    else if (message) await home.send(message)
    else await home.look()
    if (!event || home.isBusy) await home.idle()
  }
}

/** Home is away; then it is back, and gets everything at once, in several deliveries. */
async function darkness(
  home: DarkHome,
  { events, messages, candles }: Afternoon,
  mode: Mode,
  sql: Sql,
): Promise<void> {
  const gone = events.filter(isGone)
  if (mode === 'kept') for (const event of gone) await home.observe(event)
  else await upsertCandles(sql, candles.map(stored))
  home.setClock(RETURN_AT)
  await home.start(RETURN_AT - DARK_AT)
  home.setClock(FED_AT)
  home.runClock()
  const dark = messages.filter((one) => instantOf(one) >= DARK_AT && instantOf(one) < RETURN_AT)
  const deliveries: Promise<unknown>[] = []
  for (let from = 0; from < dark.length; from += DELIVERY_LENGTH) {
    deliveries.push(home.send(...dark.slice(from, from + DELIVERY_LENGTH)))
  }
  const back = events.filter(
    (event) => receivedAt(event) >= RETURN_AT && receivedAt(event) < FED_AT,
  )
  for (const event of back) await home.observe(event)
  await Promise.all(deliveries)
  await home.catchUp(CATCH_UP_MS)
}

/** The exchange rate has candles without a volume. */
const stored = (candle: ScriptedCandle) => ({
  ...candle,
  close: candle.open,
  volume: candle.tickerId === USD_KRW ? 0n : decimal('1'),
  simulated: false,
})
