// Poison among good orders, straight into the queues: what is no order ends as a dead letter, what
// is a senseless order ends FAILED, and nobody else is harmed.

import { partitionOf } from '@motu/shared/partition.ts'
import { openQueues } from '../queues.ts'
import type { Scenario, Stage } from '../scenario.ts'
import { brew, type Poison } from '../poison.ts'

const STRIKES = [0.1, 0.3, 0.5, 0.7, 0.9]

export const poison: Scenario = {
  name: 'poison',
  summary: 'malformed, oversized and senseless messages among good ones',
  engines: 1,
  async strike(stage) {
    const { stack, drive, progress, traders, random } = stage
    const queues = await openQueues(stack.servers.rabbitmq.url, stack.queuePrefix)
    let published = 0
    for (const [round, share] of STRIKES.entries()) {
      await drive.reached(share)
      const doses = brew({ userId: random.pick(traders).userId, salt: `${round}` })
      await Promise.all(doses.map((dose) => queues.publish(partitionOf(dose.userId), dose.content)))
      doses.forEach((dose) => remember(stage, dose))
      published += doses.length
      progress(`${doses.length} poisonous messages published`)
    }
    await queues.close()
    return { happened: published > 0, poison_published: published }
  },
}

function remember({ journal }: Stage, { content, meant, orderId }: Poison): void {
  journal.add({ kind: 'injected', body: content.toString('utf8'), meant, orderId })
}
