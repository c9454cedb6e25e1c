// The list of the web app's files that the asset worker serves: path, hash, type, and which
// precompressed forms lie beside it.

import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { extname, join, relative, sep } from 'node:path'
import type { AssetFile } from '../ops/workerd/asset-file.ts'

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.jpg': 'image/jpeg',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.mjs': 'text/javascript; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
  '.webmanifest': 'application/manifest+json',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2',
}
const PRECOMPRESSED = ['.br', '.gz']

/** Every file under `webDir` by its path; none when the folder does not exist. */
export async function listAssets(webDir: string): Promise<Record<string, AssetFile>> {
  const files: Record<string, AssetFile> = {}
  if (!existsSync(webDir)) return files
  for (const entry of await readdir(webDir, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || PRECOMPRESSED.includes(extname(entry.name))) continue
    const file = join(entry.parentPath, entry.name)
    const hash = createHash('sha256')
      .update(await readFile(file))
      .digest('base64url')
    files[`/${relative(webDir, file).split(sep).join('/')}`] = {
      etag: `"${hash.slice(0, 20)}"`,
      type: TYPES[extname(entry.name)] ?? 'application/octet-stream',
      encodings: [
        ...(existsSync(`${file}.br`) ? (['br'] as const) : []),
        ...(existsSync(`${file}.gz`) ? (['gzip'] as const) : []),
      ],
    }
  }
  return files
}
