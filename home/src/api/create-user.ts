// Makes a user from the command line: the first admin, or the demo users of a first start.
//
//   MOTU_POSTGRES_URL=… MOTU_NEW_PASSWORD=… node home/src/api/create-user.ts NAME [NICKNAME] [USER|ADMIN]
//
// The password comes from the environment, so that it shows up in no process list. A user that is
// there already gets this password and role: the command may run twice.

import { registerSchema } from '@motu/shared/contract/auth.ts'
import { connect } from '../db/connect.ts'
import { migrate } from '../db/migrate.ts'
import { Passwords } from './passwords.ts'
import { findUserByName, insertUser } from './queries/accounts.ts'

async function main(): Promise<void> {
  const [name, nickname = name, role = 'USER'] = process.argv.slice(2)
  const url = process.env.MOTU_POSTGRES_URL
  const given = { username: name, nickname, password: process.env.MOTU_NEW_PASSWORD }
  const parsed = registerSchema.safeParse(given)
  if (!url || !parsed.success || (role !== 'USER' && role !== 'ADMIN')) {
    const why = parsed.success ? '' : parsed.error.issues.map((issue) => issue.message).join('; ')
    process.stderr.write(
      `create-user NAME [NICKNAME] [USER|ADMIN], with MOTU_POSTGRES_URL and MOTU_NEW_PASSWORD set. ${why}\n`,
    )
    process.exitCode = 2
    return
  }
  await migrate(url)
  const sql = connect(url, { max: 1, name: 'motu-create-user' })
  try {
    const { username, password } = parsed.data
    const passwordHash = await new Passwords().hash(password)
    const existing = await findUserByName(sql, username)
    if (existing) {
      await sql`
        UPDATE users SET password_hash = ${passwordHash}, role = ${role}
        WHERE id = ${existing.user_id}`
      return
    }
    const startingCashKrw = process.env.MOTU_STARTING_CASH_KRW ?? '100000000'
    const user = { username, nickname: parsed.data.nickname, role, passwordHash, startingCashKrw }
    await insertUser(sql, user as typeof user & { role: 'USER' | 'ADMIN' }, Date.now())
  } finally {
    await sql.end({ timeout: 5 })
  }
}

await main()
