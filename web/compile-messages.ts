// Writes the messages' functions and their types (`src/lib/paraglide`), as Vite does while it builds:
// for checks on a clone where nothing was built yet.

import { compile } from '@inlang/paraglide-js'
import { PARAGLIDE } from './paraglide.config.ts'

process.chdir(import.meta.dirname)
await compile(PARAGLIDE)
