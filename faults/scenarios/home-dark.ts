// Home goes dark in the middle of everything; orders are taken all the same, and settle when it is
// back.

import { until } from '../../scripts/servers/ports.ts'
import { queuedMessages } from '../recovery.ts'
import type { Scenario } from '../scenario.ts'

const NOTICE_TIMEOUT_MS = 20_000

export const homeDark: Scenario = {
  name: 'home-dark',
  summary: 'every process of home is killed; orders are taken and kept until it is back',
  engines: 1,
  async strike({ stack, drive, journal, progress }) {
    const home = [stack.front, ...stack.engines]
    await drive.reached(0.25)
    for (const one of home) one.kill('SIGKILL')
    const acceptedBefore = journal.accepted().length
    const isDown = async () => (await stack.api.status()).home === 'down'
    await until('the edge to notice', isDown, NOTICE_TIMEOUT_MS)
    progress('home is dark')
    await drive.reached(0.6)
    const takenWhileDark = journal.accepted().length - acceptedBefore
    const queued = await queuedMessages(stack)
    await Promise.all(home.map((one) => one.start()))
    progress(`home is back; ${queued} messages had queued up`)
    return { happened: takenWhileDark > 0 && queued > 0, taken_while_dark: takenWhileDark, queued }
  },
}
