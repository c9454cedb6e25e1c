// What is one's own account: who am I, my password, my sign-ins, what I was told.

import type { OpenAPIHono } from '@hono/zod-openapi'
import { changePasswordRoute, changeProfileRoute, meRoute } from '@motu/shared/contract/auth.ts'
import {
  endOtherSessionsRoute,
  endSessionRoute,
  listNoticesRoute,
  listSessionsRoute,
  readNoticeRoute,
} from '@motu/shared/contract/sessions.ts'
import { DomainError } from '@motu/shared/problem.ts'
import type { Context } from 'hono'
import type { ApiParts } from '../api.ts'
import { actorOf, audit } from '../audit.ts'
import { type ApiEnv, callerOf } from '../env.ts'
import { addressGroup } from '../networks.ts'
import { invalidRequest } from '../problem.ts'
import { findPasswordHash, findProfile, renameUser, replacePassword } from '../queries/accounts.ts'
import { insertNotice, listNotices, markNoticeRead } from '../queries/notices.ts'
import { isOwnSignIn, listSessions } from '../queries/sessions.ts'

export function addSessionRoutes(app: OpenAPIHono<ApiEnv>, parts: ApiParts): void {
  const { sql, now, signIns } = parts

  async function profileOf(userId: string) {
    const profile = await findProfile(sql, userId)
    if (!profile) throw new DomainError('unauthenticated')
    return profile
  }

  app.openapi(meRoute, async (c) => c.json(await profileOf(c.get('principal').userId), 200))

  app.openapi(changeProfileRoute, async (c) => {
    const { userId } = c.get('principal')
    const { nickname } = c.req.valid('json')
    await sql.begin(async (tx) => {
      await renameUser(tx, { userId, nickname })
      const target = `user:${userId}`
      const detail = { nickname }
      await audit(tx, { action: 'profile_changed', ...actorOf(c), target, detail }, now())
    })
    return c.json(await profileOf(userId), 200)
  })

  app.openapi(changePasswordRoute, async (c) => {
    await changePassword(c, parts, c.req.valid('json'))
    return c.body(null, 204)
  })

  app.openapi(listSessionsRoute, async (c) =>
    c.json({ sessions: await listSessions(sql, signInOf(c), now()) }, 200),
  )

  app.openapi(endSessionRoute, async (c) => {
    const { userId } = c.get('principal')
    const { id } = c.req.valid('param')
    if (!(await isOwnSignIn(sql, userId, id))) {
      throw new DomainError('not-found', { detail: 'You have no sign-in with this id.' })
    }
    await signIns.end(c, { userId, which: { only: id }, reason: 'revoked' })
    return c.body(null, 204)
  })

  app.openapi(endOtherSessionsRoute, async (c) => {
    const { userId, sid } = signInOf(c)
    await signIns.end(c, { userId, which: { except: sid }, reason: 'revoked' })
    return c.body(null, 204)
  })

  app.openapi(listNoticesRoute, async (c) =>
    c.json({ notices: await listNotices(sql, c.get('principal').userId) }, 200),
  )

  app.openapi(readNoticeRoute, async (c) => {
    const { userId } = c.get('principal')
    const isThere = await markNoticeRead(sql, { userId, noticeId: c.req.valid('param').id }, now())
    if (!isThere) throw new DomainError('not-found', { detail: 'You have no such notice.' })
    return c.body(null, 204)
  })
}

/** The sign-in that asks, on a route that only sign-ins may call. */
function signInOf(c: Context<ApiEnv>): { userId: string; sid: string } {
  const { userId, via } = c.get('principal')
  if (via.kind !== 'session') throw new DomainError('forbidden')
  return { userId, sid: via.sid }
}

type PasswordChange = { current_password?: string | undefined; new_password: string }

/** Sets the new password and ends every other sign-in: whoever knew the old one is out. */
async function changePassword(
  c: Context<ApiEnv>,
  parts: ApiParts,
  change: PasswordChange,
): Promise<void> {
  const { sql, now, passwords, signIns } = parts
  const { userId, sid } = signInOf(c)
  const oldHash = await findPasswordHash(sql, userId)
  if (oldHash === undefined) throw new DomainError('unauthenticated')
  if (oldHash !== null) await checkPassword(c, parts, { oldHash, given: change.current_password })
  const newHash = await passwords.hash(change.new_password, 'known')
  const nowMs = now()
  const sids = await sql.begin(async (tx) => {
    if (!(await replacePassword(tx, { userId, oldHash, newHash }))) throw wrongPassword()
    const actor = { ...actorOf(c), target: `user:${userId}` }
    await audit(tx, { action: 'password_changed', ...actor }, nowMs)
    const detail = { address: callerOf(c).address }
    const kind = oldHash === null ? 'password_set' : 'password_changed'
    await insertNotice(tx, { userId, kind, detail }, nowMs)
    const ending = { userId, which: { except: sid }, reason: 'password_changed' } as const
    return signIns.endWithin(tx, c, ending)
  })
  await signIns.announceEnded(sids, nowMs)
}

/** Whoever holds a stolen sign-in may not try passwords faster than at the front door. */
async function checkPassword(
  c: Context<ApiEnv>,
  { passwords, throttle, now }: ApiParts,
  { oldHash, given }: { oldHash: string; given: string | undefined },
): Promise<void> {
  const account = c.get('principal').userId
  const attempt = {
    account,
    address: addressGroup(callerOf(c).address),
    isKnownAddress: false,
  }
  throttle.take(attempt, now())
  if (given === undefined || !(await passwords.verify(oldHash, given, 'known')))
    throw wrongPassword()
  throttle.giveBack(attempt, now())
}

const wrongPassword = (): DomainError =>
  invalidRequest([{ path: ['current_password'], message: 'is not the current password' }])
