// The Worker: the app, what its cron does, and the durable objects it stands on.

import { app } from './app.ts'
import { askForReport } from './daily-report.ts'
import type { Env } from './env.ts'

export { BotDesk } from './bot/bot-desk.ts'
export { Hub } from './hub.ts'
export { LastGood } from './last-good.ts'
export { Mailbox } from './mailbox.ts'

export default {
  fetch: app.fetch,
  /** The only trigger of `wrangler.toml` is midnight in Seoul. */
  async scheduled({ scheduledTime }: ScheduledController, env: Env): Promise<void> {
    await askForReport(env, scheduledTime)
  },
}
