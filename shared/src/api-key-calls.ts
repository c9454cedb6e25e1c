// What the edge asks and tells home about API keys: `POST /internal/api-keys/verify` and `…/usage`.

import { z } from 'zod'
import { KEY_ID_PATTERN } from './api-key.ts'
import { SCOPES } from './contract/access.ts'

/** Of both together home reads a megabyte. */
export const USES_PER_REPORT_MAX = 1_500
export const REFUSALS_PER_REPORT_MAX = 1_500

const keyId = z.string().regex(KEY_ID_PATTERN)
const instant = z.iso.datetime()
const address = z.string().max(64)

export const verifyKeySchema = z.strictObject({
  key_id: keyId,
  secret_sha256: z.string().regex(/^[0-9a-f]{64}$/),
})

/** What a key stands for. Home answers 404 for a key that is none, or no longer. */
export const verifiedKeySchema = z.object({
  user_id: z.uuid(),
  role: z.enum(['ADMIN', 'USER']),
  scopes: z.array(z.enum(SCOPES)),
  allowed_networks: z.array(z.string()),
  quota_per_minute: z.int(),
  expires_at: z.string().nullable(),
})
export type VerifiedKey = z.infer<typeof verifiedKeySchema>

/** Uses of one key from one address since the last report; times are the edge's. */
const useSchema = z.strictObject({
  key_id: keyId,
  address,
  count: z.int().min(1),
  first_at: instant,
  last_at: instant,
})
export type KeyUse = z.infer<typeof useSchema>

/**
 * Requests refused at the edge since the last report, those that are alike summed: `code` is the
 * problem's; a key used from outside its networks is `forbidden` with `why: 'outside_networks'`.
 */
const refusalSchema = z.strictObject({
  code: z.string().regex(/^[a-z-]{1,40}$/),
  why: z.enum(['outside_networks', 'quota']).optional(),
  /** Its template: `GET /api/v1/orders/{id}`; what matches no route is `unknown`. */
  route: z.string().max(100),
  address,
  count: z.int().min(1),
  key_id: keyId.optional(),
  user_id: z.uuid().optional(),
})
export type EdgeRefusal = z.infer<typeof refusalSchema>

export const usageReportSchema = z.strictObject({
  /** When its counting began: longer ago than usual when home was dark. */
  since: instant.optional(),
  uses: z.array(useSchema).max(USES_PER_REPORT_MAX),
  refusals: z.array(refusalSchema).max(REFUSALS_PER_REPORT_MAX),
})
export type UsageReport = z.infer<typeof usageReportSchema>
