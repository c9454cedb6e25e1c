// The one socket of the page, and what it promises: quotes while they are fresh, and every change
// of an own order exactly once, or a call to fetch the orders anew.
//
//   idle ── start ──► connecting ── opened ──► live ── lost ──► waiting ── delay over ──► connecting
//     ▲                                                                                      │
//     └───────────────────────────── stop, from any state ◄─────────────────────────────────┘
//
// connecting  The socket is being opened. Its first frame is `auth` when someone is signed in; then
//             come the subscriptions. `live` begins with the first answer to them.
// live        Frames arrive. Order events carry a `seq` per user: one already seen is dropped, a gap
//             or a `reset` asks for a fetch. Silence longer than SILENCE_MS is treated as a loss,
//             because a connection behind a sleeping laptop dies without a word.
// waiting     The delay doubles from DELAY_MS_MIN to DELAY_MS_MAX, and half of it is random, so that
//             a thousand browsers do not come back in the same second.
//
// A new socket subscribes to everything again and resumes the orders from the last `seq`. Besides the
// quotes and orders that are always heard, `watch` hears a channel for as long as somebody wants it.
// Closed with 4401 the access token is renewed first; closed with 4429 the longest delay is taken.

import type { Order } from '@motu/shared/contract/orders.ts'
import type { ClientFrame, ServerFrame } from '@motu/shared/contract/stream.ts'
import type { Quote } from '@motu/shared/market-data.ts'
import { type Channel, type DataOf, Watchers } from './watchers.ts'

/** The values of the contract, repeated with its types so that no schema library is loaded here. */
type Contract = typeof import('@motu/shared/contract/stream.ts')
const CLOSE_UNAUTHENTICATED: Contract['CLOSE_UNAUTHENTICATED'] = 4401
const CLOSE_TOO_MANY: Contract['CLOSE_TOO_MANY'] = 4429

const DELAY_MS_MIN = 500
const DELAY_MS_MAX = 15_000
const PING_INTERVAL_MS = 10_000
const SILENCE_MS = 25_000

export type LiveState = 'idle' | 'connecting' | 'live' | 'waiting'

/** Of a WebSocket, what is used here. */
export type Socket = {
  send(text: string): void
  close(): void
  onopen: (() => void) | null
  onmessage: ((event: { data: unknown }) => void) | null
  onclose: ((event: { code: number }) => void) | null
}

export type LiveOptions = {
  open: () => Socket
  now: () => number
  random: () => number
  /** Calls back after a delay; the answer calls it off. */
  after: (delayMs: number, call: () => void) => () => void
  token: () => Promise<string | null>
  renew: () => Promise<boolean>
  onQuotes: (quotes: readonly Quote[]) => void
  onOrder: (order: Order) => void
  /** Order events were missed, or may have been: fetch the orders. */
  onOrdersUnknown: () => void
  onHome: (state: 'up' | 'down') => void
  /** Live again after a loss: what comes without a `seq` may have been missed. */
  onBack: () => void
}

export class Live {
  state = $state<LiveState>('idle')
  readonly #options: LiveOptions
  #socket: Socket | null = null
  #attempts = 0
  #lastSeq: number | null = null
  #wasLost = false
  #heardAt = 0
  #quoteChannels: readonly string[]
  readonly #watchers = new Watchers()
  #isSignedIn = false
  #isTelling = false
  #callOff: () => void = () => {}

  constructor(options: LiveOptions, quoteChannels: readonly string[]) {
    this.#options = options
    this.#quoteChannels = quoteChannels
  }

  start(): void {
    if (this.state === 'idle') void this.#connect()
  }

  stop(): void {
    this.#drop()
    this.state = 'idle'
  }

  /** Someone else is signed in, or no one: a new socket, with nothing to resume. */
  restart(): void {
    this.stop()
    this.#lastSeq = null
    this.#wasLost = false
    this.#attempts = 0
    this.start()
  }

  /** The network is back, or the tab: do not sit out the delay. */
  hurry(): void {
    if (this.state === 'waiting') void this.#connect()
  }

  /**
   * Hears a channel until the answer is called: subscribes with the first watcher, unsubscribes after
   * the last, and begins again on every new socket. Who joins a channel that is already watched hears
   * from its next frame on; the first watcher also hears what the channel begins with.
   */
  watch<C extends Channel>(channel: C, handler: (data: DataOf<C>) => void): () => void {
    const end = this.#watchers.add(channel, handler)
    this.#tellSoon()
    return () => {
      end()
      this.#tellSoon()
    }
  }

