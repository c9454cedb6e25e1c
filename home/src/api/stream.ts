// Home's end of the Hub's socket (`/internal/stream`): market events, order events and price alerts
// out, and what a user's socket has missed on request.

import type { IncomingMessage, Server } from 'node:http'
import type { Duplex } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { quotedInstruments } from '@motu/shared/instrument.ts'
import { SIGNATURE_HEADER, verifyCall } from '@motu/shared/internal.ts'
import type { MarketEvent } from '@motu/shared/market-data.ts'
import { partitionOf } from '@motu/shared/partition.ts'
import { USD_KRW } from '@motu/shared/ticker.ts'
import { type HomeFrame, RESUME_EVENTS_MAX, type Revocation } from '@motu/shared/upstream.ts'
import { type WebSocket, WebSocketServer } from 'ws'
import { z } from 'zod'
import type { Bus } from '../bus/bus.ts'
import type { Sql } from '../db/connect.ts'
import { readUserEvents } from '../db/outbox.ts'
import type { Log } from '../log.ts'
import { HeardFeeds } from './heard-feeds.ts'
import type { Revocations } from './revocations.ts'

const PATH = '/internal/stream'
const FRAME_BYTES_MAX = 64 * 1024
/** A Hub that reads slower than this is cut off: it comes back and resumes. */
const BUFFERED_BYTES_MAX = 16 * 1024 * 1024
/** Some 150 bytes each: a frame stays far below what a socket takes. */
const REVOCATIONS_PER_FRAME = 1_000
const RETRY_DELAY_MS = 1_000
const FEEDS_INTERVAL_MS = 2_000
/** A Hub that does not answer the goodbye is left: a stopping home must not wait for it. */
const GOODBYE_MS = 500

const hubFrameSchema = z.discriminatedUnion('t', [
  z.object({ t: z.literal('ping'), edge_ms: z.number(), offset_ms: z.number().nullable() }),
  z.object({
    t: z.literal('resume'),
    request_id: z.string().max(100),
    user_id: z.uuid(),
    from: z.int().min(0).nullable(),
  }),
])

type StreamParts = {
  sql: Sql
  bus: Bus
  revocations: Revocations
  now: () => number
  log: Log
  secret: string
}

export class Stream {
  readonly #parts: StreamParts
  readonly #sockets = new WebSocketServer({ noServer: true, maxPayload: FRAME_BYTES_MAX })
  readonly #feeds = new HeardFeeds()
  readonly #ends: (() => Promise<void> | void)[] = []

  constructor(parts: StreamParts) {
    this.#parts = parts
  }

