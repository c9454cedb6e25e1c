// `npm run keys -- COMMAND`: changes the keys of an installation, while it runs.

import { rotateCredentials } from '../home/src/api/rotate-credentials.ts'
import { rotateSigningKey } from '../home/src/api/signing-keys.ts'
import { connect } from '../home/src/db/connect.ts'
import { ownDatabaseUrl } from './launch/own-database.ts'
import { findPlaces } from './launch/places.ts'

const USAGE = `npm run keys -- rotate               sign access tokens with a new key, from five seconds
                                     on; the old one verifies until its last token has ended
npm run keys -- rotate-credentials   encrypt the keys of exchanges with a new key

The files are MOTU_SIGNING_KEY_FILE and MOTU_CREDENTIAL_KEYS_FILE, the database is MOTU_POSTGRES_URL; or
those that \`npm start\` uses. Nothing needs to be restarted.`

/** A command answers what it did. */
const COMMANDS: Readonly<Record<string, () => Promise<string>>> = {
  async rotate() {
    const file = process.env.MOTU_SIGNING_KEY_FILE ?? findPlaces(process.env).signingKeyFile
    const { kid, signsFrom } = await rotateSigningKey(file, Date.now())
    return `${file} signs with ${kid} from ${signsFrom} on`
  },
  async 'rotate-credentials'() {
    const file = process.env.MOTU_CREDENTIAL_KEYS_FILE ?? findPlaces(process.env).credentialKeysFile
    const sql = connect(ownDatabaseUrl(process.env), { max: 2, name: 'motu-keys' })
    try {
      const { keyId, count } = await rotateCredentials(sql, file)
      return `${file} encrypts with ${keyId} now; ${count} credentials were encrypted anew`
    } finally {
      await sql.end({ timeout: 5 })
    }
  },
}

const command = COMMANDS[process.argv[2] ?? '']
if (!command) {
  console.error(USAGE)
  process.exit(1)
}
console.log(await command())
