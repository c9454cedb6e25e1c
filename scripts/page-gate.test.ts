// No page without a look: every route of the app is in the list that is searched for barriers and
// drawn for the documentation, and its pictures are there.

import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ELSEWHERE } from '../e2e/dialogs.ts'
import { PAGES, screenshotsOf } from '../e2e/pages.ts'

const ROOT = join(import.meta.dirname, '..')
const WEB = join(ROOT, 'web/src')
const ROUTES = join(WEB, 'routes')
const SCREENS = join(ROOT, 'docs/screens')
const FOLDER_BYTES_MAX = 4_000_000

/** `/symbol/[ticker]` for every folder with a page; folders in parentheses are no part of a path. */
function routes(): string[] {
  return readdirSync(ROUTES, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('+page.svelte'))
    .map((file) => relative(ROUTES, dirname(join(ROUTES, file))))
    .map((folder) => `/${folder.replace(/\(.*?\)\/?/g, '')}`)
    .sort()
}

/** What a component opens over its page; those in `ui` are opened by others. */
const OPENS =
  /<(?:Modal|Confirm|\w*Sheet|(?:Dialog|AlertDialog|Popover|DropdownMenu|ContextMenu)\.Root)\b|\bpopover\s+role=/g

/** How many dialogs each file has that has any. */
function dialogFiles(): Map<string, number> {
  const files = readdirSync(WEB, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.svelte') && !file.startsWith('lib/ui/'))
    .map((file) => [file, readFileSync(join(WEB, file), 'utf8').match(OPENS)?.length ?? 0] as const)
  return new Map(files.filter(([, count]) => count > 0).sort())
}

describe('every page of the app', () => {
  it('is in the list that is searched for barriers, and nothing else is', () => {
    const listed = PAGES.flatMap(({ route }) => (route === null ? [] : [route])).sort()
    expect(listed).toEqual(routes())
    expect(new Set(PAGES.map(({ name }) => name)).size).toBe(PAGES.length)
  })

  it('is searched by the test that says so', () => {
    const test = readFileSync(join(ROOT, 'e2e/barriers.test.ts'), 'utf8')
    expect(test).toMatch(/for \(const .* of PAGES\)/)
  })

  it('has its pictures, wide and narrow, light and dark: `npm run screenshots`', () => {
    const wanted = PAGES.flatMap(screenshotsOf)
    expect(wanted.filter((file) => !existsSync(join(SCREENS, file)))).toEqual([])
    const there = readdirSync(SCREENS)
    expect(there.filter((file) => !wanted.includes(file))).toEqual([])
    const bytes = there.reduce((sum, file) => sum + statSync(join(SCREENS, file)).size, 0)
    expect(bytes).toBeLessThan(FOLDER_BYTES_MAX)
  })
})

describe('every dialog of the app', () => {
  const listed = PAGES.flatMap(({ dialogs = [] }) => dialogs.map(({ file }) => file))
  const countOf = (file: string) => listed.filter((one) => one === file).length

  it('is in the list that is searched for barriers, or it is said where else', () => {
    const missing = [...dialogFiles()].filter(
      ([file, count]) => !Object.hasOwn(ELSEWHERE, file) && countOf(file) < count,
    )
    expect(missing).toEqual([])
  })

  it('is still there', () => {
    const there = dialogFiles()
    const named = [...listed, ...Object.keys(ELSEWHERE)]
    expect(named.filter((file) => !there.has(file))).toEqual([])
    expect(Object.keys(ELSEWHERE).filter((file) => listed.includes(file))).toEqual([])
  })
})
