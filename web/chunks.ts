// Which modules share a file: fewer files come sooner and compress better. What every page needs at
// once is one file, what the symbol page shares with others beside it a second one; the rest is left
// to the bundler, which splits it by the pages that use it.

import { fileURLToPath } from 'node:url'

/** Of the bundler's view of the modules, what is used here. */
type Modules = {
  getModuleInfo(id: string): { readonly importedIds: string[]; readonly code: string | null } | null
}

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url))
const EVERY_PAGE = [
  fileURLToPath(import.meta.resolve('@sveltejs/kit')).replace(
    /exports[\\/]index\.js$/,
    'runtime/client/client-entry.js',
  ),
  at('src/routes/+layout.svelte'),
  at('src/routes/+layout.ts'),
]
const SYMBOL_PAGE = ['+page.svelte', '+page.ts'].map((file) =>
  at(`src/routes/symbol/[ticker]/${file}`),
)
/** It names every message there is; which of them a module says is read from its code. */
const ALL_MESSAGES = at('src/lib/paraglide/messages.js')
const MESSAGE = /\bm\.(\w+)/g
/** Packages of many parts, of which each page takes its own. */
const OF_MANY_PARTS = /node_modules[\\/](?!svelte[\\/]|@sveltejs[\\/])/

/**
 * What SvelteKit's start file imports before it hands the page its version. In one file with other
 * modules those would run too early and without a version: a page that is not found would then take
 * itself for an old one, and load itself again and again.
 */
const BEFORE_START = /runtime[\\/]client[\\/]payload\.js$|vite[\\/]preload-helper/

/** For the bundler's `codeSplitting`. */
export const CHUNK_GROUPS = [
  { name: 'before-start', test: BEFORE_START, priority: 2 },
  { name: chunkOf, minShareCount: 2 },
]

let reached: { everyPage: ReadonlySet<string>; symbolPage: ReadonlySet<string> } | null = null

function chunkOf(id: string, modules: Modules): string | null {
  reached ??= { everyPage: reach(EVERY_PAGE, modules), symbolPage: reach(SYMBOL_PAGE, modules) }
  if (reached.everyPage.has(id)) return 'every-page'
  return reached.symbolPage.has(id) ? 'symbol-page' : null
}

/** Everything that comes with these modules, not what they fetch later. */
function reach(from: readonly string[], modules: Modules): ReadonlySet<string> {
  const found = new Set(from)
  for (const id of found) {
    const { importedIds = [], code } = modules.getModuleInfo(id) ?? {}
    for (const imported of importedIds) {
      if (imported === ALL_MESSAGES) {
        for (const [, name] of code?.matchAll(MESSAGE) ?? []) found.add(messageFile(name!))
      } else if (!OF_MANY_PARTS.test(imported)) {
        found.add(imported)
      }
    }
  }
  return found
}

const messageFile = (name: string) => at(`src/lib/paraglide/messages/${name}.js`)
