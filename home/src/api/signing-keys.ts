// The keys access tokens are signed with, in a file that only its owner may read: the newest signs,
// once every edge can know it; the older ones verify until the last token they signed has ended. The file may be changed
// under running processes (`npm run keys -- rotate`): they read it again.

import { randomUUID } from 'node:crypto'
import { link, mkdir, readFile, rename, stat, unlink, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { ACCESS_TOKEN_SECONDS, TOKEN_ALGORITHM } from '@motu/shared/access-token.ts'
import { type CryptoKey, exportJWK, generateKeyPair, importJWK, type JWK } from 'jose'
import { z } from 'zod'
import { rotatingAlone } from './rotation-lock.ts'

/** A process notices a change within this time, so that an older key may sign for as long. */
const CHECK_INTERVAL_MS = 1_000
/** A new key is published this long before it signs: an edge asks for new keys every 3 s at most. */
const SIGNS_AFTER_MS = 5_000
/** For clocks that differ, and for the second until every process has noticed. */
const RETIREMENT_SLACK_MS = 60_000

const keySchema = z.looseObject({
  kid: z.string().min(1),
  kty: z.literal('OKP'),
  crv: z.literal('Ed25519'),
  x: z.string().min(1),
  d: z.string().min(1),
  /** When it takes the place of the one before it; the first key of a file signs at once. */
  signs_from: z.iso.datetime().optional(),
  /** When a newer one took its place. */
  retired_at: z.iso.datetime().optional(),
})
type StoredKey = z.infer<typeof keySchema>

/** The file as it is written; a single key is what older versions wrote. */
const fileSchema = z.union([
  z.object({ keys: z.array(keySchema).min(1) }),
  keySchema.transform((key) => ({ keys: [key] })),
])

export type SigningKey = { kid: string; privateKey: CryptoKey }
type LoadedKey = SigningKey & {
  publicKey: CryptoKey
  publicJwk: JWK
  signsFromMs: number
  endsAtMs: number
}

type Options = {
  now: () => number
  /** Told when the file cannot be read again; the keys that were in it stay. */
  onTrouble?: (error: unknown) => void
}

export class SigningKeys {
  readonly #file: string
  readonly #now: () => number
  readonly #onTrouble: (error: unknown) => void
  #keys: LoadedKey[] = []
  #version = ''
  #checkedAtMs = Number.NEGATIVE_INFINITY

  private constructor(file: string, { now, onTrouble }: Options) {
    this.#file = file
    this.#now = now
    this.#onTrouble = onTrouble ?? (() => {})
  }

  /** Opens the file; the first process to need one makes it. */
  static async open(file: string, options: Options): Promise<SigningKeys> {
    const keys = new SigningKeys(file, options)
    await createFile(file)
    await keys.#read()
    return keys
  }

  /** The one that signs now. */
  async newest(): Promise<SigningKey> {
    const keys = await this.#current()
    return keys.find(({ signsFromMs }) => signsFromMs <= this.#now()) ?? keys[0]!
  }

  /** The public key of this id, if it may still verify; an unknown id is looked for in the file. */
  async find(kid: string): Promise<CryptoKey | null> {
    const known = (await this.#current()).find((key) => key.kid === kid)
    if (known) return known.publicKey
    await this.#reread()
    const found = this.#living().find((key) => key.kid === kid)
    return found?.publicKey ?? null
  }

  /** What verifies: the newest and those whose tokens still live. */
  async publicSet(): Promise<{ keys: JWK[] }> {
    return { keys: (await this.#current()).map(({ publicJwk }) => publicJwk) }
  }

  async #current(): Promise<LoadedKey[]> {
    if (Math.abs(this.#now() - this.#checkedAtMs) >= CHECK_INTERVAL_MS) await this.#reread()
    return this.#living()
  }

  #living(): LoadedKey[] {
    return this.#keys.filter(({ endsAtMs }) => endsAtMs > this.#now())
  }

  async #reread(): Promise<void> {
    try {
      await this.#read()
    } catch (error) {
      this.#onTrouble(error)
    }
  }

  async #read(): Promise<void> {
    this.#checkedAtMs = this.#now()
    const { mtimeMs, size, ino } = await stat(this.#file)
    const version = `${mtimeMs} ${size} ${ino}`
    if (version === this.#version) return
    this.#keys = await Promise.all((await readKeys(this.#file)).map(loadKey))
    this.#version = version
  }
}

/** Puts a new key first, which signs soon; the others verify until their last token has ended. */
export async function rotateSigningKey(
  file: string,
  nowMs: number,
): Promise<{ kid: string; signsFrom: string }> {
  await createFile(file)
  return rotatingAlone(file, async () => {
    const signsFrom = new Date(nowMs + SIGNS_AFTER_MS).toISOString()
    const older = (await readKeys(file))
      .map((key) => (key.retired_at === undefined ? { ...key, retired_at: signsFrom } : key))
      .filter((key) => endOf(key) > nowMs)
    const made = { ...(await makeKey()), signs_from: signsFrom }
    const aside = `${file}.${made.kid}`
    await writeFile(aside, textOf([made, ...older]), { mode: 0o600, flag: 'wx' })
    await rename(aside, file)
    return { kid: made.kid, signsFrom }
  })
}

async function createFile(file: string): Promise<void> {
  if (await exists(file)) return
  const made = await makeKey()
  await mkdir(dirname(file), { recursive: true })
  // Written aside, then linked: of two processes that start together one wins, and the other reads
  // a whole file.
  const aside = `${file}.${made.kid}`
  await writeFile(aside, textOf([made]), { mode: 0o600, flag: 'wx' })
  try {
    await link(aside, file)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  } finally {
    await unlink(aside)
  }
}

async function exists(file: string): Promise<boolean> {
  try {
    await stat(file)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false
    throw error
  }
}

async function readKeys(file: string): Promise<StoredKey[]> {
  const read = fileSchema.safeParse(parseJson(await readFile(file, 'utf8')))
  // Never what was in it: it is secret.
  if (!read.success) throw new Error(`${file} holds no signing keys`)
  return read.data.keys
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

const textOf = (keys: readonly StoredKey[]): string => `${JSON.stringify({ keys }, null, 2)}\n`

async function makeKey(): Promise<StoredKey> {
  const { privateKey } = await generateKeyPair(TOKEN_ALGORITHM, { extractable: true })
  return keySchema.parse({ ...(await exportJWK(privateKey)), kid: randomUUID() })
}

function endOf({ retired_at }: StoredKey): number {
  if (retired_at === undefined) return Number.POSITIVE_INFINITY
  return Date.parse(retired_at) + ACCESS_TOKEN_SECONDS * 1_000 + RETIREMENT_SLACK_MS
}

async function loadKey(stored: StoredKey): Promise<LoadedKey> {
  const { kid, kty, crv, x, d, signs_from = '1970-01-01T00:00:00Z' } = stored
  const bare: JWK = { kty, crv, x }
  const privateKey = await importJWK({ ...bare, d }, TOKEN_ALGORITHM)
  const publicKey = await importJWK(bare, TOKEN_ALGORITHM)
  return {
    kid,
    privateKey: privateKey as CryptoKey,
    publicKey: publicKey as CryptoKey,
    publicJwk: { ...bare, kid, use: 'sig', alg: TOKEN_ALGORITHM },
    signsFromMs: Date.parse(signs_from),
    endsAtMs: endOf(stored),
  }
}
