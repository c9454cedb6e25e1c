// The watcher of price alerts: hears every market event, holds the prices against the alerts twice a
// second, and every minute looks through the candles for what it did not hear itself. Simulated prices
// tell alerts too: the app says of them that they are.
//
// Any number of processes may watch: the row of an alert says who told it. An alert that was told is
// published; a process that dies in between has told it all the same, for its list says so.
// Postgres away: prices are kept, fewer and fewer of each ticker, and looked at when it is back.
// Redis away: no events come; what was missed stands in the candles, a minute later.

import type { AlertEvent } from '@motu/shared/upstream.ts'
import type { Bus } from '../bus/bus.ts'
import type { Sql } from '../db/connect.ts'
import type { Log } from '../log.ts'
import { RecentPrices } from './recent-prices.ts'
import { sweepCandles, tellMet } from './tell.ts'

const CHECK_INTERVAL_MS = 500
const SWEEP_INTERVAL_MS = 60_000
/**
 * Prices are held against the alerts again for this long: an alert counts from when it was made, and
 * may be committed a little after the next look.
 */
const COMMIT_LAG_MS = 5_000
/** Told alerts that wait for the bus at the most; of more, the oldest are only in their lists. */
const UNSENT_MAX = 10_000

export type WatcherOptions = {
  readonly sql: Sql
  readonly bus: Bus
  readonly now: () => number
  readonly log: Log
}

export class AlertWatcher {
  readonly #options: WatcherOptions
  readonly #prices = new RecentPrices()
  #unsent: AlertEvent[] = []

  constructor(options: WatcherOptions) {
    this.#options = options
  }

  /** Begins to hear prices; answers how to stop. */
  listen(): Promise<() => Promise<void>> {
    return this.#options.bus.watchMarket((events) => {
      for (const event of events) this.#prices.add(event)
    })
  }

  /** Tells what the prices since the last look have met. Rejects while Postgres or the bus is away. */
  async check(): Promise<void> {
    const { sql, now } = this.#options
    const nowMs = now()
    const prices = this.#prices.all()
    this.#keep(await tellMet(sql, prices))
    this.#prices.noteChecked(prices, nowMs - COMMIT_LAG_MS)
    await this.#send()
  }

  /** Tells what the candles since the last sweep have met. Rejects as `check` does. */
  async sweep(): Promise<void> {
    const { sql, now, log } = this.#options
    for (let isWhole = false; !isWhole;) {
      const swept = await sweepCandles(sql, now())
      isWhole = swept.isWhole
      if (swept.told.length > 0) log.info({ alerts: swept.told.length }, 'told by candles')
      this.#keep(swept.told)
    }
    await this.#send()
  }

  #keep(told: readonly AlertEvent[]): void {
    this.#unsent = [...this.#unsent, ...told].slice(-UNSENT_MAX)
  }

  async #send(): Promise<void> {
    const sending = this.#unsent
    if (sending.length === 0) return
    await this.#options.bus.publish('alert_events', sending)
    this.#unsent = this.#unsent.filter((one) => !sending.includes(one))
  }
}

/** Watches from now on; answers how to stop. */
export async function startAlerts(options: WatcherOptions): Promise<() => Promise<void>> {
  const watcher = new AlertWatcher(options)
  const unheard = await watcher.listen()
  const ends = [
    every(CHECK_INTERVAL_MS, () => watcher.check(), options.log),
    every(SWEEP_INTERVAL_MS, () => watcher.sweep(), options.log),
  ]
  return async () => {
    await unheard()
    for (const end of ends) await end()
  }
}

/** Does something now and at an interval, never twice at once. Of a failure only the first is logged. */
function every(intervalMs: number, act: () => Promise<void>, log: Log): () => Promise<void> {
  let underWay: Promise<void> | null = null
  let isFailing = false
  const go = async (): Promise<void> => {
    try {
      await act()
      if (isFailing) log.info('price alerts are told again')
      isFailing = false
    } catch (error) {
      if (!isFailing) log.warn({ err: error }, 'price alerts wait')
      isFailing = true
    }
    underWay = null
  }
  const tick = (): void => {
    underWay ??= go()
  }
  tick()
  const timer = setInterval(tick, intervalMs)
  return async () => {
    clearInterval(timer)
    await underWay
  }
}
