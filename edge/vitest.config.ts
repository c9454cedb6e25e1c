// Tests that run inside workerd (miniflare): the durable objects, with the clock and the courier in
// the test's hands. `npx vitest run --root edge`. Those that serve the whole edge are in test-node/.

import { resolve } from 'node:path'
import { cloudflareTest } from '@cloudflare/vitest-plugin'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  root: import.meta.dirname,
  plugins: [
    cloudflareTest({
      main: resolve(import.meta.dirname, 'src/index.ts'),
      miniflare: {
        compatibilityDate: '2026-10-23',
        bindings: {
          // Nothing listens here: home is dark in these tests.
          HOME_URL: 'http://127.0.0.1:9',
          QUEUE_PREFIX: '',
          ALLOWED_ORIGINS: '',
          VERSION: 'test',
        },
        durableObjects: {
          MAILBOX: { className: 'Mailbox', useSQLite: true },
          HUB: { className: 'Hub', useSQLite: true },
          BOT_DESK: { className: 'BotDesk', useSQLite: true },
          LAST_GOOD: { className: 'LastGood', useSQLite: true },
        },
      },
    }),
  ],
  test: { name: 'edge', include: ['test/**/*.test.ts'], sequence: { groupOrder: 1 } },
})
