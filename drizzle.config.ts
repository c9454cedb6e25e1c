import { defineConfig } from 'drizzle-kit'

// `npx drizzle-kit generate --name WHAT` writes the next migration; home applies them at start.
export default defineConfig({
  dialect: 'postgresql',
  schema: [
    './home/src/db/schema.ts',
    './home/src/db/engine-schema.ts',
    './home/src/db/account-schema.ts',
    './home/src/db/market-schema.ts',
    './home/src/db/app-schema.ts',
    './home/src/db/performance-schema.ts',
    './home/src/db/notifier-schema.ts',
    './home/src/db/channel-schema.ts',
    './home/src/db/personal-schema.ts',
    './home/src/db/report-schema.ts',
  ],
  out: './home/migrations',
})
