// Register, sign in, renew, sign out, who am I.

import type { OpenAPIHono } from '@hono/zod-openapi'
import { ACCESS_TOKEN_SECONDS } from '@motu/shared/access-token.ts'
import {
  meRoute,
  refreshRoute,
  registerRoute,
  signInRoute,
  signOutRoute,
  type Tokens as TokensAnswer,
} from '@motu/shared/contract/auth.ts'
import { DomainError } from '@motu/shared/problem.ts'
import type { ApiParts } from '../api.ts'
import type { ApiEnv } from '../env.ts'
import {
  findUser,
  findUserByName,
  insertSignIn,
  insertUser,
  revokeSignIn,
  rotateSignIn,
  type SignIn,
} from '../queries/accounts.ts'

export function addAuthRoutes(app: OpenAPIHono<ApiEnv>, parts: ApiParts): void {
  const { sql, now, passwords, tokens, config } = parts

  async function answer(signIn: SignIn): Promise<TokensAnswer> {
    return {
      access_token: await tokens.issue(signIn),
      refresh_token: signIn.refreshToken,
      token_type: 'bearer',
      expires_in: ACCESS_TOKEN_SECONDS,
    }
  }

  app.openapi(registerRoute, async (c) => {
    const { username, nickname, password } = c.req.valid('json')
    const passwordHash = await passwords.hash(password)
    const { startingCashKrw } = config
    const user = { username, nickname, role: 'USER' as const, passwordHash, startingCashKrw }
    return c.json(await insertUser(sql, user, now()), 201)
  })

  app.openapi(signInRoute, async (c) => {
    const { username, password } = c.req.valid('json')
    const user = await findUserByName(sql, username)
    const isRight = await passwords.verify(user?.passwordHash ?? null, password)
    if (!user || !isRight) throw new DomainError('invalid-credentials')
    const { user_id: userId, role } = user
    return c.json(await answer(await insertSignIn(sql, { userId, role }, now())), 200)
  })

  app.openapi(refreshRoute, async (c) => {
    const signIn = await rotateSignIn(sql, c.req.valid('json').refresh_token, now())
    if (!signIn) {
      throw new DomainError('unauthenticated', { detail: 'This sign-in has ended. Sign in again.' })
    }
    return c.json(await answer(signIn), 200)
  })

  app.openapi(signOutRoute, async (c) => {
    await revokeSignIn(sql, c.get('claims').sid, now())
    return c.body(null, 204)
  })

  app.openapi(meRoute, async (c) => {
    const user = await findUser(sql, c.get('claims').sub)
    if (!user) throw new DomainError('unauthenticated')
    return c.json(user, 200)
  })
}
