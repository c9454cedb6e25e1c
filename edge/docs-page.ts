// The page that shows the OpenAPI document (`/docs`), put among the web app's files: Swagger UI from its
// package, so that nothing is loaded from anywhere else.

import { copyFile, mkdir, readFile, stat, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'

const PAGE_DIR = join(import.meta.dirname, 'docs')
const PAGE_FILES = ['index.html', 'show.css', 'show.js']
const LIBRARY_FILES = ['swagger-ui-bundle.js', 'swagger-ui.css']

/** Copies the page into the folder `docs`; what is there already, and as large, stays. */
export async function copyDocsPage(webDir: string): Promise<void> {
  const dir = join(webDir, 'docs')
  await mkdir(dir, { recursive: true })
  for (const name of PAGE_FILES) await copyFile(join(PAGE_DIR, name), join(dir, name))
  const library = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'))
  await Promise.all(LIBRARY_FILES.map((name) => copyLarge(join(library, name), join(dir, name))))
}

async function copyLarge(from: string, to: string): Promise<void> {
  if ((await sizeOf(from)) === (await sizeOf(to))) return
  await writeFile(`${to}.gz`, await promisify(gzip)(await readFile(from)))
  await copyFile(from, to)
}

async function sizeOf(file: string): Promise<number | null> {
  const found = await stat(file).catch(() => null)
  return found?.size ?? null
}
