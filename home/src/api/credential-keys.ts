// The keys exchange credentials are encrypted with: a file that only its owner may read, read anew each
// time, so that a rotation needs no restart. What was encrypted is lost without it: back it up.

import { randomBytes, randomUUID } from 'node:crypto'
import { link, mkdir, open, readFile, rename, unlink } from 'node:fs/promises'
import { dirname } from 'node:path'
import { z } from 'zod'
import { rotatingAlone } from './rotation-lock.ts'

const KEY_BYTES = 32

const ringSchema = z.object({
  current: z.string().min(1),
  keys: z.record(
    z.string(),
    z.base64().transform((text) => Buffer.from(text, 'base64')),
  ),
})
export type KeyRing = { current: string; keys: Readonly<Record<string, Buffer>> }

/** The ring in the file; the first process to need one makes it. */
export async function openKeyRing(file: string): Promise<KeyRing> {
  const found = await readRing(file)
  if (found) return found
  await mkdir(dirname(file), { recursive: true })
  const aside = await writeAside(file, withNewKey({ current: '', keys: {} }))
  try {
    // Of two processes that start together one wins, and the other reads a whole file.
    await link(aside, file)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  } finally {
    await unlink(aside)
  }
  return (await readRing(file))!
}

/**
 * Adds a key that encrypts from now on, and runs `reencrypt` with the new ring; it answers the ids of
 * keys still in use. Of the others only the one before is kept: a process may be about to write with it.
 */
export async function rotateKeyRing(
  file: string,
  reencrypt: (ring: KeyRing) => Promise<readonly string[]>,
): Promise<KeyRing> {
  const before = await openKeyRing(file)
  return rotatingAlone(file, async () => {
    const ring = withNewKey((await readRing(file)) ?? before)
    await replaceFile(file, ring)
    const inUse = new Set([...(await reencrypt(ring)), ring.current, before.current])
    const kept = Object.fromEntries(Object.entries(ring.keys).filter(([id]) => inUse.has(id)))
    const after = { current: ring.current, keys: kept }
    await replaceFile(file, after)
    return after
  })
}

function withNewKey({ keys }: KeyRing): KeyRing {
  const current = randomUUID()
  return { current, keys: { [current]: randomBytes(KEY_BYTES), ...keys } }
}

async function readRing(file: string): Promise<KeyRing | null> {
  let text: string
  try {
    text = await readFile(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
  const ring = parseRing(text)
  // Never what was in it: it is secret.
  if (!ring) throw new Error(`${file} holds no credential keys`)
  return ring
}

function parseRing(text: string): KeyRing | null {
  try {
    const { data } = ringSchema.safeParse(JSON.parse(text))
    if (!data || !(data.current in data.keys)) return null
    return Object.values(data.keys).every((key) => key.length === KEY_BYTES) ? data : null
  } catch {
    return null
  }
}

async function replaceFile(file: string, ring: KeyRing): Promise<void> {
  await rename(await writeAside(file, ring), file)
}

/** On the disk before anything is encrypted with it. */
async function writeAside(file: string, { current, keys }: KeyRing): Promise<string> {
  const aside = `${file}.${randomUUID()}`
  const texts = Object.entries(keys).map(([id, key]) => [id, key.toString('base64')])
  const handle = await open(aside, 'wx', 0o600)
  try {
    await handle.writeFile(
      `${JSON.stringify({ current, keys: Object.fromEntries(texts) as unknown }, null, 2)}\n`,
    )
    await handle.sync()
  } finally {
    await handle.close()
  }
  return aside
}
