// What admins do: users, adjustments of their cash, the audit log.

import { createRoute, z } from '@hono/zod-openapi'
import { parseDecimal } from '../decimal.ts'
import { access } from './access.ts'
import { decimalText, instantText, jsonAnswer, jsonBody, problemAnswers } from './answers.ts'
import { userSchema } from './auth.ts'

export const ADMIN_PAGE_MAX = 200

const page = {
  limit: z.coerce.number().int().min(1).max(ADMIN_PAGE_MAX).default(50),
  cursor: z.string().min(1).max(200).optional(),
}
const plainText = z
  .string()
  .trim()
  .regex(/^[^\p{C}]*$/u, { error: 'must not hold control characters' })
  .openapi({ pattern: '^[^\\p{C}]*$' })

export const userListQuerySchema = z.object({
  query: plainText.max(64).optional().openapi({ description: 'Part of a user name or a nickname' }),
  ...page,
})

export const adminUserSchema = z
  .object({
    ...userSchema.pick({ user_id: true, username: true, nickname: true, role: true }).shape,
    created_at: instantText,
    /** Null: he may sign in. */
    disabled_at: instantText.nullable(),
    last_sign_in_at: instantText.nullable(),
    /** Held money included. */
    balance_krw: decimalText,
    held_krw: decimalText,
  })
  .openapi('AdminUser')
export type AdminUser = z.infer<typeof adminUserSchema>

export const adminUserListSchema = z
  .object({ users: z.array(adminUserSchema), next_cursor: z.string().nullable() })
  .openapi('AdminUserList')
export type AdminUserList = z.infer<typeof adminUserListSchema>

export const roleSchema = z.strictObject({ role: z.enum(['ADMIN', 'USER']) }).openapi('RoleChange')

export const newAdjustmentSchema = z
  .strictObject({
    /**
     * Made by the caller (version 4: ids of orders are others); a repeat with the same content is
     * answered, not booked, again.
     */
    adjustment_id: z.uuidv4(),
    amount_krw: z
      .string()
      .superRefine((text, context) => {
        const amount = parseDecimal(text)
        if (amount !== null && amount !== 0n) return
        const message = 'must be a decimal other than zero; a minus takes money away'
        context.addIssue({ code: 'custom', message })
      })
      .openapi({ example: '-50000', pattern: '^-?(0|[1-9]\\d{0,11})(\\.\\d{1,8})?$' }),
    reason: plainText.min(1).max(500),
  })
  .openapi('NewAdjustment')
export type NewAdjustment = z.infer<typeof newAdjustmentSchema>

export const adjustmentSchema = z
  .object({
    adjustment_id: z.uuid(),
    user_id: z.uuid(),
    amount_krw: decimalText,
    reason: z.string(),
    created_at: instantText,
    /** As it stands now. */
    balance_krw: decimalText,
  })
  .openapi('Adjustment')
export type Adjustment = z.infer<typeof adjustmentSchema>

export const auditQuerySchema = z.object({
  action: z
    .string()
    .regex(/^[a-z_]{1,40}$/)
    .optional(),
  user_id: z.uuid().optional().openapi({ description: 'Whoever did it, or had it done to him' }),
  ...page,
})

export const auditEntrySchema = z
  .object({
    audit_id: z.string(),
    at: instantText,
    action: z.string().openapi({ example: 'sign_in' }),
    actor_id: z.uuid().nullable(),
    /** `session:ID`, `key:ID`, `command`, `system`. */
    actor_via: z.string().nullable(),
    /** `user:ID`, `key:ID`, `session:ID`. */
    target: z.string().nullable(),
    address: z.string().nullable(),
    request_id: z.string().nullable(),
    detail: z.record(z.string(), z.unknown()),
  })
  .openapi('AuditEntry')
export type AuditEntry = z.infer<typeof auditEntrySchema>

export const auditListSchema = z
  .object({ entries: z.array(auditEntrySchema), next_cursor: z.string().nullable() })
  .openapi('AuditList')
export type AuditList = z.infer<typeof auditListSchema>

const userParams = z.object({ id: z.uuid() })

export const listUsersRoute = createRoute({
  method: 'get',
  path: '/api/v1/admin/users',
  summary: 'All users, by user name',
  ...access('admin'),
  request: { query: userListQuerySchema },
  responses: { 200: jsonAnswer(adminUserListSchema, 'A page of users'), ...problemAnswers },
})

export const disableUserRoute = createRoute({
  method: 'post',
  path: '/api/v1/admin/users/{id}/disable',
  summary: 'Shut a user out: every sign-in and API key of his ends at once',
  ...access('admin'),
  request: { params: userParams },
  responses: { 204: { description: 'Disabled' }, ...problemAnswers },
})

export const enableUserRoute = createRoute({
  method: 'post',
  path: '/api/v1/admin/users/{id}/enable',
  summary: 'Let a user in again; he signs in anew, and makes new keys',
  ...access('admin'),
  request: { params: userParams },
  responses: { 204: { description: 'Enabled' }, ...problemAnswers },
})

export const changeRoleRoute = createRoute({
  method: 'put',
  path: '/api/v1/admin/users/{id}/role',
  summary: "Change a user's role; every sign-in of his ends, for it carries the old one",
  ...access('admin'),
  request: { params: userParams, body: jsonBody(roleSchema) },
  responses: { 204: { description: 'Changed' }, ...problemAnswers },
})

export const adjustRoute = createRoute({
  method: 'post',
  path: '/api/v1/admin/users/{id}/adjustments',
  summary: 'Give or take virtual won, with a reason',
  ...access('admin'),
  request: { params: userParams, body: jsonBody(newAdjustmentSchema) },
  responses: { 201: jsonAnswer(adjustmentSchema, 'It is booked'), ...problemAnswers },
})

export const listAuditRoute = createRoute({
  method: 'get',
  path: '/api/v1/admin/audit',
  summary: 'Who did what, newest first',
  ...access('admin'),
  request: { query: auditQuerySchema },
  responses: { 200: jsonAnswer(auditListSchema, 'A page of the audit log'), ...problemAnswers },
})
