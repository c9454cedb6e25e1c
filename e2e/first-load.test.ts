// What the symbol page's first load weighs: read from the build, so that the word comes before a
// benchmark does. `npm run bench -- web` counts in a browser, and with it what comes a moment later: the
// chart's summary in words, with which it is over the limit by 0.7 kB.

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync, constants } from 'node:zlib'
import { expect, it } from 'vitest'

const BUILD = join(import.meta.dirname, '../web/build')
const BROTLI_KB_MAX = 150
/** The error pages of the app and of the route come with every page. */
const ERROR_PAGES = ['1', '3']

const read = (path: string): string => readFileSync(join(BUILD, path), 'utf8')

/** As the build compresses them. */
function brotliKb(path: string): number {
  const params = { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY }
  return brotliCompressSync(read(path), { params }).length / 1_000
}

/** The page's own preloads, those of the symbol page, and what both begin with. */
function firstScripts(): string[] {
  const nodes = '_app/immutable/nodes'
  const errors = readdirSync(join(BUILD, nodes)).filter(
    (file) => ERROR_PAGES.includes(file.split('.')[0]!) && file.endsWith('.js'),
  )
  const preloads = [...read('index.html').matchAll(/href="\/(\S+\.js)" rel="modulepreload"/g)]
  const [list] = /\["\/_app[^\]]*\]/.exec(read('first-paint.js')) ?? ['[]']
  const symbol = (JSON.parse(list) as string[]).filter((file) => file.endsWith('.js'))
  return [
    ...new Set([
      'first-paint.js',
      ...preloads.map(([, file]) => file!),
      ...symbol.map((file) => file.slice(1)),
      ...errors.map((file) => `${nodes}/${file}`),
    ]),
  ]
}

it('is not more script than a trading page may bring', () => {
  const scripts = firstScripts()
  expect(scripts.some((file) => read(file).includes('lightweight-charts'))).toBe(true)
  expect(scripts.reduce((sum, file) => sum + brotliKb(file), 0)).toBeLessThanOrEqual(BROTLI_KB_MAX)
})

it('lets SvelteKit start before anything that asks it for the version', () => {
  const [start] = readdirSync(join(BUILD, '_app/immutable/entry')).filter((file) =>
    /^start\..*\.js$/.test(file),
  )
  const script = read(`_app/immutable/entry/${start!}`)
  // What it imports at once may import nothing: all else comes after the page handed its version over.
  const imports = [...script.matchAll(/from"\.\.\/(\S+?)"/g)].map(([, file]) => file!)
  expect(imports.length).toBeGreaterThan(0)
  for (const file of imports) {
    expect(read(`_app/immutable/${file}`)).not.toMatch(/\bfrom"|^import"/)
  }
})
