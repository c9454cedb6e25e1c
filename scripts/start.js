// `npm start`: whatever Node the machine has runs this, installs what is missing, and hands over.

import { join } from 'node:path'
import { continueInPinnedNode, installMissing, ROOT } from './bootstrap.js'

installMissing()
continueInPinnedNode([join(ROOT, 'scripts/start.ts'), ...process.argv.slice(2)])
