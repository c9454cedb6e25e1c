// Makes a user from the command line: the first admin, or the demo users of a first start.
//
//   MOTU_POSTGRES_URL=… MOTU_NEW_PASSWORD=… node home/src/api/create-user.ts NAME [NICKNAME] [USER|ADMIN]
//
// The password comes from the environment (or a file: MOTU_NEW_PASSWORD_FILE), so that it shows up in
// no process list. A user that is there already gets this password and role: the command may run
// twice. One who was shut out is left as he is, and the command ends with 3: an admin lets him in.

import type { Role } from '@motu/shared/access-token.ts'
import { registerSchema } from '@motu/shared/contract/auth.ts'
import { textOrFile } from '../config.ts'
import { connect, type Sql } from '../db/connect.ts'
import { migrate } from '../db/migrate.ts'
import { audit } from './audit.ts'
import { Passwords } from './passwords.ts'
import { insertUser } from './queries/accounts.ts'
import { endSignIns } from './queries/sessions.ts'
import { findAnyUser, setPasswordAndRole } from './queries/users.ts'

/** The exit code that says: nothing was changed, because an admin shut this user out. */
const SHUT_OUT = 3

type Wanted = { username: string; nickname: string; password: string; role: Role }

async function main(): Promise<void> {
  const [name, nickname = name, role = 'USER'] = process.argv.slice(2)
  const url = textOrFile(process.env, 'MOTU_POSTGRES_URL')
  const password = textOrFile(process.env, 'MOTU_NEW_PASSWORD')
  const parsed = registerSchema.safeParse({ username: name, nickname, password })
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
    await keepUser(sql, { ...parsed.data, role }, Date.now())
  } finally {
    await sql.end({ timeout: 5 })
  }
}

async function keepUser(sql: Sql, wanted: Wanted, nowMs: number): Promise<void> {
  const { username, nickname, password, role } = wanted
  const passwords = new Passwords()
  const existing = await findAnyUser(sql, username)
  if (existing?.isDisabled) {
    process.stderr.write(
      `${username} was shut out: nothing is changed, his password neither, until an admin lets him in.\n`,
    )
    process.exitCode = SHUT_OUT
    return
  }
  if (existing) {
    const isSame = await passwords.verify(existing.passwordHash, password)
    if (isSame && existing.role === role) return
    await change(
      sql,
      { userId: existing.userId, role, hash: await passwords.hash(password) },
      nowMs,
    )
    return
  }
  const startingCashKrw = process.env.MOTU_STARTING_CASH_KRW ?? '100000000'
  const passwordHash = await passwords.hash(password)
  const user = { username, nickname, role, passwordHash, startingCashKrw }
  await insertUser(sql, user, nowMs, (tx, { user_id: userId }) => {
    const entry = { action: 'user_created', actorVia: 'command', target: `user:${userId}` } as const
    return audit(tx, { ...entry, detail: { role } }, nowMs)
  })
}

/** Whoever is signed in with the old password or role is not any more; home finds that by itself. */
async function change(
  sql: Sql,
  { userId, role, hash }: { userId: string; role: Role; hash: string },
  nowMs: number,
): Promise<void> {
  await sql.begin(async (tx) => {
    await setPasswordAndRole(tx, { userId, role, hash })
    await endSignIns(tx, { userId, which: 'all', reason: 'password_changed' }, nowMs)
    const actor = { actorVia: 'command', target: `user:${userId}` }
    await audit(tx, { action: 'password_changed', ...actor, detail: { role } }, nowMs)
  })
}

await main()
