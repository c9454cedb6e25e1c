// The Worker: the app, and the durable objects it stands on.

import { app } from './app.ts'

export { BotDesk } from './bot/bot-desk.ts'
export { Hub } from './hub.ts'
export { LastGood } from './last-good.ts'
export { Mailbox } from './mailbox.ts'

export default { fetch: app.fetch }
