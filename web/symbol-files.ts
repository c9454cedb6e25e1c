// Which files the symbol page is made of, once they are built, and how `static/first-paint.js` hears
// of them: the page fetches them while its first script still comes, not after that has run.

import type { Adapter } from '@sveltejs/kit'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

type Built = { file: string; css?: string[]; imports?: string[]; dynamicImports?: string[] }
/** What Vite wrote of a build: source, or name of a shared file → what was made of it. */
export type Manifest = Readonly<Record<string, Built>>

/** The one part that every visit fetches although nothing imports it: it draws the candles. */
const CHART = 'src/lib/symbol/chart/chart-view.ts'
const PLACE = '[/* written here by the build: symbol-files.ts */]'

/** The adapter, which first writes the list into `first-paint.js`, then copies and compresses. */
export function tellingSymbolFiles(adapter: Adapter): Adapter {
  return {
    ...adapter,
    async adapt(builder) {
      const client = builder.getClientDirectory()
      const script = join(client, 'first-paint.js')
      const text = readFileSync(script, 'utf8')
      if (!text.includes(PLACE)) throw new Error('first-paint.js has no place for the files')
      const list = symbolFiles(readManifest(client)).map((file) => `/${file}`)
      writeFileSync(script, text.replace(PLACE, JSON.stringify(list)))
      await adapter.adapt(builder)
    },
  }
}

/** What Vite wrote into this folder of built files. */
export function readManifest(client: string): Manifest {
  return JSON.parse(readFileSync(join(client, '.vite/manifest.json'), 'utf8')) as Manifest
}

/** Scripts and styles of the symbol page, with the chart and with what every page has. */
export function symbolFiles(manifest: Manifest): readonly string[] {
  const page = Object.keys(manifest).find((name) => manifest[name]?.dynamicImports?.includes(CHART))
  if (!page) throw new Error(`nothing fetches ${CHART}`)
  const names = new Set([page, CHART])
  const files = new Set<string>()
  for (const name of names) {
    const { file, css = [], imports = [] } = manifest[name]!
    for (const one of [file, ...css]) files.add(one)
    for (const one of imports) names.add(one)
  }
  return [...files]
}
