// Accounts and tokens: register, sign in, renew, sign out, who am I.

import { createRoute, z } from '@hono/zod-openapi'
import { bearerSecurity, jsonAnswer, jsonBody, problemAnswers } from './answers.ts'

export const PASSWORD_LENGTH_MIN = 8
export const PASSWORD_LENGTH_MAX = 128

export const registerSchema = z
  .strictObject({
    username: z
      .string()
      .regex(/^[a-z0-9](?:[a-z0-9_.-]{1,30})[a-z0-9]$/, {
        error:
          'must be 3 to 32 of a-z, 0-9, dot, dash, underscore, beginning and ending with a letter or digit',
      })
      .openapi({ example: 'minji' }),
    password: z.string().min(PASSWORD_LENGTH_MIN).max(PASSWORD_LENGTH_MAX),
    nickname: z
      .string()
      .trim()
      .min(1)
      .max(24)
      .regex(/^[^\p{C}<>@]+$/u, { error: 'must not hold control characters, <, > or @' })
      .openapi({ example: '민지' }),
  })
  .openapi('Registration')

export const userSchema = z
  .object({
    user_id: z.uuid(),
    username: z.string(),
    nickname: z.string(),
    role: z.enum(['ADMIN', 'USER']),
  })
  .openapi('User')
export type User = z.infer<typeof userSchema>

export const signInSchema = z
  .strictObject({
    username: z.string().min(1).max(64),
    password: z.string().min(1).max(PASSWORD_LENGTH_MAX),
  })
  .openapi('SignIn')

export const refreshSchema = z
  .strictObject({ refresh_token: z.string().min(1).max(256) })
  .openapi('RefreshRequest')

export const tokensSchema = z
  .object({
    access_token: z.string(),
    refresh_token: z.string(),
    token_type: z.literal('bearer'),
    /** Seconds until the access token ends. */
    expires_in: z.int(),
  })
  .openapi('Tokens')
export type Tokens = z.infer<typeof tokensSchema>

export const registerRoute = createRoute({
  method: 'post',
  path: '/api/v1/auth/register',
  summary: 'Open an account',
  request: { body: jsonBody(registerSchema) },
  responses: { 201: jsonAnswer(userSchema, 'The new user'), ...problemAnswers },
})

export const signInRoute = createRoute({
  method: 'post',
  path: '/api/v1/login/access-token',
  summary: 'Sign in',
  request: { body: jsonBody(signInSchema) },
  responses: { 200: jsonAnswer(tokensSchema, 'Access and refresh token'), ...problemAnswers },
})

export const refreshRoute = createRoute({
  method: 'post',
  path: '/api/v1/login/refresh',
  summary: 'Renew the access token; the refresh token is replaced',
  request: { body: jsonBody(refreshSchema) },
  responses: { 200: jsonAnswer(tokensSchema, 'New tokens'), ...problemAnswers },
})

export const signOutRoute = createRoute({
  method: 'post',
  path: '/api/v1/logout',
  summary: 'Sign out: the refresh token of this sign-in ends',
  security: bearerSecurity,
  responses: { 204: { description: 'Signed out' }, ...problemAnswers },
})

export const meRoute = createRoute({
  method: 'get',
  path: '/api/v1/users/me',
  summary: 'Who the token speaks for',
  security: bearerSecurity,
  responses: { 200: jsonAnswer(userSchema, 'The user'), ...problemAnswers },
})
