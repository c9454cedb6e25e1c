// The database of this installation, for commands beside a running Motu.

import { existsSync, readFileSync } from 'node:fs'
import { textOrFile } from '../../home/src/config.ts'
import { postgresUrl } from '../servers/postgres.ts'
import { DATABASE } from './database.ts'
import { findPlaces } from './places.ts'
import { keepSecrets } from './secrets.ts'

/** The one the environment names, or else the embedded one of `npm start`, which has to run. */
export function ownDatabaseUrl(env: NodeJS.ProcessEnv): string {
  const named = textOrFile(env, 'MOTU_POSTGRES_URL')
  if (named !== null) return named
  const { choicesFile, secretsFile } = findPlaces(env)
  if (!existsSync(choicesFile) || !existsSync(secretsFile)) {
    throw new Error('Nothing was started here yet: start Motu, or set MOTU_POSTGRES_URL.')
  }
  const { postgresPort: port } = JSON.parse(readFileSync(choicesFile, 'utf8')) as {
    postgresPort: number
  }
  const { postgresPassword: password } = keepSecrets(secretsFile)
  return postgresUrl({ port, password }).replace(/postgres$/, DATABASE)
}
