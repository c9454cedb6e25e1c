// From an account at a provider to the user it opens: found, made, or linked.

import { randomInt } from 'node:crypto'
import { DomainError } from '@motu/shared/problem.ts'
import type { Config } from '../config.ts'
import type { Sql } from '../db/connect.ts'
import { type Actor, audit } from './audit.ts'
import { refusalOf } from './invitation.ts'
import { nicknameFor, usernameFor } from './new-names.ts'
import type { OidcAccount } from './oidc-provider.ts'
import type { Linker } from './oidc-visits.ts'
import { isUsernameTaken, type NewUser, writeUser } from './queries/accounts.ts'
import { insertNotice } from './queries/notices.ts'
import {
  findUserByIdentity,
  insertIdentity,
  type NewIdentity,
  renameIdentity,
} from './queries/oidc.ts'
import { isSignInOpen } from './queries/ways-in.ts'

/** Digits behind a name that is taken: more of them each time, so that a free one is soon found. */
const DIGITS = [0, 4, 6, 9, 9]
const LABEL_LENGTH_MAX = 64

type Parts = { sql: Sql; config: Config; now: () => number }
/** Who came, and from where: `actor` is for the audit log. */
type Came = { provider: string; account: OidcAccount; actor: Actor }

/**
 * The user an account opens, made now if it is his first time and anyone may open one: no provider
 * asks for an invitation code. Who has one registers with it, and links the account afterwards.
 */
export async function enter(parts: Parts, came: Came): Promise<string> {
  const { provider, account } = came
  const found = await findUserByIdentity(parts.sql, { provider, subject: account.subject })
  if (found !== null) return found
  const refusal = refusalOf(parts.config, undefined)
  if (refusal) throw refusal
  const names = await account.names()
  const identity = identityOf(came, names)
  for (const count of DIGITS) {
    const username = usernameFor(names, digits(count))
    const nickname = nicknameFor(names, username)
    const { startingCashKrw } = parts.config
    const role = 'USER' as const
    const user = { username, nickname, role, passwordHash: null, startingCashKrw }
    const made = await makeUser(parts, { user, identity, actor: came.actor })
    if ('userId' in made) return made.userId
    // He came twice at once: the other one made him.
    if (made.taken === 'identity') return enter(parts, came)
  }
  throw new DomainError('username-taken')
}

type Making = { user: NewUser; identity: NewIdentity; actor: Actor }

/** A new user and the account that opens him, both or neither. */
async function makeUser(
  { sql, now }: Parts,
  { user, identity, actor }: Making,
): Promise<{ userId: string } | { taken: 'username' | 'identity' }> {
  const IDENTITY_TAKEN = new Error('the account opens somebody already')
  try {
    return await sql.begin(async (tx) => {
      const { user_id: userId } = await writeUser(tx, user, now())
      if (!(await insertIdentity(tx, { userId, identity }, now()))) throw IDENTITY_TAKEN
      const entry = { action: 'registered', ...actor, actorId: userId } as const
      const detail = { method: `oidc:${identity.provider}` }
      await audit(tx, { ...entry, target: `user:${userId}`, detail }, now())
      return { userId }
    })
  } catch (error) {
    if (error === IDENTITY_TAKEN) return { taken: 'identity' }
    if (isUsernameTaken(error)) return { taken: 'username' }
    throw error
  }
}

/** Lets an account open the user who asked for it, if he is still signed in where he asked. */
export async function link(parts: Parts, linker: Linker, came: Came): Promise<void> {
  const { sql, now } = parts
  if (!(await isSignInOpen(sql, linker, now()))) throw new DomainError('sign-in-refused')
  const { userId, sid } = linker
  const identity = identityOf(came, await came.account.names())
  await sql.begin(async (tx) => {
    if (!(await insertIdentity(tx, { userId, identity }, now()))) {
      // Again is fine; another's account, or a second one of the same provider, is not.
      if (await renameIdentity(tx, { userId, identity })) return
      throw new DomainError('way-in-taken')
    }
    const who = { ...came.actor, actorId: userId, actorVia: `session:${sid}` }
    const detail = { provider: identity.provider }
    await audit(tx, { action: 'identity_linked', ...who, target: `user:${userId}`, detail }, now())
    const told = { ...detail, label: identity.label, address: came.actor.address ?? null }
    await insertNotice(tx, { userId, kind: 'account_linked', detail: told }, now())
  })
}

const digits = (count: number): string =>
  count === 0 ? '' : String(randomInt(10 ** count)).padStart(count, '0')

/** NUL and halves of letters are no text for Postgres. */
function identityOf({ provider, account }: Came, names: readonly string[]): NewIdentity {
  const [name = account.subject] = names
  const plain = name.toWellFormed().replaceAll('\0', '')
  const label = plain.slice(0, LABEL_LENGTH_MAX).toWellFormed()
  return { provider, subject: account.subject, label }
}
