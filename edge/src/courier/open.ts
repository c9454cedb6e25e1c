// Which courier a Mailbox uses: RabbitMQ when an address is given, home's API otherwise.

import { deadLetterQueue, orderQueue } from '@motu/shared/order-queue.ts'
import { systemClock } from '../clock.ts'
import type { Env } from '../env.ts'
import { AmqpCourier } from './amqp.ts'
import type { Courier, CourierEvents } from './courier.ts'
import { HttpCourier } from './http.ts'

export function openCourier(env: Env, partition: number, events: CourierEvents): Courier {
  if (!env.AMQP_URL) return new HttpCourier({ env, partition, now: systemClock }, events)
  return new AmqpCourier(
    {
      url: env.AMQP_URL,
      queue: orderQueue(partition, env.QUEUE_PREFIX),
      deadLetterQueue: deadLetterQueue(env.QUEUE_PREFIX),
      now: systemClock,
    },
    events,
  )
}
