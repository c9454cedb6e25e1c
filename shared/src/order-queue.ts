// Pure: no I/O, no clock, no randomness.
// How the order queues are declared. Both sides declare them alike: RabbitMQ refuses a second
// declaration that differs. Everything is said, because Debian 12's RabbitMQ 3.10 has no default
// delivery limit and dead-letters at most once unless told otherwise.

import { DEAD_LETTER_QUEUE, orderQueueName } from './partition.ts'

/** A message delivered more often goes to the dead-letter queue. */
export const DELIVERY_LIMIT = 10
/** A day of 10 orders a second in one partition; then publishes are refused and the outbox takes over. */
export const QUEUE_LENGTH_MAX = 1_000_000
export const DEAD_QUEUE_LENGTH_MAX = 100_000

export type QueueDeclaration = {
  name: string
  options: { durable: true; arguments: Record<string, string | number | boolean> }
}

/** The queue of a partition. `prefix` keeps tests apart; it is empty in production. */
export function orderQueue(partition: number, prefix: string): QueueDeclaration {
  return {
    name: prefix + orderQueueName(partition),
    options: {
      durable: true,
      arguments: {
        'x-queue-type': 'quorum',
        'x-single-active-consumer': true,
        'x-delivery-limit': DELIVERY_LIMIT,
        'x-max-length': QUEUE_LENGTH_MAX,
        'x-overflow': 'reject-publish',
        'x-dead-letter-exchange': '',
        'x-dead-letter-routing-key': prefix + DEAD_LETTER_QUEUE,
        'x-dead-letter-strategy': 'at-least-once',
      },
    },
  }
}

/** Where messages go that were delivered too often. */
export function deadLetterQueue(prefix: string): QueueDeclaration {
  return {
    name: prefix + DEAD_LETTER_QUEUE,
    options: {
      durable: true,
      arguments: {
        'x-queue-type': 'quorum',
        'x-max-length': DEAD_QUEUE_LENGTH_MAX,
        'x-overflow': 'reject-publish',
      },
    },
  }
}
