// The edge is killed and started again on the same disk: once in full flow, once while RabbitMQ is
// dark too and accepted orders lie in the mailboxes.

import { until } from '../../scripts/servers/ports.ts'
import type { Scenario, Stage } from '../scenario.ts'
import type { Stack } from '../stack.ts'

const NOTICE_TIMEOUT_MS = 20_000

export const killEdge: Scenario = {
  name: 'kill-edge',
  summary: 'workerd is killed and restarted on its disk, also while it holds orders',
  engines: 1,
  trafficSeconds: 8,
  async strike(stage) {
    const { stack, drive, journal, progress } = stage
    const { rabbitmq } = stack.servers
    await drive.reached(0.2)
    const first = await killAndRestart(stage)
    // An edge that has just started holds orders until it has found RabbitMQ.
    await until('the edge to find RabbitMQ', () => isCalm(stack), NOTICE_TIMEOUT_MS)
    await drive.reached(0.4)
    rabbitmq.kill('SIGKILL')
    const held = async () => (await stack.api.status()).held_orders
    await until('an order to be held', async () => (await held()) > 0, NOTICE_TIMEOUT_MS)
    const heldBefore = await held()
    const second = await killAndRestart(stage)
    const heldAfter = await held()
    progress(`${heldBefore} orders held before, ${heldAfter} after; RabbitMQ starts again`)
    await rabbitmq.restart()
    const ambiguous = journal.places().filter(({ outcome }) => outcome.kind === 'ambiguous').length
    return {
      happened: first && second && ambiguous > 0 && heldAfter >= heldBefore,
      ambiguous_requests: ambiguous,
      held_before: heldBefore,
      held_after: heldAfter,
    }
  },
}

async function isCalm({ api }: Stack): Promise<boolean> {
  const { broker, held_orders: held } = await api.status()
  return broker === 'up' && held === 0
}

/** Whether another process answers afterwards. */
async function killAndRestart({ stack, progress }: Stage): Promise<boolean> {
  const { pid } = stack.edge
  await stack.edge.kill()
  await stack.edge.start()
  progress(`the edge was killed (pid ${pid}) and runs again (pid ${stack.edge.pid})`)
  return pid !== null && stack.edge.pid !== pid
}
