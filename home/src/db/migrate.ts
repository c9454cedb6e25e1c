// Migrations: numbered, forward only, applied at start under a lock, so that several processes may
// start at once.

import { fileURLToPath } from 'node:url'
import { drizzle } from 'drizzle-orm/postgres-js'
import { migrate as applyMigrations } from 'drizzle-orm/postgres-js/migrator'
import { connect } from './connect.ts'

const MIGRATIONS_FOLDER = fileURLToPath(new URL('../../migrations', import.meta.url))
/** Any constant will do, as long as nothing else locks it. */
const MIGRATION_LOCK = 7_301_001

/** Brings the database to the newest schema. */
export async function migrate(url: string): Promise<void> {
  const sql = connect(url, { max: 1, name: 'motu-migrate' })
  try {
    await sql`SELECT pg_advisory_lock(${MIGRATION_LOCK})`
    await applyMigrations(drizzle(sql), { migrationsFolder: MIGRATIONS_FOLDER })
    await sql`
      INSERT INTO partitions (partition, epoch)
      SELECT n, 0 FROM generate_series(0, 7) AS n ON CONFLICT DO NOTHING`
  } finally {
    await sql.end({ timeout: 5 })
  }
}
