// The courier on RabbitMQ: one connection and one confirm channel, kept up with a growing pause
// between attempts.
//
//   connecting ── channel open, queues declared ──► up ── error, close, or heartbeat missed ──► down
//        ▲                                                                                       │
//        └────────────────────── pause (50 ms, doubled up to 1 s) ◄──────────────────────────────┘
//
// A letter counts as stored only when RabbitMQ confirmed it and did not send it back: `mandatory`
// makes a message that no queue takes come back, and its confirm says nothing.

import { Buffer } from 'node:buffer'
import { type ChannelModel, type ConfirmChannel, connect } from 'amqplib'
import { BUNDLE_LENGTH_MAX, bundleOf } from '@motu/shared/order-message.ts'
import type { QueueDeclaration } from '@motu/shared/order-queue.ts'
import type { Clock } from '../clock.ts'
import { log, reasonOf } from '../log.ts'
import type { Courier, CourierEvents, Delivery, Letter } from './courier.ts'
import { Unconfirmed } from './unconfirmed.ts'

const CONNECT_DEADLINE_MS = 2_000
const RETRY_DELAY_MS_MIN = 50
const RETRY_DELAY_MS_MAX = 1_000
/** A silent connection is given up after two of these. */
const HEARTBEAT_SECONDS = 5
/**
 * While letters are under way, new ones are gathered until all are confirmed, at most this long, and
 * then travel as one bundle: under load one publish and one confirm serve many orders, and a single
 * order never waits.
 */
const GATHER_MS_MAX = 10
/** Letters under way at once; beyond it the outbox is the better place to wait. */
const UNCONFIRMED_MAX = 2_000
/** What may be under way while the socket's buffer is full. */
const UNCONFIRMED_WHILE_FULL_MAX = 500

type Gathered = { text: string; settle: (delivery: Delivery) => void }

export type AmqpOptions = {
  url: string
  queue: QueueDeclaration
  deadLetterQueue: QueueDeclaration
  now: Clock
}

export class AmqpCourier implements Courier {
  readonly #options: AmqpOptions
  readonly #events: CourierEvents
  readonly #unconfirmed: Unconfirmed
  readonly #settled: Promise<void>
  #connection: ChannelModel | null = null
  #channel: ConfirmChannel | null = null
  #retryDelayMs = RETRY_DELAY_MS_MIN
  #published = 0
  #gathered: Gathered[] = []
  /** In bundles that were published and not confirmed. */
  #lettersUnderWay = 0
  #flushTimer: ReturnType<typeof setTimeout> | null = null
  #isFull = false
  #isBlocked = false
  #isDeclaring = false
  #isClosed = false
  #retryTimer: ReturnType<typeof setTimeout> | null = null

  constructor(options: AmqpOptions, events: CourierEvents) {
    this.#options = options
    this.#events = events
    this.#unconfirmed = new Unconfirmed(options.now)
    this.#settled = this.#connect()
  }

  isReady(): boolean {
    const limit = this.#isFull ? UNCONFIRMED_WHILE_FULL_MAX : UNCONFIRMED_MAX
    const inHand = this.#lettersUnderWay + this.#gathered.length
    return this.#channel !== null && !this.#isBlocked && inHand < limit
  }

  brokerState(): 'up' | 'down' {
    return this.#channel !== null && !this.#isBlocked ? 'up' : 'down'
  }

  settled(): Promise<void> {
    return this.#settled
  }

