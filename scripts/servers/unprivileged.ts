// PostgreSQL refuses to run as root. When we are root, it runs as the user `postgres`, who must be
// able to enter every folder on the way to its programs and its data.

import { execFileSync } from 'node:child_process'
import { statSync } from 'node:fs'
import { dirname } from 'node:path'

export type Account = { uid: number; gid: number }

const USER = 'postgres'
const OTHERS_MAY_ENTER = 0o001

export const isRoot = (): boolean => process.getuid?.() === 0

/** The account PostgreSQL runs as; undefined: ours. Made when it is missing (we are root then). */
export function postgresAccount(): Account | undefined {
  if (!isRoot()) return undefined
  const found = findAccount()
  if (found) return found
  execFileSync('useradd', ['--system', '--user-group', '--no-create-home', USER])
  const made = findAccount()
  if (!made) throw new Error(`useradd made no user ${USER}; PostgreSQL cannot run as root`)
  return made
}

function findAccount(): Account | null {
  const id = (flag: string): number =>
    Number.parseInt(execFileSync('id', [flag, USER], { encoding: 'utf8', stdio: 'pipe' }), 10)
  try {
    return { uid: id('-u'), gid: id('-g') }
  } catch (error) {
    if ((error as { status?: number }).status === 1) return null
    throw error
  }
}

/** The first folder on the way to `path` that others may not enter, or null. */
export function closedFolderAbove(path: string): string | null {
  const parent = dirname(path)
  if (parent === path) return null
  const closed = (statSync(parent).mode & OTHERS_MAY_ENTER) === 0
  return closedFolderAbove(parent) ?? (closed ? parent : null)
}
