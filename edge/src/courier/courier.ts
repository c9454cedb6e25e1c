// The port between the Mailbox and whatever carries orders home. Two adapters: RabbitMQ (`amqp`)
// and home's own API (`http`).

/**
 * What became of a message. `stored`: it is safe, on the disks of RabbitMQ or in home's Postgres.
 * `refused`: certainly not taken. `unknown`: no answer came in time; it may have been taken, and
 * giving it again does no harm, because home tolerates duplicates.
 */
export type Delivery = 'stored' | 'refused' | 'unknown'

/** A message of one user, as the text that travels. */
export type Letter = { userId: string; text: string }

export type Courier = {
  /** Whether a letter given now has a chance. While it is false, nobody waits: letters are held. */
  isReady(): boolean
  /** Never rejects, and always answers within the courier's deadline. */
  deliver(letter: Letter): Promise<Delivery>
  /** What the status page says of the message broker; `none` when this courier needs none. */
  brokerState(): 'up' | 'down' | 'none'
  /** Settles when the first attempt to connect has ended, well or not. */
  settled(): Promise<void>
  close(): Promise<void>
}

/** What a courier needs to know of its Mailbox. */
export type CourierEvents = {
  /** Called when the courier becomes ready: time to drain what is held. */
  onReady: () => void
}

/** An answer that takes longer than this counts as none. */
export const DELIVERY_DEADLINE_MS = 2_000
