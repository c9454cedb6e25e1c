// The children's logs: a new file at each start, the one before kept beside it.

import { existsSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** The (empty) log file of a child; the last start's becomes `NAME.1.log`. */
export function rotateLog(dir: string, name: string): string {
  const file = join(dir, `${name}.log`)
  if (existsSync(file)) renameSync(file, join(dir, `${name}.1.log`))
  // Made by us, so that the server's own user need not be allowed to.
  writeFileSync(file, '', { mode: 0o640 })
  return file
}
