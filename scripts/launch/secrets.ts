// The secrets of this installation: made at random on the first start, kept in a file that only its
// owner may read, never printed but for the two sign-ins.

import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'

export type Secrets = {
  internalSecret: string
  postgresPassword: string
  demoPassword: string
  adminPassword: string
}

/** Bytes of randomness in a password somebody types, and in one that only programs use. */
const TYPED_BYTES = 9
const UNTYPED_BYTES = 32

/** The secrets in the file; a missing file is made. */
export function keepSecrets(file: string): Secrets {
  if (existsSync(file)) return parseSecrets(file)
  const made: Secrets = {
    internalSecret: randomBytes(UNTYPED_BYTES).toString('base64url'),
    postgresPassword: randomBytes(UNTYPED_BYTES).toString('hex'),
    demoPassword: randomBytes(TYPED_BYTES).toString('base64url'),
    adminPassword: randomBytes(TYPED_BYTES).toString('base64url'),
  }
  writeFileSync(file, `${JSON.stringify(made, null, 2)}\n`, { mode: 0o600, flag: 'wx' })
  return made
}

function parseSecrets(file: string): Secrets {
  const found = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>
  const read = (name: keyof Secrets): string => {
    const value = found[name]
    if (typeof value !== 'string' || value === '') throw new Error(`${file} has no ${name}`)
    return value
  }
  return {
    internalSecret: read('internalSecret'),
    postgresPassword: read('postgresPassword'),
    demoPassword: read('demoPassword'),
    adminPassword: read('adminPassword'),
  }
}