  /** Begins to follow the bus and to answer upgrades of this server. */
  async open(server: Server): Promise<void> {
    const { bus, revocations, log } = this.#parts
    server.on('upgrade', (request, socket, head) => {
      this.#upgrade(request, socket, head).catch((error: unknown) => {
        log.error({ err: error }, 'upgrade failed')
        socket.destroy()
      })
    })
    this.#ends.push(
      await bus.watchMarket((events) => {
        this.#feeds.hear(events)
        this.#broadcast({ t: 'market', events })
      }),
      await bus.subscribe('feed_status', (reports) => this.#feeds.note(reports)),
      await bus.subscribe('order_events', (events) => this.#broadcast({ t: 'orders', events })),
      await bus.subscribe('alert_events', (events) => this.#broadcast({ t: 'alerts', events })),
    )
    // Not from the bus: what was revoked here must reach the edge though Redis be away.
    const unheard = revocations.onNew((news) => {
      for (const frame of revocationFrames(news)) this.#broadcast(frame)
    })
    this.#ends.push(() => void unheard())
    const tellFeeds = (): void =>
      this.#broadcast({ t: 'feeds', feeds: this.#feeds.at(this.#parts.now()) })
    const feeds = setInterval(tellFeeds, FEEDS_INTERVAL_MS)
    this.#ends.push(() => clearInterval(feeds))
  }

  async close(): Promise<void> {
    for (const end of this.#ends) await end()
    for (const socket of this.#sockets.clients) {
      socket.close(1001, 'home stops')
      setTimeout(() => socket.terminate(), GOODBYE_MS)
    }
    this.#sockets.close()
  }

  async #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    const { secret, now, log } = this.#parts
    const header = String(request.headers[SIGNATURE_HEADER] ?? '')
    const call = { method: 'GET', path: request.url ?? '', body: '' }
    const isSigned = await verifyCall(secret, call, { header, nowMs: now() })
    if (request.url !== PATH || !isSigned) {
      socket.end('HTTP/1.1 401 Unauthorized\r\nconnection: close\r\ncontent-length: 0\r\n\r\n')
      return
    }
    this.#sockets.handleUpgrade(request, socket, head, (hub) => {
      log.info('hub connected')
      hub.on('error', (error) => log.warn({ err: error }, 'hub socket failed'))
      hub.on('message', (data) => {
        this.#answer(hub, String(data as Buffer)).catch((error: unknown) => {
          log.error({ err: error }, 'hub frame failed')
          hub.close(1011, 'internal')
        })
      })
      this.#greet(hub).catch((error: unknown) => log.warn({ err: error }, 'no greeting'))
      this.#tellRevocations(hub).catch((error: unknown) => {
        log.error({ err: error }, 'revocations not told')
        hub.close(1011, 'internal')
      })
    })
  }

  /**
   * All that an edge which was away must deny. What ends meanwhile is broadcast: it hears of it twice
   * rather than never. It is told until it was told: Postgres may be away for a while.
   */
  async #tellRevocations(hub: WebSocket): Promise<void> {
    const { revocations, log } = this.#parts
    while (hub.readyState === hub.OPEN) {
      try {
        const all = await revocations.readAll()
        for (const frame of revocationFrames(all)) this.#send(hub, frame)
        return
      } catch (error) {
        log.warn({ err: error }, 'revocations cannot be read; trying again')
        await sleep(RETRY_DELAY_MS)
      }
    }
  }

  /**
   * What is known now, so that a screen need not wait for the next tick: what stands, not what was
   * printed, which the Hub may have told already.
   */
  async #greet(hub: WebSocket): Promise<void> {
    const tickerIds = [...quotedInstruments().map((instrument) => instrument.tickerId), USD_KRW]
    const known: MarketEvent[] = [...(await this.#parts.bus.readPrices(tickerIds)).values()]
    this.#send(hub, { t: 'market', events: known.map(({ prints: _told, ...event }) => event) })
    this.#send(hub, { t: 'feeds', feeds: this.#feeds.at(this.#parts.now()) })
  }

  async #answer(hub: WebSocket, text: string): Promise<void> {
    const { bus, now } = this.#parts
    const frame = hubFrameSchema.parse(JSON.parse(text))
    if (frame.t === 'resume') return this.#resume(hub, frame)
    this.#send(hub, { t: 'pong', edge_ms: frame.edge_ms, home_ms: now() })
    if (frame.offset_ms !== null) {
      await bus.publish('edge_clock', [{ offset_ms: frame.offset_ms }])
    }
  }

  /** What a user's socket has missed; everything anew when that is too much, or no longer kept. */
  async #resume(
    hub: WebSocket,
    frame: { request_id: string; user_id: string; from: number | null },
  ): Promise<void> {
    const { sql } = this.#parts
    const user = { partition: partitionOf(frame.user_id), userId: frame.user_id }
    const [last] = await sql<{ event_seq: bigint }[]>`
      SELECT event_seq FROM wallets
      WHERE partition = ${user.partition} AND user_id = ${user.userId}`
    const lastSeq = Number.parseInt(String(last?.event_seq ?? 0n), 10)
    const from = frame.from ?? lastSeq
    const events =
      from < lastSeq ? await readUserEvents(sql, user, from, RESUME_EVENTS_MAX + 1) : []
    const isWhole =
      from <= lastSeq &&
      events.length <= RESUME_EVENTS_MAX &&
      (events[0]?.seq ?? lastSeq + 1) === Math.min(from, lastSeq) + 1
    const told = events.map(({ user_id, seq, order }) => ({ user_id, seq, order }))
    this.#send(hub, {
      t: 'resumed',
      request_id: frame.request_id,
      events: isWhole ? told : [],
      last_seq: Math.max(lastSeq, told.at(-1)?.seq ?? 0),
      reset: !isWhole,
    })
  }

  #broadcast(frame: HomeFrame): void {
    if (this.#sockets.clients.size === 0) return
    const text = JSON.stringify(frame)
    for (const hub of this.#sockets.clients) this.#sendText(hub, text)
  }

  #send(hub: WebSocket, frame: HomeFrame): void {
    this.#sendText(hub, JSON.stringify(frame))
  }

  #sendText(hub: WebSocket, text: string): void {
    if (hub.readyState !== hub.OPEN) return
    if (hub.bufferedAmount > BUFFERED_BYTES_MAX) {
      this.#parts.log.warn('a hub reads too slowly and is cut off')
      hub.terminate()
      return
    }
    hub.send(text)
  }
}

/** At least one: that nothing was revoked is worth saying. */
function revocationFrames(all: readonly Revocation[]): HomeFrame[] {
  const count = Math.max(1, Math.ceil(all.length / REVOCATIONS_PER_FRAME))
  return Array.from({ length: count }, (_, index) => {
    const start = index * REVOCATIONS_PER_FRAME
    return { t: 'revocations', revocations: all.slice(start, start + REVOCATIONS_PER_FRAME) }
  })
}
