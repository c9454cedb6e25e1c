// An exchange on this machine which quotes the coins, moves them a little all the time, and sends
// what no feed may believe whenever it is told to. It remembers every good quote.

import { formatDecimal } from '@motu/shared/decimal.ts'
import { type Instrument, INSTRUMENTS, tickOf } from '@motu/shared/instrument.ts'
import { BTC, type Coin, UpbitServer } from '../home/test/feeder/upbit-server.ts'
import { bookFrame, tickerFrame, UpbitSocket } from '../home/test/feeder/upbit-socket.ts'

const INTERVAL_MS = 100
/** Ticks a price walks up before it walks down again: well within what is believed. */
const WALK = 20
const LEVELS = 10

export const COINS: readonly Instrument[] = INSTRUMENTS.filter(({ venue }) => venue === 'CRYPTO')
const marketOf = ({ tickerId }: Instrument): string => `KRW-${tickerId.split('-')[2]}`

/** One good quote: `price bid`, under its ticker. */
export const quoteKey = (tickerId: string, price: string, bid: string): string =>
  `${tickerId} ${price} ${bid}`

export class FaultyExchange {
  readonly server = new UpbitServer()
  readonly socket = new UpbitSocket(this.server.http)
  /** Good prices and good books (`bid ask`), each under its ticker. */
  readonly goodPrices = new Set<string>()
  readonly goodBooks = new Set<string>()
  /** Quotes sent while the line was sound, with how often: none may be missing on the bus. */
  owed: Map<string, number> | null = null
  injected = 0
  #turn = 0
  #timer: NodeJS.Timeout | null = null

  async start(): Promise<string> {
    this.server.listed = COINS.map(marketOf)
    this.#quote()
    this.socket.onSubscribed = () => this.#quote()
    const url = await this.server.start()
    this.#timer = setInterval(() => this.#quote(), INTERVAL_MS)
    return url
  }

  async stop(): Promise<void> {
    if (this.#timer) clearInterval(this.#timer)
    await this.socket.stop()
    await this.server.stop()
  }

  /** One bad frame of each coin: what is wrong with it is the `kind`th of them. */
  inject(kind: number): void {
    for (const coin of COINS) {
      const market = marketOf(coin)
      const good = this.#coinAt(coin, this.#turn)
      for (const frame of badFrames(market, good)[kind % BAD_KINDS]!) {
        this.injected += 1
        if (typeof frame === 'string') this.socket.send(frame)
        else this.socket.sendRaw(frame)
      }
    }
  }

  #quote(): void {
    this.#turn += 1
    for (const coin of COINS) {
      const market = marketOf(coin)
      const now = this.#coinAt(coin, this.#turn)
      const { tickerId } = coin
      this.goodPrices.add(`${tickerId} ${now.price}`)
      this.goodBooks.add(`${tickerId} ${now.bid} ${now.ask}`)
      const key = quoteKey(tickerId, now.price, now.bid)
      this.owed?.set(key, (this.owed.get(key) ?? 0) + 1)
      this.server.coins.set(market, now)
      this.socket.send(tickerFrame(market, now))
      this.socket.send(bookFrame(market, now))
    }
  }

  #coinAt(instrument: Instrument, turn: number): Coin {
    const base = instrument.referencePrice
    const tick = tickOf(instrument, base)
    const place = turn % (2 * WALK)
    const price = base + tick * BigInt(place < WALK ? place : 2 * WALK - place)
    const text = (ticks: number): string => formatDecimal(price + tick * BigInt(ticks))
    const size = formatDecimal((10_000_000n * 10n ** 16n) / base)
    const deeper = Array.from(
      { length: LEVELS - 1 },
      (_, level) => [text(-2 - level), text(2 + level), size, size] as const,
    )
    return {
      ...{ ...BTC, price: text(0), bid: text(-1), ask: text(1), bidSize: size, askSize: size },
      ...{ base: formatDecimal(base), timestamp: String(Date.now()), deeper },
    }
  }
}

/** How many ways there are to be wrong. */
export const BAD_KINDS = 12

function badFrames(market: string, good: Coin): (string | Buffer)[][] {
  const times = (text: string, factor: number): string => String(Number(text) * factor)
  const ticker = (change: Partial<Coin>): string => tickerFrame(market, { ...good, ...change })
  const book = (change: Partial<Coin>): string => bookFrame(market, { ...good, ...change })
  const high = {
    price: times(good.price, 100),
    bid: times(good.bid, 100),
    ask: times(good.ask, 100),
  }
  const ago = String(Date.now() - 60_000)
  return [
    [ticker({ price: 'NaN' })],
    [ticker({ price: 'null' })],
    [ticker({ price: '-1' })],
    [ticker({ price: high.price })],
    [ticker({ price: times(good.price, 0.01) })],
    [book({ bid: high.bid, ask: high.ask, deeper: [] })],
    [ticker(high), bookFrame(market, { ...good, ...high, deeper: [] })],
    [book({ bid: times(good.ask, 1.01) })],
    [book({ askSize: '0' })],
    [ticker({ price: times(good.price, 0.5), timestamp: ago })],
    [ticker({ timestamp: String(Date.now() + 3_600_000), price: times(good.price, 1.05) })],
    [Buffer.from([0, 255, 123]), Buffer.from('{"type":"ticker","code":'), ticker({})],
  ]
}
