// The Mailbox of one partition: broker first, disk second, refusal third. A 202 leaves this file
// only for an order that RabbitMQ (or home) confirmed, or that is on this object's own disk.
//
//   accept ── outbox empty, courier ready ──► deliver ── confirmed ──► queued
//     │                                          └── nack, return, no answer in 2 s ──┐
//     └── something waits, or no courier ─────────────────────────────────────────────►├──► held
//                                                     outbox full, or the disk failed ─┴──► refused
//
// What is held goes out in order, one letter per user at a time, so that a cancel never overtakes
// its order. Home tolerates duplicates: a letter whose fate is unknown is simply given again.

import { DurableObject } from 'cloudflare:workers'
import type { Order } from '@motu/shared/contract/orders.ts'
import { type OrderMessage, orderMessageSchema } from '@motu/shared/order-message.ts'
import { AcceptedOrders, ACCEPTED_ORDERS_MAX, pendingViewOf } from './accepted-orders.ts'
import { type Clock, systemClock } from './clock.ts'
import type { Courier, CourierEvents, Letter } from './courier/courier.ts'
import { openCourier } from './courier/open.ts'
import type { Env } from './env.ts'
import { log, reasonOf } from './log.ts'
import { type Held, Outbox, OUTBOX_LENGTH_MAX } from './outbox.ts'
import { type Command, messageOf, type PlaceCommand, type Receipt } from './receipt.ts'

/** Letters under way at once while the outbox drains: each of another user. */
const WAVE_USERS_MAX = 200
/** How long until the outbox is tried again when nothing else tries it. */
const ALARM_INTERVAL_MS = 1_000
/** Orders waiting in memory for an answer of the courier; beyond it the edge is too slow. */
const IN_HAND_MAX = 20_000

/** How long the state of a Mailbox that just woke may wait for its courier. */
const FIRST_CONNECT_MS_MAX = 300

export type MailboxState = {
  held: number
  /** Orders taken since this process began. */
  taken: number
  broker: 'up' | 'down' | 'none'
}

/** What a Mailbox is made of besides its disk; tests bring their own. */
export type MailboxParts = {
  now: Clock
  outboxLengthMax: number
  openCourier: (events: CourierEvents) => Courier
}

function systemParts(state: DurableObjectState, env: Env): MailboxParts {
  return {
    now: systemClock,
    outboxLengthMax: OUTBOX_LENGTH_MAX,
    openCourier: (events) => openCourier(env, Number(state.id.name), events),
  }
}

export class Mailbox extends DurableObject<Env> {
  readonly #parts: MailboxParts
  readonly #outbox: Outbox
  readonly #courier: Courier
  readonly #accepted = new AcceptedOrders()
  #taken = 0
  /** Per user, the last thing that is under way: what comes next waits for it. */
  readonly #lanes = new Map<string, Promise<Receipt>>()
  /** Orders under way, so that a retry that overlaps its first try shares its fate. */
  readonly #inHand = new Map<string, Promise<Receipt>>()
  #lastStampMs = 0
  #isDraining = false

  constructor(state: DurableObjectState, env: Env, parts: MailboxParts = systemParts(state, env)) {
    super(state, env)
    this.#parts = parts
    this.#outbox = new Outbox(state.storage.sql)
    this.#recall()
    this.#courier = parts.openCourier({ onReady: () => void this.#drain() })
  }

