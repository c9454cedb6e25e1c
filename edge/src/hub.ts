// The Hub: one socket to home, many to browsers. Order events and alerts go out at once; quotes, books
// and tapes at most ten times a second per client, always the latest. Sockets sleep with the Hub
// (hibernation) and are known again when it wakes, by what is attached to them.
//
// A socket: opened ── {op:auth} with a valid token ──► known (private channels) ── exp ──► 4401
//              └── neither token nor public channel within 5 s ──► 4401

import { DurableObject } from 'cloudflare:workers'
import type { FeedStatus } from '@motu/shared/contract/status.ts'
import {
  CHANNELS_PER_SOCKET_MAX,
  CLIENT_FRAME_BYTES_MAX,
  CLOSE_TOO_MANY,
  CLOSE_UNAUTHENTICATED,
} from '@motu/shared/contract/stream.ts'
import type { HomeFrame, Revocation } from '@motu/shared/upstream.ts'
import { AddressSockets } from './address-sockets.ts'
import { parseFrame } from './client-frame.ts'
import { ClientSocket } from './client-socket.ts'
import { type Clock, systemClock } from './clock.ts'
import { type Env, lastGoodOf } from './env.ts'
import { type HomeWatch, homeWatchOf } from './home-watch.ts'
import { trustLoader } from './keys.ts'
import { log, reasonOf } from './log.ts'
import { MarketFlow } from './market/market-flow.ts'
import { kindOf } from './market/market-frame.ts'
import { OrderRelay } from './order-relay.ts'
import { readLimits } from './rate-limit.ts'
import { Upstream } from './upstream.ts'
import { denials, keepInStep, tokens } from './upkeep.ts'
import { REPORT_INTERVAL_MS } from './usage.ts'
import { UserSockets } from './user-sockets.ts'

export const SOCKETS_MAX = 10_000
export const SOCKETS_PER_USER_MAX = 20
const AUTH_DEADLINE_MS = 5_000
const SWEEP_INTERVAL_MS = 1_000
const SEEN_INTERVAL_MS = 60_000
const SEEN_AT = 'home_seen_at'
/** Close codes of RFC 6455. */
const CLOSE_NORMAL = 1000
const CLOSE_TOO_BIG = 1009
const CLOSE_BROKEN = 1011

export type HomeSeen = { isUp: boolean; seenAt: number | null }
export type HubState = { clockOffsetMs: number | null; feeds: FeedStatus[] }

export class Hub extends DurableObject<Env> {
  readonly #now: Clock
  readonly #clients = new Map<WebSocket, ClientSocket>()
  readonly #addresses = new AddressSockets()
  readonly #socketsPerAddressMax: number
  readonly #users = new UserSockets()
  readonly #market: MarketFlow
  readonly #upstream: Upstream
  readonly #relay: OrderRelay
  readonly #homeWatch: HomeWatch | null
  #feeds: FeedStatus[] = []
  #sweeper: ReturnType<typeof setInterval> | null = null

