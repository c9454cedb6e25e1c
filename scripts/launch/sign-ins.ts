// The two sign-ins of an installation: the same ones at every start.

import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { ROOT } from './places.ts'
import { type Secrets } from './secrets.ts'

type Passwords = Pick<Secrets, 'demoPassword' | 'adminPassword'>

const run = promisify(execFile)
/** How `create-user.ts` ends for one whom an admin shut out. */
const SHUT_OUT = 3

/** Makes both users, or gives them back their passwords; whom an admin shut out stays so. */
export async function keepSignIns(postgresUrl: string, secrets: Passwords): Promise<void> {
  await Promise.all([
    keepUser(postgresUrl, ['demo', 'Demo', 'USER'], secrets.demoPassword),
    keepUser(postgresUrl, ['admin', 'Admin', 'ADMIN'], secrets.adminPassword),
  ])
}

/** The lines people and programs look for. */
export const describeSignIns = ({ demoPassword, adminPassword }: Passwords): string =>
  `demo sign-in: demo / ${demoPassword}\nadmin sign-in: admin / ${adminPassword}`

async function keepUser(
  postgresUrl: string,
  user: readonly [name: string, nickname: string, role: string],
  password: string,
): Promise<void> {
  const env = { ...process.env, MOTU_POSTGRES_URL: postgresUrl, MOTU_NEW_PASSWORD: password }
  try {
    await run(process.execPath, [join(ROOT, 'home/src/api/create-user.ts'), ...user], { env })
  } catch (error) {
    if ((error as { code?: unknown }).code !== SHUT_OUT) throw error
  }
}