  /** Once a moment, however many watchers came and went in it. */
  #tellSoon(): void {
    if (this.#isTelling) return
    this.#isTelling = true
    queueMicrotask(() => {
      this.#isTelling = false
      if (this.state === 'live') this.#tell()
    })
  }

  #tell(): void {
    const { end, begin } = this.#watchers.takeChanges({ isSignedIn: this.#isSignedIn })
    if (end.length > 0) this.#send({ op: 'unsubscribe', channels: end })
    if (begin.length > 0) this.#send({ op: 'subscribe', channels: begin })
  }

  async #connect(): Promise<void> {
    this.#drop()
    this.state = 'connecting'
    const token = await this.#options.token()
    if (this.state !== 'connecting' || this.#socket) return
    const socket = this.#options.open()
    this.#socket = socket
    this.#heardAt = this.#options.now()
    socket.onopen = () => this.#greet(token)
    socket.onmessage = ({ data }) => this.#hear(data)
    socket.onclose = ({ code }) => void this.#lost(code)
    this.#watch()
  }

  #greet(token: string | null): void {
    if (token) this.#send({ op: 'auth', token })
    const channels = [...this.#quoteChannels, ...(token ? ['orders'] : [])]
    const resume = token && this.#lastSeq !== null ? { resume_from: this.#lastSeq } : {}
    this.#send({ op: 'subscribe', channels, ...resume })
    this.#isSignedIn = token !== null
    this.#watchers.forgetSocket()
    // In a frame of their own: one that is refused takes neither prices nor orders with it.
    this.#tell()
  }

  #hear(data: unknown): void {
    if (typeof data !== 'string') return
    this.#heardAt = this.#options.now()
    const frame = JSON.parse(data) as ServerFrame
    if ('op' in frame) this.#obey(frame)
    else if (frame.channel === 'orders') this.#takeOrder(frame.seq, frame.data as Order)
    else this.#bring(frame.channel, frame.data)
  }

  #bring(channel: string, data: unknown): void {
    if (channel === 'quotes') this.#options.onQuotes(data as Quote[])
    else if (channel.startsWith('quotes:')) this.#options.onQuotes([data as Quote])
    this.#watchers.hand(channel, data)
  }

  #obey(frame: Extract<ServerFrame, { op: string }>): void {
    if (frame.op === 'subscribed') {
      this.state = 'live'
      this.#attempts = 0
      if (this.#wasLost) this.#options.onBack()
      this.#wasLost = false
      // Whoever began to watch between the greeting and this answer.
      this.#tell()
      if (frame.channels.includes('orders') && this.#lastSeq === null) {
        this.#lastSeq = frame.seq ?? null
        this.#options.onOrdersUnknown()
      }
    } else if (frame.op === 'reset') {
      this.#lastSeq = frame.seq
      this.#options.onOrdersUnknown()
    } else if (frame.op === 'home') {
      this.#options.onHome(frame.state)
    }
  }

  #takeOrder(seq: number, order: Order): void {
    const expected = this.#lastSeq === null ? seq : this.#lastSeq + 1
    if (seq < expected) return
    this.#lastSeq = seq
    this.#options.onOrder(order)
    if (seq > expected) this.#options.onOrdersUnknown()
  }

  /** Asks for a sign of life now and then, and gives a silent socket up. */
  #watch(): void {
    this.#callOff = this.#options.after(PING_INTERVAL_MS, () => {
      if (this.#options.now() - this.#heardAt > SILENCE_MS) return void this.#lost(0)
      if (this.state === 'live') this.#send({ op: 'ping' })
      this.#watch()
    })
  }

  async #lost(code: number): Promise<void> {
    this.#drop()
    this.state = 'waiting'
    this.#wasLost = true
    const ceiling = Math.min(DELAY_MS_MAX, DELAY_MS_MIN * 2 ** this.#attempts)
    const longest = code === CLOSE_TOO_MANY ? DELAY_MS_MAX : ceiling
    this.#attempts += 1
    if (code === CLOSE_UNAUTHENTICATED) await this.#options.renew()
    if (this.state !== 'waiting') return
    const delayMs = longest / 2 + (longest / 2) * this.#options.random()
    this.#callOff()
    this.#callOff = this.#options.after(delayMs, () => void this.#connect())
  }

  #send(frame: ClientFrame): void {
    this.#socket?.send(JSON.stringify(frame))
  }

  #drop(): void {
    this.#callOff()
    const socket = this.#socket
    this.#socket = null
    if (!socket) return
    socket.onopen = socket.onmessage = socket.onclose = null
    socket.close()
  }
}
