// Where PostgreSQL's programs and data may lie. Usually: node_modules and `.motu/`. When we are root
// and the checkout is in a folder others may not enter (/root), the user `postgres` could reach
// neither; both then live under /var/lib/motu, each checkout's data apart.

import { createHash } from 'node:crypto'
import { cpSync, existsSync, mkdirSync, renameSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { bundledPostgres } from './postgres.ts'
import { closedFolderAbove, isRoot } from './unprivileged.ts'

const OPEN_FOLDER = '/var/lib/motu'

/** The folder with `postgres` and `initdb`, copied where its user can reach it if need be. */
export async function openPostgresPrograms(): Promise<string> {
  const { programs, version } = await bundledPostgres()
  if (!isRoot() || closedFolderAbove(join(programs, 'postgres')) === null) return programs
  const copy = join(OPEN_FOLDER, `postgres-${version}`)
  if (!existsSync(copy)) {
    const draft = `${copy}.${process.pid}`
    mkdirSync(OPEN_FOLDER, { recursive: true, mode: 0o755 })
    cpSync(dirname(programs), draft, { recursive: true, verbatimSymlinks: true })
    renameSync(draft, copy)
  }
  return join(copy, basename(programs))
}

/** Where the data of a `.motu` folder goes, and the folder that is the reason if it is elsewhere. */
export function openDataFolder(wanted: string): { folder: string; closed: string | null } {
  mkdirSync(dirname(wanted), { recursive: true })
  const closed = isRoot() ? closedFolderAbove(wanted) : null
  if (closed === null) return { folder: wanted, closed }
  const key = createHash('sha256').update(wanted).digest('hex').slice(0, 12)
  mkdirSync(OPEN_FOLDER, { recursive: true, mode: 0o755 })
  return { folder: join(OPEN_FOLDER, `data-${key}`), closed }
}
