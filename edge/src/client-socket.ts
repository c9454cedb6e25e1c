// One browser's socket in the Hub: who it is, what it listens to, how far it has heard. Everything
// that must outlive the Hub's sleep is attached to the socket itself.

import type { ServerFrame } from '@motu/shared/contract/stream.ts'
import type { Denials } from './denials.ts'
import { log, reasonOf } from './log.ts'
import type { QuoteBoard } from './quote-board.ts'

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
  /** Quote channels, each with the version of the board that was sent last. */
  readonly quotes = new Map<string, number>()
  hasOrders = false
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
  #quoteSentAt = Number.NEGATIVE_INFINITY

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
    for (const channel of kept.channels) {
      if (channel === 'orders') client.hasOrders = true
      else client.quotes.set(channel, 0)
    }
    return client
  }

  get channelCount(): number {
    return this.quotes.size + (this.hasOrders ? 1 : 0)
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
      channels: [...this.quotes.keys(), ...(this.hasOrders ? ['orders'] : [])],
      ordersSeq: this.ordersSeq,
    }
    this.#socket.serializeAttachment(kept)
  }

  unsubscribe(channels: readonly string[]): void {
    for (const channel of channels) {
      if (channel === 'orders') this.hasOrders = false
      else this.quotes.delete(channel)
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

  /**
   * Sends one frame of quotes if the last one is `intervalMs` ago: of the channels with news the one
   * that has waited longest. Says whether something is left to send.
   */
  sendQuotes(board: QuoteBoard, { now, intervalMs }: { now: number; intervalMs: number }): boolean {
    const news = [...this.quotes].filter(([channel, version]) => board.isNews(channel, version))
    const [first, ...others] = news
    if (!first) return false
    if (now - this.#quoteSentAt < intervalMs) return true
    const [channel, version] = others.reduce((a, b) => (b[1] < a[1] ? b : a), first)
    const frame = board.frameSince(channel, version)
    if (!frame) return false
    this.sendText(frame.text)
    this.quotes.set(channel, frame.version)
    this.#quoteSentAt = now
    return others.length > 0
  }
}
