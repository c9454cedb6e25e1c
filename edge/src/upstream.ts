// The Hub's one socket to home: signed, kept up with a growing pause between attempts, watched for
// silence, and used to measure how far home's clock is from ours.
//
//   down ── opened ──► up ── closed, failed, or no pong for 6 s ──► down ── pause 100 ms … 2 s ──►

import { CLOCK_PING_INTERVAL_MS, type HomeFrame, type HubFrame } from '@motu/shared/upstream.ts'
import type { Clock } from './clock.ts'
import { HOME_DEADLINE_MS, type HomeSettings, signatureOf } from './home-call.ts'
import { log, reasonOf } from './log.ts'
import { SIGNATURE_HEADER } from '@motu/shared/internal.ts'

const STREAM_PATH = '/internal/stream'
const RETRY_DELAY_MS_MIN = 100
const RETRY_DELAY_MS_MAX = 2_000
/** Three pings without an answer: the socket is dead, whatever TCP says. */
const SILENCE_MS_MAX = 3 * CLOCK_PING_INTERVAL_MS
/** Of the last samples the one with the shortest way is the best. */
const CLOCK_SAMPLES = 8

type ClockSample = { offsetMs: number; roundTripMs: number }

export type UpstreamEvents = {
  onFrame: (frame: HomeFrame) => void
  onState: (isUp: boolean) => void
}

export class Upstream {
  readonly #env: HomeSettings
  readonly #now: Clock
  readonly #events: UpstreamEvents
  /** When home was last heard of; null before the first time. */
  heardAt: number | null = null
  #socket: WebSocket | null = null
  #pinger: ReturnType<typeof setInterval> | null = null
  #retryDelayMs = RETRY_DELAY_MS_MIN
  #samples: ClockSample[] = []

  constructor(env: HomeSettings, now: Clock, events: UpstreamEvents) {
    this.#env = env
    this.#now = now
    this.#events = events
  }

  get isUp(): boolean {
    return this.#socket !== null
  }

  /** Home's clock minus ours; null before the first answer, and while home is dark. */
  get clockOffsetMs(): number | null {
    const [first, ...rest] = this.#samples
    if (!first) return null
    const best = rest.reduce((a, b) => (b.roundTripMs < a.roundTripMs ? b : a), first)
    return Math.round(best.offsetMs)
  }

  /** Whether the frame went out. */
  send(frame: HubFrame): boolean {
    if (!this.#socket) return false
    this.#socket.send(JSON.stringify(frame))
    return true
  }

  /** Opens the socket, and again whenever it is lost. */
  async start(): Promise<void> {
    try {
      const socket = await openSocket(this.#env)
      if (socket) this.#attach(socket)
      else this.#retry()
    } catch (error) {
      log.info('home stream is down', { reason: reasonOf(error) })
      this.#retry()
    }
  }

  #attach(socket: WebSocket): void {
    socket.addEventListener('message', ({ data }) => this.#receive(data))
    socket.addEventListener('close', () => this.#lost(socket))
    socket.addEventListener('error', () => this.#lost(socket))
    socket.accept()
    this.#socket = socket
    this.#retryDelayMs = RETRY_DELAY_MS_MIN
    this.heardAt = this.#now()
    this.#pinger = setInterval(() => this.#ping(), CLOCK_PING_INTERVAL_MS)
    log.info('home stream is up')
    this.#ping()
    this.#events.onState(true)
  }

  #ping(): void {
    const isSilent = this.heardAt !== null && this.#now() - this.heardAt > SILENCE_MS_MAX
    if (isSilent && this.#socket) {
      log.warn('home stream is silent')
      return this.#lost(this.#socket)
    }
    this.send({ t: 'ping', edge_ms: this.#now(), offset_ms: this.clockOffsetMs })
  }

  #receive(data: string | ArrayBuffer | Blob): void {
    const heardAt = this.#now()
    this.heardAt = heardAt
    if (typeof data !== 'string') return
    // Home is not doubted: the call was signed, and the way to it is private.
    const frame = JSON.parse(data) as HomeFrame
    if (frame.t !== 'pong') return this.#events.onFrame(frame)
    const roundTripMs = heardAt - frame.edge_ms
    const offsetMs = frame.home_ms - (frame.edge_ms + heardAt) / 2
    this.#samples = [...this.#samples, { offsetMs, roundTripMs }].slice(-CLOCK_SAMPLES)
  }

  #lost(socket: WebSocket): void {
    if (socket !== this.#socket) return
    this.#socket = null
    this.#samples = []
    if (this.#pinger !== null) clearInterval(this.#pinger)
    this.#pinger = null
    log.warn('home stream is down')
    try {
      socket.close(1001)
    } catch (error) {
      // It was closed from the other side.
      log.info('home stream was closed', { reason: reasonOf(error) })
    }
    this.#events.onState(false)
    this.#retry()
  }

  #retry(): void {
    setTimeout(() => void this.start(), this.#retryDelayMs)
    this.#retryDelayMs = Math.min(this.#retryDelayMs * 2, RETRY_DELAY_MS_MAX)
  }
}

/** The opened socket; null when home answers, but not with one. */
async function openSocket(env: HomeSettings): Promise<WebSocket | null> {
  const signature = await signatureOf(env, { method: 'GET', path: STREAM_PATH })
  const deadline = new AbortController()
  const timer = setTimeout(() => deadline.abort(), HOME_DEADLINE_MS)
  try {
    const answer = await fetch(env.HOME_URL + STREAM_PATH, {
      headers: { upgrade: 'websocket', [SIGNATURE_HEADER]: signature },
      signal: deadline.signal,
    })
    return answer.webSocket
  } finally {
    clearTimeout(timer)
  }
}
