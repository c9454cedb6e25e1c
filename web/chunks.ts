// Which modules share a file: fewer files come sooner and compress better. What every page needs at
// once, and what the symbol page shares with others, is one file; the rest is left to the bundler,
// which splits it by the pages that use it.

import { globSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** Of the bundler's view of the modules, what is used here. */
type Modules = {
  getModuleInfo(id: string): { readonly importedIds: string[]; readonly code: string | null } | null
}

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url))
const SVELTEKIT = fileURLToPath(new URL('../', import.meta.resolve('@sveltejs/kit')))
const EVERY_PAGE = [
  `${SVELTEKIT}runtime/client/client-entry.js`,
  at('src/routes/+layout.svelte'),
  at('src/routes/+layout.ts'),
]
const SYMBOL_PAGE = ['+page.svelte', '+page.ts'].map((file) =>
  at(`src/routes/symbol/[ticker]/${file}`),
)
const OTHER_PAGES = globSync('src/routes/**/+page.svelte', { cwd: import.meta.dirname })
  .map((file) => at(file))
  .filter((file) => !SYMBOL_PAGE.includes(file))
/** It names every message there is; which of them a module says is read from its code. */
const ALL_MESSAGES = at('src/lib/paraglide/messages.js')
const MESSAGE = /\bm\.(\w+)/g
/** Packages of many parts, of which each page takes its own. */
const OF_SOME_PAGES = /node_modules[\\/](?!svelte[\\/]|@sveltejs[\\/])/

/**
 * What SvelteKit's start file imports before it hands the page its version. In one file with other
 * modules those would run too early and without a version: a page that is not found would then take
 * itself for an old one, and load itself again and again.
 */
const BEFORE_START = /runtime[\\/]client[\\/]payload\.js$|vite[\\/]preload-helper/

/** For the bundler's `codeSplitting`. */
export const CHUNK_GROUPS = [
  { name: 'before-start', test: BEFORE_START, priority: 2 },
  { name: appOf, priority: 1 },
  // What its parts that are fetched later share with it.
  { name: symbolPageOf, minShareCount: 2 },
]

const reached = new Map<readonly string[], ReadonlySet<string>>()

function appOf(id: string, modules: Modules): string | null {
  if (reach(EVERY_PAGE, modules).has(id)) return 'app'
  return reach(SYMBOL_PAGE, modules).has(id) && reach(OTHER_PAGES, modules).has(id) ? 'app' : null
}

function symbolPageOf(id: string, modules: Modules): string | null {
  return reach(SYMBOL_PAGE, modules).has(id) ? 'symbol-page' : null
}

/** Everything that comes with these modules, not what they fetch later. */
function reach(from: readonly string[], modules: Modules): ReadonlySet<string> {
  const known = reached.get(from)
  if (known) return known
  const found = new Set(from)
  for (const id of found) {
    const { importedIds = [], code } = modules.getModuleInfo(id) ?? {}
    for (const imported of importedIds) {
      if (imported === ALL_MESSAGES) {
        for (const [, name] of code?.matchAll(MESSAGE) ?? []) found.add(messageFile(name!))
      } else if (!OF_SOME_PAGES.test(imported)) {
        found.add(imported)
      }
    }
  }
  reached.set(from, found)
  return found
}

const messageFile = (name: string) => at(`src/lib/paraglide/messages/${name}.js`)
