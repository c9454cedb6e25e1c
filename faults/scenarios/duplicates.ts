// The queue delivers everything again, twice to ten times, while the first copies are under way and
// after they have settled.

import { partitionOf } from '@motu/shared/partition.ts'
import type { Journal } from '../journal.ts'
import { cancelMessage, placeMessage } from '../messages.ts'
import { openQueues } from '../queues.ts'
import type { Scenario } from '../scenario.ts'

const STRIKES = [0.2, 0.5, 0.9]
const COPIES_MAX = 9

export const duplicates: Scenario = {
  name: 'duplicates',
  summary: 'accepted messages are put into the queues again, up to nine more times',
  engines: 1,
  async strike({ stack, drive, journal, random, progress }) {
    const queues = await openQueues(stack.servers.rabbitmq.url, stack.queuePrefix)
    let copies = 0
    for (const share of STRIKES) {
      await drive.reached(share)
      const bodies = acceptedBodies(journal)
      const published: Promise<void>[] = []
      for (const { userId, orderId, body } of bodies) {
        journal.add({ kind: 'injected', body, meant: 'known', orderId })
        for (let copy = random.below(COPIES_MAX); copy >= 0; copy -= 1) {
          published.push(queues.publish(partitionOf(userId), body))
        }
      }
      await Promise.all(published)
      copies += published.length
      progress(`${published.length} copies of ${bodies.length} messages published`)
    }
    await queues.close()
    return { happened: copies > journal.accepted().length, copies_published: copies }
  },
}

function acceptedBodies(journal: Journal) {
  const places = journal.places()
  const sessions = new Map(places.map((entry) => [entry.userId, entry.session]))
  const placed = places.map((entry) => ({ entry, message: placeMessage(entry) }))
  const cancelled = journal
    .cancels()
    .map((entry) => ({ entry, message: cancelMessage(entry, sessions.get(entry.userId)!) }))
  return [...placed, ...cancelled].flatMap(({ entry: { userId, orderId }, message }) =>
    message ? [{ userId, orderId, body: JSON.stringify(message) }] : [],
  )
}
