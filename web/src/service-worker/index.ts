// Keeps the app's own files in the browser, so that it opens without a network and says so. Prices,
// orders and everything else that the API answers are never kept: what is shown was heard just now.
//
//   install   The files of this build are fetched; the worker then waits while a page of the build
//             before still runs, because that page may yet need its files.
//   activate  All pages are closed, or one asked for the new version: other builds' files go.
//   push      What home says is shown; a press on it opens its page.
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

self.addEventListener('push', (event) => {
  const shown = readPush(event.data?.text() ?? '')
  // A browser that is pushed to and shows nothing takes the permission away.
  event.waitUntil(self.registration.showNotification(shown.title, shown.options))
})

self.addEventListener('notificationclick', (event) => {
  event.notification.close()
  event.waitUntil(openPage(String((event.notification.data as { path?: unknown }).path ?? '/')))
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

/** What home says (`home/src/notifier/personal-message.ts`); of anything else only that it came. */
function readPush(text: string): { title: string; options: NotificationOptions } {
  const look = { icon: '/icon-192.png', badge: '/icon-192.png' }
  try {
    const { title, body, path, tag } = JSON.parse(text) as Record<string, unknown>
    const options = { ...look, body: String(body), tag: String(tag), data: { path } }
    return { title: String(title), options }
  } catch {
    return { title: 'Motu', options: { ...look, data: { path: '/' } } }
  }
}

/** In a page of the app that is open, else in a new one; never anywhere but here. */
async function openPage(path: string): Promise<void> {
  const url = new URL(path, self.location.origin)
  if (url.origin !== self.location.origin) return
  const pages = await self.clients.matchAll({ type: 'window' })
  const page = pages.find((one) => one.focused) ?? pages[0]
  if (!page) return void (await self.clients.openWindow(url.href))
  await page.focus()
  await page.navigate(url.href)
}

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
