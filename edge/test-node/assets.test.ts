// The web app's files on self-hosted workerd.

import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { brotliCompressSync } from 'node:zlib'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { EdgeUnderTest } from './edge-under-test.ts'

const SCRIPT = 'console.log("안녕")'
let webDir: string
let edge: EdgeUnderTest

beforeAll(async () => {
  webDir = await mkdtemp(join(tmpdir(), 'motu-web-'))
  await mkdir(join(webDir, '_app/immutable'), { recursive: true })
  await writeFile(join(webDir, 'index.html'), '<!doctype html><title>모투</title>')
  await writeFile(join(webDir, 'favicon.svg'), '<svg/>')
  await writeFile(join(webDir, '_app/immutable/a.js'), SCRIPT)
  await writeFile(join(webDir, '_app/immutable/a.js.br'), brotliCompressSync(SCRIPT))
  edge = await new EdgeUnderTest({ webDir }).start()
})

afterAll(async () => {
  await edge.stop()
  await rm(webDir, { recursive: true, force: true })
})

const page = { accept: 'text/html,*/*' }
const get = (path: string, headers: Record<string, string> = {}) =>
  fetch(edge.url + path, { headers })

it('serves files with their types, to be asked for again', async () => {
  const answer = await get('/favicon.svg')
  expect(answer.headers.get('content-type')).toBe('image/svg+xml')
  expect(answer.headers.get('cache-control')).toBe('public, max-age=0, must-revalidate')
  expect(answer.headers.get('x-content-type-options')).toBe('nosniff')
})

it('asks browsers for TLS from now on, where a proxy of ours ended it', async () => {
  const hsts = async (proto: string) =>
    (await get('/favicon.svg', { 'x-forwarded-proto': proto })).headers.get(
      'strict-transport-security',
    )
  expect([await hsts('https'), await hsts('http')]).toEqual(['max-age=31536000', null])
})

it('answers 304 to who has the file already', async () => {
  const etag = (await get('/favicon.svg')).headers.get('etag')!
  expect((await get('/favicon.svg', { 'if-none-match': etag })).status).toBe(304)
})

it('serves what has a hash in its name for good, compressed', async () => {
  const answer = await get('/_app/immutable/a.js', { 'accept-encoding': 'br' })
  expect(answer.headers.get('cache-control')).toContain('immutable')
  expect(answer.headers.get('content-encoding')).toBe('br')
  expect(await answer.text()).toBe(SCRIPT)
  const plain = await get('/_app/immutable/a.js', { 'accept-encoding': 'identity' })
  expect(plain.headers.get('content-encoding')).toBeNull()
  expect(await plain.text()).toBe(SCRIPT)
})

it('gives the page for every address of the app, the owner’s API paths among them', async () => {
  for (const path of [
    '/',
    '/portfolio',
    '/orders',
    '/symbol/CRYPTO-COIN-BTC',
    '/symbol/US-STOCK-BRK.B',
    '/login',
  ]) {
    const answer = await get(path, page)
    expect(answer.status).toBe(200)
    expect(await answer.text()).toContain('모투')
    expect(answer.headers.get('content-security-policy')).toContain("frame-ancestors 'none'")
  }
})

it('has no page for what is not an address of the app', async () => {
  expect((await get('/api/nothing', page)).status).toBe(404)
  expect((await get('/_app/immutable/gone.js')).status).toBe(404)
  expect((await get('/..%2f..%2fetc/passwd')).status).toBe(404)
  expect((await get('/%')).status).toBe(404)
  expect((await get('/portfolio')).status).toBe(401)
})

it('answers HEAD, and refuses to be written to', async () => {
  expect((await fetch(`${edge.url}/favicon.svg`, { method: 'HEAD' })).status).toBe(200)
  expect((await fetch(`${edge.url}/favicon.svg`, { method: 'PUT' })).status).toBe(404)
})
