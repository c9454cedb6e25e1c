// The exchange lies, stutters, falls silent and hangs up, on its stream and on its calls, while
// clients trade its coins. Nobody is filled on what was not true; the feed comes back by itself.

import { setTimeout as sleep } from 'node:timers/promises'
import { pino } from 'pino'
import { decimal } from '@motu/shared/decimal.ts'
import type { MarketEvent } from '@motu/shared/market-data.ts'
import { redisBus } from '../../home/src/bus/redis.ts'
import { until } from '../../scripts/servers/ports.ts'
import { BAD_KINDS, COINS, FaultyExchange, quoteKey } from '../exchange.ts'
import type { Happened, Scenario, Stage } from '../scenario.ts'
import type { Stack } from '../stack.ts'

const LIVE_TIMEOUT_MS = 40_000
/** Longer than a stream may be silent before it is dialled anew. */
const SILENCE_MS = 8_000
const ROUNDS = 3
const COIN_IDS = new Set(COINS.map(({ tickerId }) => tickerId))

export function feedScenario(): Scenario {
  const exchange = new FaultyExchange()
  const events: MarketEvent[] = []
  return {
    name: 'feed',
    summary: 'the exchange lies, falls silent and hangs up while its coins are traded',
    engines: 1,
    trafficSeconds: 60,
    tickers: COIN_IDS,
    async prepare(cleanup) {
      const upbitUrl = await exchange.start()
      cleanup.add(() => exchange.stop())
      return { upbitUrl }
    },
    strike: (stage) => strike(stage, exchange, events),
    verify: ({ stack }) => verify(stack, exchange, events),
  }
}

async function strike(
  { stack, progress, random }: Stage,
  exchange: FaultyExchange,
  events: MarketEvent[],
): Promise<Happened> {
  const log = pino({ level: 'silent' })
  const bus = redisBus({ url: stack.servers.redis.url, prefix: stack.redisPrefix, log })
  await bus.watchMarket((batch) => {
    events.push(...batch.filter(({ ticker_id }) => COIN_IDS.has(ticker_id)))
  })
  const { socket, server } = exchange
  const isLive = (): boolean => {
    const last = new Map(events.slice(-500).map((event) => [event.ticker_id, event.source]))
    return last.size === COINS.length && [...last.values()].every((name) => name === 'upbit-ws')
  }
  await until('the stream to speak', isLive, LIVE_TIMEOUT_MS)
  const owed = new Map<string, number>()
  const first = events.length
  exchange.owed = owed
  for (let kind = 0; kind < ROUNDS * BAD_KINDS; kind += 1) {
    exchange.inject(kind)
    await sleep(100 + random.below(150))
  }
  exchange.owed = null
  await sleep(1_000)
  const told = new Map<string, number>()
  for (const { ticker_id, price, bid } of events.slice(first)) {
    const key = quoteKey(ticker_id, price, bid)
    told.set(key, (told.get(key) ?? 0) + 1)
  }
  let [sent, dropped] = [0, 0]
  for (const [key, count] of owed) {
    sent += count
    dropped += Math.max(0, count - (told.get(key) ?? 0))
  }
  progress(`${exchange.injected} bad frames among ${sent} good quotes, ${dropped} dropped`)
  const before = socket.connections
  socket.drop('reset')
  await until('another connection', () => socket.connections > before, LIVE_TIMEOUT_MS)
  socket.isSilent = true
  await sleep(SILENCE_MS)
  socket.isSilent = false
  progress('the line was cut, and silent')
  socket.refusal = 429
  server.faults.set('/v1/ticker', { kind: 'answer', status: 429, body: '' })
  socket.drop('close')
  await sleep(SILENCE_MS)
  server.faults.clear()
  socket.refusal = null
  const from = events.length
  const isBack = (): boolean => events.length > from && isLive()
  await until('the stream to speak again', isBack, LIVE_TIMEOUT_MS)
  progress('the stream speaks again')
  return {
    happened: exchange.injected > 0 && sent > 0 && socket.connections > before + 1,
    bad_frames: exchange.injected,
    good_quotes: sent,
    good_dropped: dropped,
    reconnections: socket.connections - before,
    recovered_without_restart: stack.front.isRunning,
  }
}

type FillRow = { order_id: string; ticker_id: string; price: string; epoch: string; seq: string }

/** No event shows what was not true, and no fill has a price that its event's book does not show. */
async function verify(stack: Stack, exchange: FaultyExchange, events: readonly MarketEvent[]) {
  const problems: string[] = []
  const byKey = new Map<string, MarketEvent>()
  for (const event of events) {
    const { ticker_id: id, price, bid, ask } = event
    byKey.set(`${id} ${event.epoch} ${event.seq}`, event)
    const isTrue =
      exchange.goodPrices.has(`${id} ${price}`) && exchange.goodBooks.has(`${id} ${bid} ${ask}`)
    if (!isTrue) problems.push(`${id}: an event at ${price}, ${bid} to ${ask}`)
  }
  const fills = await stack.sql<FillRow[]>`
    SELECT f.order_id, o.ticker_id, f.price::text, f.event_epoch AS epoch, f.event_seq::text AS seq
    FROM fills f JOIN orders o ON o.user_id = f.user_id AND o.id = f.order_id`
  let checked = 0
  for (const fill of fills) {
    const event = byKey.get(`${fill.ticker_id} ${fill.epoch} ${fill.seq}`)
    // Before the exchange was watched; it told no lies then.
    if (!event) continue
    checked += 1
    const price = decimal(fill.price)
    const shown = [...(event.bids ?? []), ...(event.asks ?? [])].map(([text]) => decimal(text))
    const [low, high] = [decimal(event.bids!.at(-1)![0]), decimal(event.asks!.at(-1)![0])]
    if (shown.length === 0 || price < low || price > high) {
      problems.push(`${fill.order_id}: filled at ${fill.price}, which its event does not show`)
    }
  }
  if (checked === 0) problems.push('no fill was checked')
  return { problems, proof: { events_checked: events.length, fills_checked: checked } }
}
