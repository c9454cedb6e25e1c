// The trades of all coins, one coin a call and in turn: of ten calls a second, Upbit's limit for
// trades, one is made. Between two turns of a coin more may trade than one answer holds: the tape
// then has a gap.

import type { Trade } from '@motu/shared/market-data.ts'
import type { Log } from '../../log.ts'
import { AskedPause } from './asked-pause.ts'
import { LeftOut } from './left-out.ts'
import { TradeTape } from './trade-tape.ts'
import type { UpbitExchange } from './upbit-exchange.ts'
import { readTrade, TRADES_PER_ANSWER_MAX } from './upbit-trade.ts'

type TradeTurnsOptions = {
  /** Markets by ticker id. */
  markets: ReadonlyMap<string, string>
  now: () => number
  log: Log
}

type Turn = { tickerId: string; market: string }

export class TradeTurns {
  readonly #options: TradeTurnsOptions
  readonly #tapes = new Map<string, TradeTape>()
  readonly #leftOut: LeftOut
  /** Of the trades alone: Upbit limits each kind of call by itself. */
  readonly #pause: AskedPause
  #turn = 0

  constructor(options: TradeTurnsOptions) {
    this.#options = options
    this.#leftOut = new LeftOut('a trade', options.log)
    this.#pause = new AskedPause(options.now)
  }

  /** The new trades of the coin whose turn it is, oldest first; a failed turn is over, too. */
  async next(exchange: UpbitExchange, listed: ReadonlySet<string>): Promise<Trade[]> {
    const turns = [...this.#options.markets].filter(([, market]) => listed.has(market))
    const turn = turns[this.#turn % turns.length]
    if (!turn) return []
    return this.#pause.around(async () => {
      this.#turn += 1
      const [tickerId, market] = turn
      return this.#read({ tickerId, market }, await exchange.trades(market))
    })
  }

  #read({ tickerId, market }: Turn, rows: readonly unknown[]): Trade[] {
    const nowMs = this.#options.now()
    const receivedAt = new Date(nowMs).toISOString()
    const readings = rows
      .slice(0, TRADES_PER_ANSWER_MAX)
      .map((row) => readTrade(row, { tickerId, market, receivedAt }))
    const bad = readings.find((reading) => 'reason' in reading)
    this.#leftOut.note(tickerId, bad?.reason ?? null)
    const tape = this.#tapes.get(tickerId) ?? new TradeTape()
    this.#tapes.set(tickerId, tape)
    const trades = readings.flatMap((reading) => ('reason' in reading ? [] : [reading]))
    return tape.take(trades, nowMs)
  }
}
