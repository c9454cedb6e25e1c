// Where a running Motu keeps its things: all in one folder, `.motu/` unless MOTU_DIR says another.

import { chmodSync, mkdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { createHash } from 'node:crypto'
import { join, resolve } from 'node:path'

export const ROOT = resolve(import.meta.dirname, '../..')
/** A Unix socket's path may be some 100 bytes long. */
const SOCKET_PATH_LENGTH_MAX = 100

export type Places = {
  /** The whole folder; only its owner may look into it. */
  dir: string
  secretsFile: string
  signingKeyFile: string
  credentialKeysFile: string
  pushKeyFile: string
  /** What the last start chose: ports that should stay the same. */
  choicesFile: string
  controlSocket: string
  postgresDir: string
  /** The edge's bundles, and its Durable Objects' disk. */
  edgeDir: string
  objectsDir: string
  logsDir: string
  /** One file for each process we started. */
  pidsDir: string
}

/** Paths under the folder the environment names; makes the folders. */
export function findPlaces(env: NodeJS.ProcessEnv): Places {
  const dir = resolve(ROOT, env.MOTU_DIR ?? '.motu')
  const inDir = (name: string): string => join(dir, name)
  const places = {
    dir,
    secretsFile: inDir('secrets.json'),
    signingKeyFile: inDir('signing-key.json'),
    credentialKeysFile: inDir('credential-keys.json'),
    pushKeyFile: inDir('push-key.json'),
    choicesFile: inDir('choices.json'),
    controlSocket: socketPath(dir),
    postgresDir: inDir('postgres'),
    edgeDir: inDir('edge'),
    objectsDir: inDir('edge/objects'),
    logsDir: inDir('logs'),
    pidsDir: inDir('pids'),
  }
  // Others may pass through (PostgreSQL runs as another user when we are root); each secret is
  // readable by its owner only.
  for (const folder of [dir, places.edgeDir, places.objectsDir, places.logsDir, places.pidsDir]) {
    mkdirSync(folder, { recursive: true })
    chmodSync(folder, 0o711)
  }
  return places
}

function socketPath(dir: string): string {
  const inside = join(dir, 'control.sock')
  if (Buffer.byteLength(inside) <= SOCKET_PATH_LENGTH_MAX) return inside
  const key = createHash('sha256').update(dir).digest('hex').slice(0, 16)
  return join(tmpdir(), `motu-${key}.sock`)
}
