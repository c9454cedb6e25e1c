// The web app's files: built again only when a source differs from what the last build saw.

import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { ServerProcess, lastLines } from '../servers/server-process.ts'
import { ROOT } from './places.ts'

const WEB = join(ROOT, 'web')
export const WEB_BUILD = join(WEB, 'build')
/** Beside the packages, so that a new installation builds anew. */
const SEEN_FILE = join(ROOT, 'node_modules/.cache/motu/web-sources.sha256')
/** What the build itself writes is no source of it. */
const NOT_SOURCES = new Set(['build', 'node_modules', '.svelte-kit', 'paraglide'])

/** Whether web/build was made from today's sources. */
export function isWebBuilt(): boolean {
  const isBuilt = existsSync(join(WEB_BUILD, 'index.html')) && existsSync(SEEN_FILE)
  return isBuilt && readFileSync(SEEN_FILE, 'utf8') === hashSources()
}

/** Builds the web app; fails with the build's last words. */
export async function buildWeb(logFile: string): Promise<void> {
  const seen = hashSources()
  const vite = join(ROOT, 'node_modules/vite/bin/vite.js')
  const build = new ServerProcess({
    name: 'web build',
    program: process.execPath,
    args: [vite, 'build'],
    cwd: WEB,
    logFile,
  })
  await build.ended
  if (build.child.exitCode !== 0) {
    throw new Error(`The web app could not be built.\n${lastLines(logFile)}`)
  }
  mkdirSync(dirname(SEEN_FILE), { recursive: true })
  writeFileSync(SEEN_FILE, seen)
}

function hashSources(): string {
  const files = [WEB, join(ROOT, 'shared/src')].flatMap(listFiles).sort()
  const hash = createHash('sha256')
  for (const file of [join(ROOT, 'package-lock.json'), ...files]) {
    hash.update(`${relative(ROOT, file)}\n`).update(readFileSync(file))
  }
  return hash.digest('hex')
}

function listFiles(dir: string): string[] {
  return readdirSync(dir, { withFileTypes: true }).flatMap((entry) => {
    const path = join(dir, entry.name)
    if (entry.isDirectory()) return NOT_SOURCES.has(entry.name) ? [] : listFiles(path)
    return [path]
  })
}