  /** Takes commands, all of one user, in their order. One receipt for each. */
  accept(commands: readonly Command[]): Promise<Receipt[]> {
    return Promise.all(commands.map((command) => this.#acceptOne(command)))
  }

  /** An order accepted lately, as its user may see it; null for anyone else. */
  pendingOrder(userId: string, orderId: string): Order | null {
    return this.#accepted.pendingView(userId, orderId) ?? this.#heldView(userId, orderId)
  }

  async state(): Promise<MailboxState> {
    await Promise.race([this.#courier.settled(), sleep(FIRST_CONNECT_MS_MAX)])
    return { held: this.#outbox.length, taken: this.#taken, broker: this.#courier.brokerState() }
  }

  /** Tries the outbox again. Arms itself first and never throws: an alarm that does is given up. */
  override async alarm(): Promise<void> {
    try {
      if (this.#outbox.length === 0) return
      await this.ctx.storage.setAlarm(this.#parts.now() + ALARM_INTERVAL_MS)
      await this.#drain()
    } catch (error) {
      log.error('alarm failed', { reason: reasonOf(error) })
    }
  }

  async #acceptOne(command: Command): Promise<Receipt> {
    const known = command.kind === 'place' ? this.#recognise(command) : null
    if (known) return known
    if (this.#inHand.size >= IN_HAND_MAX) return { outcome: 'refused', isAmbiguous: false }
    const message = messageOf(command, this.#stamp())
    const letter = { userId: message.user_id, text: JSON.stringify(message) }
    this.#remember(message, letter.text)
    const receipt = this.#inLane(message.user_id, () => this.#keep(message, letter))
    if (message.kind !== 'place') return receipt
    this.#inHand.set(message.order_id, receipt)
    const settled = await receipt
    this.#inHand.delete(message.order_id)
    if (settled.outcome === 'refused') this.#accepted.forget(message.order_id)
    else if (message.kind === 'place') this.#taken += 1
    return settled
  }

  /** What was promised before under this client order id; null when nothing is remembered. */
  #recognise(command: PlaceCommand): Promise<Receipt> | Receipt | null {
    const known = this.#accepted.orderIdUnder(command.user_id, command.client_order_id)
    if (known === undefined) return null
    if (known !== command.order_id) return { outcome: 'mismatch' }
    const underWay = this.#inHand.get(known)
    if (underWay) return underWay
    const at = this.#accepted.acceptedAt(known)
    return at === null ? null : { outcome: 'queued', at }
  }

  /** Queued, held or refused: the heart of the edge. Never rejects. */
  async #keep(message: OrderMessage, letter: Letter): Promise<Receipt> {
    const at = instantOf(message)
    let isAmbiguous = false
    if (this.#outbox.length === 0 && this.#courier.isReady()) {
      const delivery = await this.#courier.deliver(letter)
      if (delivery === 'stored') return { outcome: 'queued', at }
      isAmbiguous = delivery === 'unknown'
    }
    const isHeld = this.#hold(letter, message.order_id)
    return isHeld ? { outcome: 'held', at } : { outcome: 'refused', isAmbiguous }
  }

  #hold(letter: Letter, orderId: string): boolean {
    if (this.#outbox.length >= this.#parts.outboxLengthMax) return false
    try {
      this.#outbox.append(letter, orderId)
      if (this.#outbox.length === 1) this.#arm()
      void this.#drain()
      return true
    } catch (error) {
      log.error('outbox failed', { reason: reasonOf(error) })
      return false
    }
  }

  #arm(): void {
    void this.ctx.storage.setAlarm(this.#parts.now() + ALARM_INTERVAL_MS)
  }

  /** Runs `work` after everything of this user that began before it. */
  #inLane(userId: string, work: () => Promise<Receipt>): Promise<Receipt> {
    const before = this.#lanes.get(userId)
    const mine = (before ? before.then(work) : work()).finally(() => {
      if (this.#lanes.get(userId) === mine) this.#lanes.delete(userId)
    })
    this.#lanes.set(userId, mine)
    return mine
  }

  /** Hands on what is held, wave by wave, until nothing is left or nothing moves. Never rejects. */
  async #drain(): Promise<void> {
    if (this.#isDraining) return
    this.#isDraining = true
    try {
      let moved = 1
      while (moved > 0 && this.#outbox.length > 0 && this.#courier.isReady()) {
        const users = this.#outbox.oldest(WAVE_USERS_MAX)
        const delivered = (
          await Promise.all(users.map((held) => this.#deliverInOrder(held)))
        ).flat()
        this.#outbox.remove(delivered)
        moved = delivered.length
      }
    } catch (error) {
      log.error('drain failed', { reason: reasonOf(error) })
    } finally {
      this.#isDraining = false
    }
  }

  /** The letters of one user, one after the other, up to the first that is not taken. */
  async #deliverInOrder(letters: readonly Held[]): Promise<number[]> {
    const delivered: number[] = []
    for (const letter of letters) {
      if (!this.#courier.isReady()) break
      if ((await this.#courier.deliver(letter)) !== 'stored') break
      delivered.push(letter.seq)
    }
    return delivered
  }

  /** The instant of acceptance: never before the one given last, whatever the clock does. */
  #stamp(): string {
    this.#lastStampMs = Math.max(this.#parts.now(), this.#lastStampMs)
    return new Date(this.#lastStampMs).toISOString()
  }

  /** After a restart: what is held is remembered, and no stamp goes back behind it. */
  #recall(): void {
    for (const text of this.#outbox.newest(ACCEPTED_ORDERS_MAX)) {
      const message = readMessage(text)
      if (!message) continue
      this.#remember(message, text)
      this.#lastStampMs = Math.max(this.#lastStampMs, Date.parse(instantOf(message)))
    }
    if (this.#outbox.length > 0) this.#arm()
  }

  #remember(message: OrderMessage, text: string): void {
    if (message.kind === 'place') this.#accepted.remember(message, text)
    else this.#accepted.noteCancel(message.order_id, message.cancel_requested_at)
  }

  /** For an order that was forgotten, but still waits. */
  #heldView(userId: string, orderId: string): Order | null {
    for (const text of this.#outbox.about(orderId)) {
      const message = readMessage(text)
      if (message?.kind === 'place' && message.user_id === userId) {
        return pendingViewOf(message, null)
      }
    }
    return null
  }
}

function instantOf(message: OrderMessage): string {
  return message.kind === 'place' ? message.accepted_at : message.cancel_requested_at
}

/** A held message; null for one of another version, which still goes out as it is. */
function readMessage(text: string): OrderMessage | null {
  const parsed = orderMessageSchema.safeParse(JSON.parse(text))
  if (!parsed.success) log.error('held message not understood', { reason: parsed.error.message })
  return parsed.data ?? null
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
