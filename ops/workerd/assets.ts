// The web app's files on self-hosted workerd: what Cloudflare's ASSETS binding does there. The list
// of files, with their hashes, is made at build time, so that a request never asks the disk whether
// a file exists, and a path can lead nowhere but to a file of the list.

import files from 'motu:asset-list'
import type { AssetFile } from './asset-file.ts'

type AssetEnv = { FILES: Fetcher }

const INDEX = '/index.html'
/** Vite puts a hash into the names of these: what is under a name never changes. */
const IMMUTABLE_PREFIX = '/_app/immutable/'
const CACHE_IMMUTABLE = 'public, max-age=31536000, immutable'
const CACHE_REVALIDATE = 'public, max-age=0, must-revalidate'
const SUFFIXES = { br: '.br', gzip: '.gz' }

export default {
  async fetch(request: Request, env: AssetEnv): Promise<Response> {
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      return new Response('method not allowed', { status: 405, headers: { allow: 'GET, HEAD' } })
    }
    const path = assetPath(request)
    const file = path === null ? undefined : files[path]
    if (path === null || !file) return notFound()
    const headers = headersOf(path, file)
    if (request.headers.get('if-none-match')?.includes(file.etag)) {
      return new Response(null, { status: 304, headers })
    }
    return serve(request, { env, path, file, headers })
  },
}

/** The file a request asks for: its own, a folder's index, or the app's page for a navigation. */
function assetPath(request: Request): string | null {
  const path = decodePath(new URL(request.url).pathname)
  if (path === null) return null
  const folderIndex = `${path.replace(/\/$/, '')}/index.html`
  if (Object.hasOwn(files, path)) return path
  if (Object.hasOwn(files, folderIndex)) return folderIndex
  const isPage = (request.headers.get('accept') ?? '').includes('text/html')
  return isPage && Object.hasOwn(files, INDEX) ? INDEX : null
}

function decodePath(path: string): string | null {
  try {
    return decodeURIComponent(path)
  } catch {
    // A stray percent sign: no file of ours is called that.
    return null
  }
}

function headersOf(path: string, file: AssetFile): Headers {
  const isImmutable = path.startsWith(IMMUTABLE_PREFIX)
  return new Headers({
    'content-type': file.type,
    'cache-control': isImmutable ? CACHE_IMMUTABLE : CACHE_REVALIDATE,
    etag: file.etag,
    vary: 'accept-encoding',
  })
}

type Found = { env: AssetEnv; path: string; file: AssetFile; headers: Headers }

async function serve(request: Request, { env, path, file, headers }: Found): Promise<Response> {
  const accepted = request.headers.get('accept-encoding') ?? ''
  const encoding = file.encodings.find((name) => accepted.includes(name))
  const url = new URL(encodeURI(path) + (encoding ? SUFFIXES[encoding] : ''), 'http://files/')
  const answer = await env.FILES.fetch(url, { method: request.method })
  // Deleted since the build.
  if (!answer.ok) return notFound()
  const length = answer.headers.get('content-length')
  if (length !== null) headers.set('content-length', length)
  if (!encoding) return new Response(answer.body, { headers })
  headers.set('content-encoding', encoding)
  return new Response(answer.body, { headers, encodeBody: 'manual' })
}

function notFound(): Response {
  return new Response('not found', { status: 404, headers: { 'content-type': 'text/plain' } })
}
