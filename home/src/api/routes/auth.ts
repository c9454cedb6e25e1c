// Register, sign in, renew, sign out.

import type { OpenAPIHono } from '@hono/zod-openapi'
import {
  refreshRoute,
  registerRoute,
  signInRoute,
  signOutRoute,
} from '@motu/shared/contract/auth.ts'
import { DomainError } from '@motu/shared/problem.ts'
import type { ApiParts } from '../api.ts'
import { actorOf, audit } from '../audit.ts'
import { type ApiEnv, callerOf } from '../env.ts'
import { refusalOf } from '../invitation.ts'
import { addressGroup } from '../networks.ts'
import { invalidRequest } from '../problem.ts'
import { findUserByName, insertUser } from '../queries/accounts.ts'
import { listKnownAddresses } from '../queries/sessions.ts'
import type { Attempt } from '../sign-in-throttle.ts'

/** An address that has signed in to an account is known to it for this long. */
const KNOWN_ADDRESS_MS = 30 * 24 * 60 * 60 * 1_000

export function addAuthRoutes(app: OpenAPIHono<ApiEnv>, parts: ApiParts): void {
  const { sql, now, passwords, config, guard, signIns, throttle } = parts

  app.openapi(registerRoute, async (c) => {
    const { username, nickname, password, invite_code: code } = c.req.valid('json')
    const refusal = refusalOf(config, code)
    if (refusal) {
      // Neither the name nor the code: what was mistyped is often another secret.
      await audit(sql, { action: 'registration_refused', ...actorOf(c) }, now())
      throw refusal
    }
    const passwordHash = await passwords.hash(password)
    const { startingCashKrw } = config
    const made = { username, nickname, role: 'USER' as const, passwordHash, startingCashKrw }
    const nowMs = now()
    const user = await insertUser(sql, made, nowMs, (tx, { user_id: userId }) => {
      const actor = { ...actorOf(c), actorId: userId, target: `user:${userId}` }
      return audit(tx, { action: 'registered', ...actor }, nowMs)
    })
    return c.json(user, 201)
  })

  app.openapi(signInRoute, async (c) => {
    const { username, password } = credentialsIn(c.req.valid('json'), c.req.valid('form'))
    const address = addressGroup(callerOf(c).address)
    const known = await listKnownAddresses(sql, username, now() - KNOWN_ADDRESS_MS)
    const isKnownAddress = known.some((one) => addressGroup(one) === address)
    const attempt: Attempt = { account: username, address, isKnownAddress }
    throttle.take(attempt, now())
    const user = await findUserByName(sql, username)
    // Who does not exist takes as long, and the same ways, as who does.
    const from = isKnownAddress ? 'known' : 'stranger'
    const isRight = await passwords.verify(user?.passwordHash ?? null, password, from)
    if (!user?.passwordHash || !isRight) {
      // Never the name that was given: people type their password there.
      const target = user ? `user:${user.user_id}` : null
      await audit(sql, { action: 'sign_in_refused', ...actorOf(c), target }, now())
      throw new DomainError('invalid-credentials')
    }
    throttle.giveBack(attempt, now())
    const { user_id: userId, passwordHash } = user
    const tokens = await signIns.open(c, { userId, method: 'password', passwordHash })
    if (!tokens) throw new DomainError('invalid-credentials')
    return c.json(tokens, 200)
  })

  app.openapi(refreshRoute, async (c) =>
    c.json(await signIns.renew(c, c.req.valid('json').refresh_token), 200),
  )

  app.openapi(signOutRoute, async (c) => {
    const byToken = await signIns.findByToken(c, c.req.valid('json').refresh_token)
    const principal = await guard.principalOf(c)
    const bySession = principal?.via.kind === 'session' ? principal : null
    if (!byToken && !bySession) throw new DomainError('unauthenticated')
    const reason = 'signed_out'
    if (byToken) {
      const { userId, sid } = byToken
      await signIns.end(c, { userId, which: { only: sid }, reason })
    }
    if (bySession?.via.kind === 'session') {
      const { userId, via } = bySession
      await signIns.end(c, { userId, which: { only: via.sid }, reason })
    }
    return c.body(null, 204)
  })
}

type Credentials = { username: string; password: string }

/** What was sent as JSON or as a form; what was sent as neither is empty. */
function credentialsIn(json: Partial<Credentials>, form: Partial<Credentials>): Credentials {
  const { username, password } = json.username === undefined ? form : json
  if (username !== undefined && password !== undefined) return { username, password }
  throw invalidRequest([
    { path: ['username'], message: 'is missing' },
    { path: ['password'], message: 'is missing' },
  ])
}
