import postgres from 'postgres'
import { expect, it } from 'vitest'
import { needPostgres } from '../services.ts'
import { createTestDatabase } from './test-database.ts'

it('gives each caller a migrated database of its own, and removes it', async () => {
  const server = await needPostgres()
  const [first, second] = await Promise.all([
    createTestDatabase(server.url, 'scripts_first'),
    createTestDatabase(server.url, 'scripts_second'),
  ])
  expect(first.url).not.toBe(second.url)

  const sql = postgres(first.url, { max: 1 })
  expect(await sql`SELECT count(*)::int AS rows FROM partitions`).toEqual([{ rows: 8 }])
  await sql.end()

  await Promise.all([first.drop(), second.drop()])
  const gone = postgres(first.url, { max: 1 })
  await expect(gone`SELECT 1`).rejects.toMatchObject({ code: '3D000' })
  await gone.end()
  await server.stop()
})
