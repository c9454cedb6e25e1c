// `node scripts/run.js FILE ARGS…`: runs one of the project's programs in the Node it pins.

import { join } from 'node:path'
import { continueInPinnedNode, installMissing, ROOT } from './bootstrap.js'

const [file, ...args] = process.argv.slice(2)
if (file === undefined) {
  console.error('usage: node scripts/run.js FILE ARGS…')
  process.exit(1)
}
installMissing()
continueInPinnedNode([join(ROOT, file), ...args])
