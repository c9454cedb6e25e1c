// Keeps the app's own files in the browser, so that it opens without a network and says so. Prices,
// orders and everything else that the API answers are never kept: what is shown was heard just now.
//
//   install   The files of this build are fetched; the worker then waits while a page of the build
//             before still runs, because that page may yet need its files.
//   activate  All pages are closed, or one asked for the new version: other builds' files go.
//   fetch     A file of this build: from here. A page of the app: from the edge; without an answer
//             the kept page, which finds out by itself what it can reach.

import { assets, immutable } from '$app/manifest'
import { self } from '$app/service-worker'
import { version } from '$app/env'

const PREFIX = 'motu-'
const CACHE = PREFIX + version
/** The one page of the app; every address of it begins with this file. */
const PAGE = '/'
const FILES = [...immutable, ...assets].map(
  ({ path }) => new URL(path, self.location.origin).pathname,
)
const KEPT = new Set(FILES)
/** Pages of the edge's own, which the app's page cannot stand in for. */
const OTHER_PAGES = /^\/(?:api|docs|problems|ws)(?:\/|$)/

self.addEventListener('install', (event) => {
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll([PAGE, ...FILES])))
})

self.addEventListener('activate', (event) => {
  event.waitUntil(forgetOtherBuilds().then(() => self.clients.claim()))
})

self.addEventListener('message', ({ data }) => {
  if (data === 'take over') void self.skipWaiting()
})

self.addEventListener('fetch', (event) => {
  const { request } = event
  const url = new URL(request.url)
  if (request.method !== 'GET' || url.origin !== self.location.origin) return
  if (KEPT.has(url.pathname)) event.respondWith(keptOrFetched(request))
  else if (request.mode === 'navigate' && !OTHER_PAGES.test(url.pathname)) {
    event.respondWith(fetchedOrPage(request))
  }
})

async function forgetOtherBuilds(): Promise<void> {
  const names = await caches.keys()
  const others = names.filter((name) => name.startsWith(PREFIX) && name !== CACHE)
  await Promise.all(others.map((name) => caches.delete(name)))
}

async function keptOrFetched(request: Request): Promise<Response> {
  const cache = await caches.open(CACHE)
  return (await cache.match(request, { ignoreSearch: true })) ?? fetch(request)
}

/** A proxy whose edge is gone answers for it with 502 and the like: the app says that better. */
async function fetchedOrPage(request: Request): Promise<Response> {
  const answer = await fetch(request).catch(() => null)
  if (answer && answer.status < 500) return answer
  const kept = await (await caches.open(CACHE)).match(PAGE)
  return kept ?? answer ?? Response.error()
}
