// The key pair that our pushes are signed with (VAPID): a file that only its owner may read. Every
// device subscribed to its public half, so it is made once and kept; with another one they all have to
// subscribe anew.

import { randomUUID } from 'node:crypto'
import { link, mkdir, open, readFile, unlink } from 'node:fs/promises'
import { dirname } from 'node:path'
import { exportJWK, generateKeyPair } from 'jose'
import { z } from 'zod'

const coordinate = z.string().regex(/^[\w-]{43}$/)
const keySchema = z.object({
  ...{ kty: z.literal('EC'), crv: z.literal('P-256') },
  ...{ x: coordinate, y: coordinate, d: coordinate },
})
/** A private JWK. */
export type PushKey = z.infer<typeof keySchema>

/** The key in the file; the first process to need one makes it. */
export async function openPushKey(file: string): Promise<PushKey> {
  const found = await readKey(file)
  if (found) return found
  await mkdir(dirname(file), { recursive: true })
  const aside = await writeNewKey(file)
  try {
    // Of two processes that start together one wins, and the other reads a whole file.
    await link(aside, file)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  } finally {
    await unlink(aside)
  }
  return (await readKey(file))!
}

/** The public half as browsers take it: an uncompressed point, base64url. */
export function publicPushKey({ x, y }: PushKey): string {
  const point = [Buffer.of(4), Buffer.from(x, 'base64url'), Buffer.from(y, 'base64url')]
  return Buffer.concat(point).toString('base64url')
}

async function readKey(file: string): Promise<PushKey | null> {
  try {
    const { data } = keySchema.safeParse(JSON.parse(await readFile(file, 'utf8')))
    if (data) return data
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    if (!(error instanceof SyntaxError)) throw error
  }
  // Never what was in it: it is secret.
  throw new Error(`${file} holds no key for pushes`)
}

async function writeNewKey(file: string): Promise<string> {
  const { privateKey } = await generateKeyPair('ES256', { extractable: true })
  const aside = `${file}.${randomUUID()}`
  const handle = await open(aside, 'wx', 0o600)
  try {
    await handle.writeFile(`${JSON.stringify(await exportJWK(privateKey), null, 2)}\n`)
    await handle.sync()
  } finally {
    await handle.close()
  }
  return aside
}