  deliver(letter: Letter): Promise<Delivery> {
    if (this.#channel === null) return Promise.resolve('refused')
    return new Promise((settle) => {
      this.#gathered.push({ text: letter.text, settle })
      if (this.#unconfirmed.size === 0) this.#flush()
      else this.#flushTimer ??= setTimeout(() => this.#flush(), GATHER_MS_MAX)
    })
  }

  /** Publishes what was gathered: bundle by bundle, in one write to the socket. */
  #flush(): void {
    if (this.#flushTimer !== null) clearTimeout(this.#flushTimer)
    this.#flushTimer = null
    while (this.#gathered.length > 0) this.#publish(this.#gathered.splice(0, BUNDLE_LENGTH_MAX))
  }

  /** One message for many letters, which share its fate. */
  #publish(letters: readonly Gathered[]): void {
    const { name } = this.#options.queue
    this.#published += 1
    const messageId = String(this.#published)
    this.#lettersUnderWay += letters.length
    void this.#unconfirmed.wait(messageId).then((delivery) => {
      this.#lettersUnderWay -= letters.length
      for (const { settle } of letters) settle(delivery)
      if (this.#unconfirmed.size === 0) this.#flush()
    })
    const properties = { persistent: true, mandatory: true, messageId }
    const onConfirm = (error: unknown) =>
      this.#unconfirmed.settle(messageId, !error ? 'stored' : isNack(error) ? 'refused' : 'unknown')
    const body = Buffer.from(bundleOf(letters.map(({ text }) => text)))
    try {
      const isRoomy = this.#channel?.publish('', name, body, properties, onConfirm)
      if (isRoomy === undefined) this.#unconfirmed.settle(messageId, 'refused')
      if (isRoomy === false) this.#isFull = true
    } catch (error) {
      // amqplib throws only before it writes: the channel closed under our hands.
      log.warn('publish failed', { queue: name, reason: reasonOf(error) })
      this.#unconfirmed.settle(messageId, 'refused')
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true
    if (this.#retryTimer !== null) clearTimeout(this.#retryTimer)
    await this.#connection?.close()
  }

  /** One attempt; the next is scheduled when it fails. Never rejects. */
  async #connect(): Promise<void> {
    const { url, queue } = this.#options
    try {
      const connection = await openConnection(url)
      connection.on('error', (error) => log.warn('broker error', { reason: reasonOf(error) }))
      connection.on('close', () => this.#lost('connection closed'))
      connection.on('blocked', (reason) => this.#block(String(reason)))
      connection.on('unblocked', () => this.#unblock())
      this.#connection = connection
      await this.#declareQueues(connection)
      this.#channel = await this.#openChannel(connection)
      this.#retryDelayMs = RETRY_DELAY_MS_MIN
      log.info('broker is up', { queue: queue.name })
      this.#events.onReady()
    } catch (error) {
      this.#lost(reasonOf(error))
    }
  }

  async #openChannel(connection: ChannelModel): Promise<ConfirmChannel> {
    const channel = await connection.createConfirmChannel()
    channel.on('error', (error) => log.warn('channel error', { reason: reasonOf(error) }))
    channel.on('close', () => this.#lost('channel closed'))
    channel.on('drain', () => (this.#isFull = false))
    channel.on('return', (message) => {
      this.#unconfirmed.markReturned(message.properties.messageId)
      this.#declareAgain()
    })
    return channel
  }

  /**
   * Declares the queues as home does. On a channel of its own, because a refusal closes the channel;
   * an edge that may only publish goes on without, and `mandatory` tells when a queue is missing.
   */
  async #declareQueues(connection: ChannelModel): Promise<void> {
    const channel = await connection.createChannel()
    channel.on('error', (error) => log.warn('queues not declared', { reason: reasonOf(error) }))
    try {
      for (const { name, options } of [this.#options.deadLetterQueue, this.#options.queue]) {
        await channel.assertQueue(name, options)
      }
      await channel.close()
    } catch (error) {
      if (!isRefusal(error)) throw error
    }
  }

  /** A message came back: its queue is gone. One declaration at a time. */
  #declareAgain(): void {
    if (this.#isDeclaring || !this.#connection) return
    this.#isDeclaring = true
    this.#declareQueues(this.#connection)
      .then(() => this.#events.onReady())
      .catch((error) => log.warn('queues not declared', { reason: reasonOf(error) }))
      .finally(() => (this.#isDeclaring = false))
  }

  #block(reason: string): void {
    log.warn('broker takes no messages for now', { reason })
    this.#isBlocked = true
  }

  #unblock(): void {
    this.#isBlocked = false
    this.#events.onReady()
  }

  /** The way is gone: whoever waits is told, the rest of the connection closed, a new one due. */
  #lost(reason: string): void {
    const connection = this.#connection
    this.#channel = null
    this.#connection = null
    this.#isFull = false
    this.#isBlocked = false
    // Never written: certainly not taken.
    for (const { settle } of this.#gathered.splice(0)) settle('refused')
    this.#unconfirmed.abandonAll()
    if (connection) closeQuietly(connection)
    if (this.#isClosed || this.#retryTimer !== null) return
    log.warn('broker is down', { queue: this.#options.queue.name, reason })
    this.#retryTimer = setTimeout(() => {
      this.#retryTimer = null
      void this.#connect()
    }, this.#retryDelayMs)
    this.#retryDelayMs = Math.min(this.#retryDelayMs * 2, RETRY_DELAY_MS_MAX)
  }
}

/** Opens a connection within the deadline; one that opens later is closed again. */
async function openConnection(url: string): Promise<ChannelModel> {
  const address = new URL(url)
  address.searchParams.set('heartbeat', String(HEARTBEAT_SECONDS))
  const opening = connect(address.href, { noDelay: true, timeout: CONNECT_DEADLINE_MS })
  let timer: ReturnType<typeof setTimeout> | undefined
  const deadline = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('connect deadline')), CONNECT_DEADLINE_MS)
  })
  try {
    return await Promise.race([opening, deadline])
  } catch (error) {
    opening.then(closeQuietly, () => undefined)
    throw error
  } finally {
    clearTimeout(timer)
  }
}

/** Closes what may be closed already; that it is, is what we want. */
function closeQuietly(connection: ChannelModel): void {
  connection.close().catch((error) => log.info('connection was gone', { reason: reasonOf(error) }))
}

/** RabbitMQ said no (403 no right, 405 locked, 406 declared otherwise), rather than went away. */
const REFUSALS: readonly unknown[] = [403, 405, 406]
function isRefusal(error: unknown): boolean {
  return error instanceof Error && 'code' in error && REFUSALS.includes(error.code)
}

/** amqplib tells a nack and a channel that closed apart only by the sentence. */
function isNack(error: unknown): boolean {
  return error instanceof Error && error.message === 'message nacked'
}
