// The order queue as the engine sees it. Two adapters: RabbitMQ (`amqp.ts`) and the mailbox's HTTP
// courier (`http.ts`); both pass the same tests. At least once: every delivery may come twice.

/** One body, unparsed: a message, or a bundle of them. One of `ack`, `park`, `retry` is called, once, and never throws. */
export type Delivery = {
  partition: number
  body: string
  /** The queue has delivered it before: it may have been settled, or have crashed its consumer. */
  redelivered: boolean
  /** Settled: its outcome is committed. */
  ack(): void
  /** It can never become an order: to the dead-letter queue. */
  park(): void
  /** Not for this consumer, or not now: back to its queue, a little later. */
  retry(): void
}

/** A queue's deliveries, in order, at most `PREFETCH` of them unsettled. */
export type Consumer = {
  /** No new deliveries; those in hand can still be settled. */
  cancel(): Promise<void>
  /** Ends: what is unsettled goes back to its queue. */
  close(): Promise<void>
}

/**
 * Unsettled deliveries per partition at the most; each may bring a bundle of 32 orders, so that all
 * partitions together have some 16,000 orders in hand.
 */
export const PREFETCH = 64
/** Messages the HTTP courier may post at once. */
export const POST_LENGTH_MAX = 200

export type OrderQueue = {
  /** Begins to deliver a partition's messages; goes on by itself after a lost connection. */
  consume(partition: number, onDelivery: (delivery: Delivery) => void): Promise<Consumer>
  /** The dead-letter queue, one message at a time. `partition` is taken from the message's origin. */
  consumeDead(onDelivery: (delivery: Delivery) => void): Promise<Consumer>
  close(): Promise<void>
}
