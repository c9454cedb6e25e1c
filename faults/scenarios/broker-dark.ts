// RabbitMQ dies and comes back; meanwhile the mailboxes keep the orders on their own disk.

import { until } from '../../scripts/servers/ports.ts'
import type { Scenario } from '../scenario.ts'

const NOTICE_TIMEOUT_MS = 20_000

export const brokerDark: Scenario = {
  name: 'broker-dark',
  summary: 'RabbitMQ is killed and restarted; the mailboxes hold the orders meanwhile',
  engines: 1,
  async strike({ stack, drive, progress }) {
    const { rabbitmq } = stack.servers
    await drive.reached(0.25)
    const pid = rabbitmq.pid
    rabbitmq.kill('SIGKILL')
    const held = async () => (await stack.api.status()).held_orders
    await until('an order to be held', async () => (await held()) > 0, NOTICE_TIMEOUT_MS)
    await drive.reached(0.5)
    const heldOrders = await held()
    progress(`${heldOrders} orders held; RabbitMQ starts again`)
    await rabbitmq.restart()
    return { happened: heldOrders > 0 && rabbitmq.pid !== pid, held_orders: heldOrders }
  },
}
