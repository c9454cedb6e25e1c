// What a user sees of his sign-ins, and what he is told about his account.

import { createRoute, z } from '@hono/zod-openapi'
import { access } from './access.ts'
import { instantText, jsonAnswer, problemAnswers } from './answers.ts'

/** Sign-ins and notices an answer brings at the most; the newest first. */
export const SESSIONS_MAX = 100
export const NOTICES_MAX = 100

export const sessionSchema = z
  .object({
    session_id: z.uuid(),
    /** `password`, `passkey`, or `oidc:` and the provider. */
    method: z.string(),
    address: z.string().nullable(),
    user_agent: z.string().nullable(),
    created_at: instantText,
    last_used_at: instantText.nullable(),
    expires_at: instantText,
    /** Whether it is the one that asks. */
    current: z.boolean(),
  })
  .openapi('Session')
export type Session = z.infer<typeof sessionSchema>

/**
 * `refresh_reused`: a refresh token was used twice, its sign-in ended · a new way in:
 * `password_changed`, `password_set` (the first one), `passkey_added`, `account_linked` ·
 * `api_key_revoked`: a rule of ours took a key for stolen · `passkey_cloned`: two authenticators
 * count for one passkey · `account_adjusted`: an admin changed the balance.
 */
export const NOTICE_KINDS = [
  'refresh_reused',
  'password_changed',
  'password_set',
  'passkey_added',
  'account_linked',
  'api_key_revoked',
  'passkey_cloned',
  'account_adjusted',
] as const
export type NoticeKind = (typeof NOTICE_KINDS)[number]

export const noticeSchema = z
  .object({
    notice_id: z.uuid(),
    kind: z.enum(NOTICE_KINDS),
    detail: z.record(z.string(), z.unknown()),
    created_at: instantText,
    read_at: instantText.nullable(),
  })
  .openapi('Notice')
export type Notice = z.infer<typeof noticeSchema>

const idParam = z.object({ id: z.uuid() })

export const listSessionsRoute = createRoute({
  method: 'get',
  path: '/api/v1/auth/sessions',
  summary: 'The sign-ins that are open',
  ...access('session'),
  responses: {
    200: jsonAnswer(z.object({ sessions: z.array(sessionSchema) }), 'The newest first'),
    ...problemAnswers,
  },
})

export const endSessionRoute = createRoute({
  method: 'delete',
  path: '/api/v1/auth/sessions/{id}',
  summary: 'End a sign-in, everywhere and at once',
  ...access('session'),
  request: { params: idParam },
  responses: { 204: { description: 'Ended' }, ...problemAnswers },
})

export const endOtherSessionsRoute = createRoute({
  method: 'delete',
  path: '/api/v1/auth/sessions',
  summary: 'End every sign-in but the one that asks',
  ...access('session'),
  responses: { 204: { description: 'Ended' }, ...problemAnswers },
})

export const listNoticesRoute = createRoute({
  method: 'get',
  path: '/api/v1/users/me/notices',
  summary: 'What you should know of your account',
  ...access('session'),
  responses: {
    200: jsonAnswer(z.object({ notices: z.array(noticeSchema) }), 'The newest first'),
    ...problemAnswers,
  },
})

export const readNoticeRoute = createRoute({
  method: 'post',
  path: '/api/v1/users/me/notices/{id}/read',
  summary: 'A notice was read',
  ...access('session'),
  request: { params: idParam },
  responses: { 204: { description: 'Noted' }, ...problemAnswers },
})
