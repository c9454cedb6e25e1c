// `npm run user -- NAME [NICKNAME] [USER|ADMIN]`: makes a user, such as the first admin, or gives one that
// is there a new password and role.

import { spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { textOrFile } from '../home/src/config.ts'
import { ownDatabaseUrl } from './launch/own-database.ts'
import { ROOT } from './launch/places.ts'

const USAGE = `npm run user -- NAME [NICKNAME] [USER|ADMIN]

Makes a user, such as the first admin; one that is there gets the role and the new password, and all
his sign-ins end. The password is MOTU_NEW_PASSWORD, the text of the file MOTU_NEW_PASSWORD_FILE, or one
made up here and shown once. The database is MOTU_POSTGRES_URL, or that of a running \`npm start\`.

A user whom an admin shut out stays so: nothing is changed, and the exit code is 3. An admin lets him in
again on the admin page, or with POST /api/v1/admin/users/{id}/enable; then this command works.

In the home container, where there is no npm run:
  node home/src/api/create-user.ts NAME NICKNAME ADMIN`

const PASSWORD_BYTES = 12

const args = process.argv.slice(2)
const [name, nickname = name, role = 'USER'] = args
if (name === '--help') {
  console.log(USAGE)
  process.exit()
}
if (!name || name.startsWith('-')) {
  console.error(USAGE)
  process.exit(1)
}
const given = textOrFile(process.env, 'MOTU_NEW_PASSWORD')
const password = given ?? randomBytes(PASSWORD_BYTES).toString('base64url')
const { status } = spawnSync(
  process.execPath,
  [join(ROOT, 'home/src/api/create-user.ts'), name, nickname!, role],
  {
    stdio: 'inherit',
    env: {
      ...process.env,
      // Read already, wherever they came from: both ways at once would be refused.
      ...{ MOTU_POSTGRES_URL_FILE: '', MOTU_NEW_PASSWORD_FILE: '' },
      MOTU_POSTGRES_URL: ownDatabaseUrl(process.env),
      MOTU_NEW_PASSWORD: password,
    },
  },
)
if (status === 0) console.log(given ? `${name}: ${role}` : `${name}: ${role}, password ${password}`)
process.exitCode = status ?? 1
