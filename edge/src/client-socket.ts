// One browser's socket in the Hub: who it is, what it listens to, how far it has heard. Everything
// that must outlive the Hub's sleep is attached to the socket itself.

import type { PriceAlert } from '@motu/shared/contract/price-alerts.ts'
import type { ServerFrame } from '@motu/shared/contract/stream.ts'
import type { Denials } from './denials.ts'
import { log, reasonOf } from './log.ts'
import type { MarketBoard } from './market/market-board.ts'
import { kindOf, MARKET_KINDS } from './market/market-frame.ts'
import { MarketLane } from './market/market-lane.ts'

/** What is attached to a socket while the Hub sleeps. */
type Attachment = {
  openedAt: number
  group?: string
  userId: string | null
  sid: string | null
  issuedAt?: number
  expiresAt: number | null
  channels: string[]
  ordersSeq: number | null
  alertsSeq?: number
}

export class ClientSocket {
  readonly #socket: WebSocket
  readonly openedAt: number
  /** The address group it was opened from. */
  readonly group: string
  userId: string | null = null
  sid: string | null = null
  /** When its token was issued, in seconds since 1970. */
  issuedAt = 0
  /** When the access token ends; null while there is none. */
  expiresAt: number | null = null
  hasOrders = false
  hasAlerts = false
  /** The `seq` of the last order event sent; null until home has said where the user stands. */
  ordersSeq: number | null = null
  /** The resume under way; live events wait behind it. */
  resumeId: string | null = null
  /** An event was skipped while a resume was under way: ask once more. */
  isBehind = false
  /** A private channel that the path asked for, subscribed once the token is here. */
  wanted: string | null = null
  /** Frames are handled one after the other: a subscription may follow its token at once. */
  inbox: Promise<void> = Promise.resolve()
  /** The channels of the market, by kind. */
  readonly #lanes = {
    quotes: new MarketLane(),
    book: new MarketLane(),
    trades: new MarketLane(),
  }
  /** Alerts sent so far. */
  #alertsSeq = 0

  constructor(socket: WebSocket, { openedAt, group }: { openedAt: number; group: string }) {
    this.#socket = socket
    this.openedAt = openedAt
    this.group = group
  }

  /** The client behind a socket that outlived the Hub's sleep. */
  static wake(socket: WebSocket): ClientSocket {
    const kept = socket.deserializeAttachment() as Attachment
    const { openedAt, group = '' } = kept
    const client = new ClientSocket(socket, { openedAt, group })
    client.userId = kept.userId
    client.sid = kept.sid
    client.issuedAt = kept.issuedAt ?? 0
    client.expiresAt = kept.expiresAt
    client.ordersSeq = kept.ordersSeq
    client.#alertsSeq = kept.alertsSeq ?? 0
    client.hasOrders = kept.channels.includes('orders')
    client.hasAlerts = kept.channels.includes('alerts')
    for (const channel of kept.channels) client.watch(channel)
    return client
  }

  get channelCount(): number {
    return this.#channels.length
  }

  /** Whether it listens to the market at all. */
  get isWatching(): boolean {
    return MARKET_KINDS.some((kind) => this.#lanes[kind].size > 0)
  }

  get #channels(): string[] {
    return [
      ...MARKET_KINDS.flatMap((kind) => this.#lanes[kind].channels),
      ...(this.hasOrders ? ['orders'] : []),
      ...(this.hasAlerts ? ['alerts'] : []),
    ]
  }

  /** Whether what it showed still counts. */
  isWelcome(denials: Denials): boolean {
    if (this.sid !== null && denials.isSessionDenied(this.sid)) return false
    return this.userId === null || !denials.isUserDenied(this.userId, this.issuedAt)
  }

  /** Attaches what must outlive a sleep. */
  save(): void {
    const kept: Attachment = {
      openedAt: this.openedAt,
      group: this.group,
      userId: this.userId,
      sid: this.sid,
      issuedAt: this.issuedAt,
      expiresAt: this.expiresAt,
      channels: this.#channels,
      ordersSeq: this.ordersSeq,
      alertsSeq: this.#alertsSeq,
    }
    this.#socket.serializeAttachment(kept)
  }

  /** Listens to a channel of the market from now on; a private one is not its business. */
  watch(channel: string): void {
    const kind = kindOf(channel)
    if (kind !== null) this.#lanes[kind].add(channel)
  }

  unsubscribe(channels: readonly string[]): void {
    for (const channel of channels) {
      const kind = kindOf(channel)
      if (kind !== null) this.#lanes[kind].remove(channel)
      if (channel === 'orders') this.hasOrders = false
      if (channel === 'alerts') this.hasAlerts = false
    }
  }

  send(frame: ServerFrame): void {
    this.sendText(JSON.stringify(frame))
  }

  /** workerd shows no send buffer: a client that does not read is ended by TCP, not by us. */
  sendText(text: string): void {
    try {
      this.#socket.send(text)
    } catch (error) {
      // It closed a moment ago; its close event follows.
      log.info('socket was closed', { reason: reasonOf(error) })
    }
  }

  close(code: number, reason: string): void {
    try {
      this.#socket.close(code, reason)
    } catch (error) {
      log.info('socket was closed', { reason: reasonOf(error) })
    }
  }

  /** An alert of its user, if it asked for them. */
  sendAlert(alert: PriceAlert): void {
    if (!this.hasAlerts) return
    this.#alertsSeq += 1
    this.send({ channel: 'alerts', seq: this.#alertsSeq, data: alert })
    this.save()
  }

  /** Sends of each kind the frame that is due; says whether something is left to send. */
  sendMarket(board: MarketBoard, pace: { now: number; intervalMs: number }): boolean {
    let isLeft = false
    for (const kind of MARKET_KINDS) {
      const lane = this.#lanes[kind]
      if (lane.size === 0) continue
      const { text, isMore } = lane.next(board.of(kind), pace)
      if (text !== null) this.sendText(text)
      isLeft ||= isMore
    }
    return isLeft
  }
}