  constructor(state: DurableObjectState, env: Env, now: Clock = systemClock) {
    super(state, env)
    this.#now = now
    this.#socketsPerAddressMax = readLimits(env.LIMITS).socketsPerAddress
    this.#upstream = new Upstream(env, now, {
      onFrame: (frame) => this.#hear(frame),
      onState: (isUp) => this.#homeIs(isUp),
    })
    this.#market = new MarketFlow(() => this.#clients.values(), now)
    this.#relay = new OrderRelay((frame) => this.#upstream.send(frame), {
      sockets: this.#users,
      newId: () => crypto.randomUUID(),
    })
    // Answered by the runtime, without waking the Hub.
    const pong = new WebSocketRequestResponsePair('{"op":"ping"}', '{"op":"pong"}')
    state.setWebSocketAutoResponse(pong)
    for (const socket of state.getWebSockets()) this.#adopt(socket, ClientSocket.wake(socket))
    this.#homeWatch = homeWatchOf({
      ...{ env, kv: state.storage.kv, now, home: () => this.homeSeen() },
    })
    // An alarm wakes a Hub that was restarted, though nobody asks for it.
    if (this.#homeWatch) void this.alarm()
    void this.#upstream.start()
    setInterval(() => this.#noteSeen(), SEEN_INTERVAL_MS)
    setInterval(() => void keepInStep(env), REPORT_INTERVAL_MS)
  }

  state(): HubState {
    return { clockOffsetMs: this.#upstream.clockOffsetMs, feeds: this.#feeds }
  }

  /** Whether home is there, and when it was last heard of; null when never. */
  homeSeen(): HomeSeen {
    return { isUp: this.#upstream.isUp, seenAt: this.#upstream.heardAt ?? this.#recallSeen() }
  }

  /** Looks after home, again and again. */
  override async alarm(): Promise<void> {
    if (!this.#homeWatch) return
    await this.ctx.storage.setAlarm(this.#now() + this.#homeWatch.intervalMs)
    await this.#homeWatch.look()
  }

  /** Closes the sockets of a sign-in that was ended. */
  endSignIn(sid: string): void {
    for (const [socket, client] of this.#clients) {
      if (client.sid === sid) this.#expel(socket, client)
    }
  }

  /**
   * An upgrade that the door let through from the address group `?group=`; `?channel=` is subscribed
   * for the client. 429 when the group has all the sockets it may have, 503 when there are no more.
   */
  override async fetch(request: Request): Promise<Response> {
    const { searchParams } = new URL(request.url)
    const group = searchParams.get('group') ?? ''
    const isCrowded = this.#addresses.count(group) >= this.#socketsPerAddressMax
    if (isCrowded) return new Response(null, { status: 429 })
    if (this.#clients.size >= SOCKETS_MAX) return new Response(null, { status: 503 })
    const { 0: browserEnd, 1: socket } = new WebSocketPair()
    this.ctx.acceptWebSocket(socket)
    const client = new ClientSocket(socket, { openedAt: this.#now(), group })
    this.#adopt(socket, client)
    if (!this.#upstream.isUp) client.send({ op: 'home', state: 'down' })
    const channel = searchParams.get('channel')
    if (channel === 'orders') client.wanted = channel
    else if (channel !== null) this.#subscribe(client, { channels: [channel] })
    client.save()
    return new Response(null, { status: 101, webSocket: browserEnd })
  }

  override async webSocketMessage(socket: WebSocket, data: string | ArrayBuffer): Promise<void> {
    const client = this.#clients.get(socket)
    if (!client) return
    if (typeof data !== 'string' || data.length > CLIENT_FRAME_BYTES_MAX) {
      return client.close(CLOSE_TOO_BIG, 'frames are text of at most 8 KiB')
    }
    client.inbox = client.inbox
      .then(() => this.#handle(client, data))
      .catch((error) => {
        log.error('frame failed', { reason: reasonOf(error) })
        client.close(CLOSE_BROKEN, 'internal')
      })
    await client.inbox
  }

  /** The runtime does not answer a close for us: without ours the browser waits, its line open. */
  override async webSocketClose(socket: WebSocket): Promise<void> {
    this.#clients.get(socket)?.close(CLOSE_NORMAL, '')
    this.#drop(socket)
  }

  override async webSocketError(socket: WebSocket): Promise<void> {
    this.#drop(socket)
  }

  async #handle(client: ClientSocket, data: string): Promise<void> {
    const frame = parseFrame(data)
    if (!frame) {
      const detail = 'The frame is not one of auth, subscribe, unsubscribe, ping.'
      return client.send({ op: 'error', code: 'invalid-request', detail })
    }
    if (frame.op === 'auth') return this.#authenticate(client, frame.token)
    if (frame.op === 'subscribe') this.#subscribe(client, frame)
    if (frame.op === 'unsubscribe') client.unsubscribe(frame.channels)
    if (frame.op === 'ping') client.send({ op: 'pong' })
    client.save()
  }

  /** A token makes the socket someone's; a later one of the same user prolongs it. */
  async #authenticate(client: ClientSocket, token: string): Promise<void> {
    const verdict = await tokens.verify(token, trustLoader(this.env))
    const claims = verdict?.isExpired ? null : verdict?.claims
    if (!claims || (client.userId !== null && client.userId !== claims.sub)) {
      return client.close(CLOSE_UNAUTHENTICATED, 'unauthenticated')
    }
    if (!this.#users.add(client, claims.sub, SOCKETS_PER_USER_MAX)) {
      return client.close(CLOSE_TOO_MANY, 'too many sockets')
    }
    client.userId = claims.sub
    client.sid = claims.sid
    client.issuedAt = claims.iat
    client.expiresAt = claims.exp * 1_000
    client.send({ op: 'ready', user_id: claims.sub })
    if (client.wanted !== null) this.#subscribe(client, { channels: [client.wanted] })
    client.wanted = null
    client.save()
  }

  #subscribe(
    client: ClientSocket,
    { channels, resume_from }: { channels: string[]; resume_from?: number | undefined },
  ): void {
    const open = channels.filter((channel) => kindOf(channel) !== null)
    if (client.channelCount + channels.length > CHANNELS_PER_SOCKET_MAX) {
      const detail = `A socket listens to at most ${CHANNELS_PER_SOCKET_MAX} channels.`
      return client.send({ op: 'error', code: 'too-many-channels', detail })
    }
    for (const channel of open) client.watch(channel)
    if (open.length > 0) {
      client.send({ op: 'subscribed', channels: open })
      this.#market.flushTo(client)
    }
    if (open.length === channels.length) return
    if (client.userId === null) {
      const detail = 'Send {"op":"auth","token":"…"} first.'
      return client.send({ op: 'error', code: 'unauthenticated', detail })
    }
    if (channels.includes('alerts')) {
      client.hasAlerts = true
      client.send({ op: 'subscribed', channels: ['alerts'] })
    }
    if (channels.includes('orders')) this.#relay.subscribe(client, resume_from ?? null)
  }

  #hear(frame: HomeFrame): void {
    if (frame.t === 'market') {
      this.#market.hear(frame.events)
    } else if (frame.t === 'orders') {
      for (const event of frame.events) this.#relay.deliver(event)
    } else if (frame.t === 'alerts') {
      for (const { user_id, alert } of frame.events) {
        for (const client of this.#users.of(user_id)) client.sendAlert(alert)
      }
    } else if (frame.t === 'resumed') {
      this.#relay.resumed(frame)
    } else if (frame.t === 'feeds') {
      this.#feeds = frame.feeds
    } else if (frame.t === 'revocations') {
      this.#revoke(frame.revocations)
    }
  }

  /** Shuts out whom home shut out: here, on the disk, and at every open socket. */
  #revoke(revocations: readonly Revocation[]): void {
    denials.add(revocations, this.#now())
    lastGoodOf(this.env)
      .deny(revocations)
      .catch((error) => log.error('revocations not kept', { reason: reasonOf(error) }))
    for (const [socket, client] of this.#clients) {
      if (client.userId !== null && !client.isWelcome(denials)) this.#expel(socket, client)
    }
  }

  #homeIs(isUp: boolean): void {
    const text = JSON.stringify({ op: 'home', state: isUp ? 'up' : 'down' })
    for (const client of this.#clients.values()) client.sendText(text)
    if (isUp) this.#relay.resumeAll()
    if (isUp) void keepInStep(this.env)
    this.#noteSeen()
  }

  /** On the disk: an edge that restarts in the dark still knows when home was there. */
  #noteSeen(): void {
    const { heardAt } = this.#upstream
    if (heardAt !== null) this.ctx.storage.kv.put(SEEN_AT, heardAt)
  }

  #recallSeen(): number | null {
    return this.ctx.storage.kv.get<number>(SEEN_AT) ?? null
  }

  #adopt(socket: WebSocket, client: ClientSocket): void {
    this.#clients.set(socket, client)
    this.#addresses.add(client.group)
    if (client.userId !== null) this.#users.add(client, client.userId, SOCKETS_PER_USER_MAX)
    this.#sweeper ??= setInterval(() => this.#sweep(), SWEEP_INTERVAL_MS)
  }

  /** Closes sockets whose token ended, and those that never said what they want. */
  #sweep(): void {
    const now = this.#now()
    for (const [socket, client] of this.#clients) {
      const isExpired = client.expiresAt !== null && now >= client.expiresAt
      const isIdle = client.userId === null && !client.isWatching
      if (isExpired || (isIdle && now - client.openedAt >= AUTH_DEADLINE_MS)) {
        this.#expel(socket, client)
      }
    }
  }

  #expel(socket: WebSocket, client: ClientSocket): void {
    client.close(CLOSE_UNAUTHENTICATED, 'unauthenticated')
    this.#drop(socket)
  }

  #drop(socket: WebSocket): void {
    const client = this.#clients.get(socket)
    if (!client) return
    this.#clients.delete(socket)
    this.#addresses.remove(client.group)
    this.#relay.remove(client)
    this.#users.remove(client)
    if (this.#clients.size > 0 || this.#sweeper === null) return
    clearInterval(this.#sweeper)
    this.#sweeper = null
  }
}
