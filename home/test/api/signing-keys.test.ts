// The ring of signing keys: rotated under running processes, in a file of its owner's only.

import { execFile } from 'node:child_process'
import { copyFile, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { decodeProtectedHeader, exportJWK, generateKeyPair } from 'jose'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { rotateSigningKey } from '../../src/api/signing-keys.ts'
import { openTokens, type Tokens } from '../../src/api/tokens.ts'

const ROOT = resolve(import.meta.dirname, '../../..')
const HALF_HOUR_MS = 30 * 60_000
const USER = { userId: '0198f2c0-0000-7000-8000-000000000001', role: 'USER', sid: 'a' } as const

let folder: string
let file: string
let nowMs: number
const now = () => nowMs
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'motu-keys-'))
})
afterAll(() => rm(folder, { recursive: true }))
beforeEach(() => {
  file = join(folder, `${Math.random()}`, 'keys.json')
  nowMs = Date.parse('2026-11-20T00:00:00Z')
})

const kidOf = (token: string) => decodeProtectedHeader(token).kid
const kidsOf = async (tokens: Tokens) => (await tokens.keySet()).keys.map(({ kid }) => kid)

describe('a rotation', () => {
  it('publishes the new key before it signs, and verifies with both', async () => {
    const tokens = await openTokens(file, now)
    const old = await tokens.issue(USER)
    const { kid, signsFrom } = await rotateSigningKey(file, nowMs)
    nowMs += 1_000
    expect(await kidsOf(tokens)).toEqual([kid, kidOf(old)])
    // An edge that asked for the keys a moment before the rotation may ask again after three seconds.
    nowMs = Date.parse(signsFrom) - 1
    expect(kidOf(await tokens.issue(USER))).toBe(kidOf(old))
    nowMs += 1
    const fresh = await tokens.issue(USER)
    expect([kidOf(fresh), await kidsOf(tokens)]).toEqual([kid, [kid, kidOf(old)]])
    expect(await tokens.verify(old)).toMatchObject({ sub: USER.userId })
    expect(await tokens.verify(fresh)).toMatchObject({ sub: USER.userId })
    expect((await stat(file)).mode & 0o777).toBe(0o600)
  })

  it('is noticed at once by a process that meets the new key', async () => {
    const [here, there] = [await openTokens(file, now), await openTokens(file, now)]
    await there.issue(USER)
    await rotateSigningKey(file, nowMs)
    nowMs += 6_000
    const fresh = await here.issue(USER)
    nowMs -= 6_000
    expect(await there.verify(fresh)).not.toBe(null)
  })

  it('runs alone: of two at once neither drops the key of the other', async () => {
    const rotations = await Promise.allSettled([
      rotateSigningKey(file, nowMs),
      rotateSigningKey(file, nowMs),
    ])
    const made = rotations.flatMap((one) => (one.status === 'fulfilled' ? one.value.kid : []))
    expect(made.length).toBeGreaterThan(0)
    expect(await kidsOf(await openTokens(file, now))).toEqual(expect.arrayContaining(made))
  })

  it('leaves the old key until its last token has ended, and not longer', async () => {
    const tokens = await openTokens(file, now)
    const copy = `${file}.copy`
    await copyFile(file, copy)
    const thief = await openTokens(copy, now)
    const old = await tokens.issue(USER)
    await rotateSigningKey(file, nowMs)
    nowMs += HALF_HOUR_MS
    expect(await kidsOf(tokens)).toContain(kidOf(old))
    expect(await tokens.verify(await thief.issue(USER))).not.toBe(null)
    nowMs += 120_000
    expect(await kidsOf(tokens)).not.toContain(kidOf(old))
    expect(await tokens.verify(await thief.issue(USER))).toBe(null)
  })

  it('drops keys that are of no use any more, and keeps the others', async () => {
    await rotateSigningKey(file, nowMs)
    await rotateSigningKey(file, nowMs + 1_000)
    expect(JSON.parse(await readFile(file, 'utf8'))).toMatchObject({ keys: [{}, {}, {}] })
    await rotateSigningKey(file, nowMs + 2 * HALF_HOUR_MS)
    expect(JSON.parse(await readFile(file, 'utf8'))).toMatchObject({ keys: [{}, {}] })
  })

  it('tells the public parts only', async () => {
    await rotateSigningKey(file, nowMs)
    const tokens = await openTokens(file, now)
    for (const key of (await tokens.keySet()).keys) {
      expect(Object.keys(key).toSorted()).toEqual(['alg', 'crv', 'kid', 'kty', 'use', 'x'])
    }
  })

  it('is one command', { timeout: 30_000 }, async () => {
    const tokens = await openTokens(file, now)
    const [before] = await kidsOf(tokens)
    const command = [join(ROOT, 'scripts/keys.ts'), 'rotate']
    const env = { ...process.env, MOTU_SIGNING_KEY_FILE: file }
    const { stdout } = await promisify(execFile)(process.execPath, command, { env })
    nowMs = Date.now()
    const [fresh, old] = await kidsOf(tokens)
    expect([stdout.includes(fresh!), old]).toEqual([true, before])
  })
})

describe('the file', () => {
  it('may hold one key, as older versions wrote it', async () => {
    const { privateKey } = await generateKeyPair('EdDSA', { extractable: true })
    file = join(folder, 'single.json')
    await writeFile(file, JSON.stringify({ ...(await exportJWK(privateKey)), kid: 'single' }))
    const tokens = await openTokens(file, now)
    expect(kidOf(await tokens.issue(USER))).toBe('single')
    const { kid } = await rotateSigningKey(file, nowMs)
    nowMs += 1_000
    expect(await kidsOf(tokens)).toEqual([kid, 'single'])
  })

  it('that is broken is named, and nothing of it is said', async () => {
    file = join(folder, 'broken.json')
    await writeFile(file, '{"keys":[{"kid":"a","d":"the-secret"}]}')
    const opening = openTokens(file, now)
    await expect(opening).rejects.toThrow(`${file} holds no signing keys`)
    await expect(opening).rejects.not.toThrow('the-secret')
  })

  it('that broke under a running process leaves it what it had', async () => {
    const troubles: string[] = []
    const tokens = await openTokens(file, now, (error) => troubles.push(String(error)))
    const token = await tokens.issue(USER)
    await writeFile(file, '{')
    nowMs += 1_000
    expect(await tokens.verify(token)).not.toBe(null)
    expect(await tokens.verify(await tokens.issue(USER))).not.toBe(null)
    expect(troubles).toEqual([`Error: ${file} holds no signing keys`])
  })
})
