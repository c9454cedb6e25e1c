// Accounts and tokens: register, sign in, renew, sign out, who am I.
//
// A program gets its refresh token in the answer. A browser asks with `Motu-Session: cookie`: then it
// travels in a cookie that no script can read, and the header, which no other site can send, is what
// makes that cookie count.

import { createRoute, z } from '@hono/zod-openapi'
import { access } from './access.ts'
import { COOKIE_MODE, SESSION_MODE_HEADER } from '../access-token.ts'
import { instantText, jsonAnswer, jsonBody, problemAnswers } from './answers.ts'

export const PASSWORD_LENGTH_MIN = 8
export const PASSWORD_LENGTH_MAX = 128
export const INVITE_CODE_LENGTH_MAX = 128

const newPassword = z.string().min(PASSWORD_LENGTH_MIN).max(PASSWORD_LENGTH_MAX)
const nickname = z
  .string()
  .trim()
  .min(1)
  .max(24)
  .regex(/^[^\p{C}<>@]+$/u, { error: 'must not hold control characters, <, > or @' })
  // Spelled out: the flag of the expression would be written into the document.
  .openapi({ example: '민지', pattern: '^[^\\p{C}<>@]+$' })

export const registerSchema = z
  .strictObject({
    username: z
      .string()
      .regex(/^[a-z0-9](?:[a-z0-9_.-]{1,30})[a-z0-9]$/, {
        error:
          'must be 3 to 32 of a-z, 0-9, dot, dash, underscore, beginning and ending with a letter or digit',
      })
      .openapi({ example: 'minji' }),
    password: newPassword,
    nickname,
    /** Needed where registration is `invited`; where it is `open`, nobody looks at it. */
    invite_code: z.string().max(INVITE_CODE_LENGTH_MAX).optional(),
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

/** Who the caller is, for himself. */
export const profileSchema = userSchema
  .extend({
    /** False: he signs in by passkey or elsewhere, and sets a first password without an old one. */
    has_password: z.boolean(),
    created_at: instantText,
  })
  .openapi('Profile')
export type Profile = z.infer<typeof profileSchema>

export const profileChangeSchema = z.strictObject({ nickname }).openapi('ProfileChange')

export const passwordChangeSchema = z
  .strictObject({
    /** Needed of who has one. */
    current_password: z.string().min(1).max(PASSWORD_LENGTH_MAX).optional(),
    new_password: newPassword,
  })
  .openapi('PasswordChange')

const credentials = {
  username: z.string().min(1).max(64).openapi({ example: 'minji' }),
  password: z.string().min(1).max(PASSWORD_LENGTH_MAX),
}
export const signInSchema = z.strictObject(credentials).openapi('SignIn')

/** The password form of OAuth2 (RFC 6749, 4.3.2): what it does not know it must ignore. */
export const signInFormSchema = z
  .object({ grant_type: z.literal('password').optional(), ...credentials })
  .openapi('SignInForm')

/** Empty where the cookie says it. */
export const refreshSchema = z
  .strictObject({ refresh_token: z.string().min(1).max(256).optional() })
  .openapi('RefreshRequest')

export const tokensSchema = z
  .object({
    access_token: z.string(),
    /** Left out where it travels in a cookie. */
    refresh_token: z.string().optional(),
    token_type: z.literal('bearer'),
    /** Seconds until the access token ends. */
    expires_in: z.int(),
  })
  .openapi('Tokens')
export type Tokens = z.infer<typeof tokensSchema>

/** A browser's way of asking, see above. */
export const sessionModeHeader = z.object({
  [SESSION_MODE_HEADER]: z.literal(COOKIE_MODE).optional(),
})

export const registerRoute = createRoute({
  method: 'post',
  path: '/api/v1/auth/register',
  summary: 'Open an account',
  ...access('anyone'),
  request: { body: jsonBody(registerSchema) },
  responses: { 201: jsonAnswer(userSchema, 'The new user'), ...problemAnswers },
})

export const signInRoute = createRoute({
  method: 'post',
  path: '/api/v1/login/access-token',
  summary: 'Sign in, with JSON or the password form of OAuth2',
  ...access('anyone'),
  request: {
    headers: sessionModeHeader,
    body: {
      content: {
        'application/json': { schema: signInSchema },
        'application/x-www-form-urlencoded': { schema: signInFormSchema },
      },
    },
  },
  responses: { 200: jsonAnswer(tokensSchema, 'Access and refresh token'), ...problemAnswers },
})

export const refreshRoute = createRoute({
  method: 'post',
  path: '/api/v1/login/refresh',
  summary: 'Renew the access token; the refresh token is replaced, and counts as stolen afterwards',
  ...access('anyone'),
  request: {
    headers: sessionModeHeader,
    body: { content: { 'application/json': { schema: refreshSchema } } },
  },
  responses: { 200: jsonAnswer(tokensSchema, 'New tokens'), ...problemAnswers },
})

export const signOutRoute = createRoute({
  method: 'post',
  path: '/api/v1/logout',
  summary: 'Sign out, with the access token or the refresh token: both end',
  ...access('anyone'),
  request: {
    headers: sessionModeHeader,
    body: { content: { 'application/json': { schema: refreshSchema } } },
  },
  responses: { 204: { description: 'Signed out' }, ...problemAnswers },
})

export const meRoute = createRoute({
  method: 'get',
  path: '/api/v1/users/me',
  summary: 'Who the caller is',
  ...access('read'),
  responses: { 200: jsonAnswer(profileSchema, 'The user'), ...problemAnswers },
})

export const changeProfileRoute = createRoute({
  method: 'patch',
  path: '/api/v1/users/me',
  summary: 'Change the nickname',
  ...access('session'),
  request: { body: jsonBody(profileChangeSchema) },
  responses: { 200: jsonAnswer(profileSchema, 'The user'), ...problemAnswers },
})

export const changePasswordRoute = createRoute({
  method: 'post',
  path: '/api/v1/users/me/password',
  summary: 'Change the password; every other sign-in ends',
  ...access('session'),
  request: { body: jsonBody(passwordChangeSchema) },
  responses: { 204: { description: 'Changed' }, ...problemAnswers },
})
