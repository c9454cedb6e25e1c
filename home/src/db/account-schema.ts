// The schema of the doors: sign-ins and their refresh tokens, API keys, other ways in, and the audit
// log. Secrets are stored as hashes, or encrypted.

import { sql } from 'drizzle-orm'
import {
  bigint,
  boolean,
  check,
  customType,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core'
import { instant } from './column-types.ts'
import { users } from './schema.ts'

const bytea = customType<{ data: Buffer }>({ dataType: () => 'bytea' })
const userId = () =>
  uuid('user_id')
    .notNull()
    .references(() => users.id)

/** One row per sign-in: the family of its refresh tokens. */
export const authSessions = pgTable(
  'auth_sessions',
  {
    id: uuid('id').primaryKey(),
    userId: userId(),
    /** How he signed in: `password`, `passkey`, `oidc:PROVIDER`. */
    method: text('method').notNull().default('password'),
    address: text('address'),
    userAgent: text('user_agent'),
    createdAt: instant('created_at').notNull(),
    lastUsedAt: instant('last_used_at'),
    expiresAt: instant('expires_at').notNull(),
    revokedAt: instant('revoked_at'),
    /** `signed_out`, `revoked`, `reuse`, `password_changed`, `disabled`. */
    revokedReason: text('revoked_reason'),
  },
  (table) => [
    index('auth_sessions_user').on(table.userId, table.createdAt),
    // The sweep for what was revoked lately runs every other second.
    index('auth_sessions_revoked')
      .on(table.revokedAt)
      .where(sql`${table.revokedAt} IS NOT NULL`),
  ],
)

/** Every refresh token ever given out, by its hash, until it would have ended: reuse shows. */
export const refreshTokens = pgTable(
  'refresh_tokens',
  {
    tokenSha256: text('token_sha256').primaryKey(),
    sessionId: uuid('session_id')
      .notNull()
      .references(() => authSessions.id),
    issuedAt: instant('issued_at').notNull(),
    expiresAt: instant('expires_at').notNull(),
    /** When it was exchanged for its successor; a second time is a theft. */
    usedAt: instant('used_at'),
  },
  (table) => [
    index('refresh_tokens_session').on(table.sessionId),
    index('refresh_tokens_expiry').on(table.expiresAt),
  ],
)

/** `id` is the public part of the key; of the secret only the hash is here. */
export const apiKeys = pgTable(
  'api_keys',
  {
    id: text('id').primaryKey(),
    userId: userId(),
    name: text('name').notNull(),
    secretSha256: text('secret_sha256').notNull(),
    scopes: text('scopes').array().notNull(),
    /** CIDR blocks it may be used from; empty: from anywhere. */
    allowedNetworks: text('allowed_networks')
      .array()
      .notNull()
      .default(sql`'{}'`),
    quotaPerMinute: integer('quota_per_minute').notNull(),
    isActive: boolean('is_active').notNull().default(true),
    createdAt: instant('created_at').notNull(),
    /** Null: until revoked. Rotation sets the end of the old key's grace here. */
    expiresAt: instant('expires_at'),
    replacedBy: text('replaced_by'),
    lastUsedAt: instant('last_used_at'),
    lastUsedAddress: text('last_used_address'),
    revokedAt: instant('revoked_at'),
    /** `revoked`, `rotated`, `expired`, `disabled`, or the suspicion rule that revoked it. */
    revokedReason: text('revoked_reason'),
  },
  (table) => [
    index('api_keys_user').on(table.userId),
    index('api_keys_revoked')
      .on(table.revokedAt)
      .where(sql`${table.revokedAt} IS NOT NULL`),
    check('api_keys_scopes', sql`${table.scopes} <@ ARRAY['read', 'trade', 'admin']`),
    check('api_keys_quota', sql`${table.quotaPerMinute} BETWEEN 1 AND 100000`),
    check('api_keys_active', sql`${table.isActive} = (${table.revokedAt} IS NULL)`),
  ],
)

/** Who did what, and who was refused. Rows are only ever added: a trigger refuses all else. */
export const auditLog = pgTable(
  'audit_log',
  {
    id: bigint('id', { mode: 'bigint' }).primaryKey().generatedAlwaysAsIdentity(),
    at: instant('at').notNull(),
    /** `sign_in`, `sign_in_refused`, `api_key_created`, `user_disabled`, …: see `audit.ts`. */
    action: text('action').notNull(),
    /** Who did it; null for nobody we know. */
    actorId: uuid('actor_id'),
    /** How he was known: `session:ID`, `key:ID`, `command`, `system`. */
    actorVia: text('actor_via'),
    /** Whom or what it was done to: `user:ID`, `key:ID`, `session:ID`. */
    target: text('target'),
    address: text('address'),
    requestId: text('request_id'),
    detail: jsonb('detail').notNull().default({}),
  },
  (table) => [
    index('audit_log_actor').on(table.actorId, table.id),
    index('audit_log_action').on(table.action, table.id),
    index('audit_log_target').on(table.target, table.id),
  ],
)

/** What a user should know of his account: a key that was revoked, a sign-in that was stolen. */
export const notices = pgTable(
  'notices',
  {
    id: uuid('id').notNull(),
    userId: userId(),
    kind: text('kind').notNull(),
    detail: jsonb('detail').notNull().default({}),
    createdAt: instant('created_at').notNull(),
    readAt: instant('read_at'),
  },
  (table) => [
    primaryKey({ columns: [table.userId, table.id] }),
    index('notices_by_time').on(table.userId, table.createdAt),
  ],
)

/** Accounts elsewhere that open this one. */
export const oidcIdentities = pgTable(
  'oidc_identities',
  {
    provider: text('provider').notNull(),
    subject: text('subject').notNull(),
    userId: userId(),
    /** The name it goes by there, for the user to know it again. */
    label: text('label').notNull(),
    linkedAt: instant('linked_at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.provider, table.subject] }),
    uniqueIndex('oidc_identities_user').on(table.userId, table.provider),
  ],
)

export const passkeys = pgTable(
  'passkeys',
  {
    /** The credential id in base64url, as the authenticator chose it. */
    id: text('id').primaryKey(),
    userId: userId(),
    name: text('name').notNull(),
    publicKey: bytea('public_key').notNull(),
    /** Signature counter; one that goes back is a clone. */
    counter: bigint('counter', { mode: 'bigint' }).notNull(),
    transports: text('transports')
      .array()
      .notNull()
      .default(sql`'{}'`),
    createdAt: instant('created_at').notNull(),
    lastUsedAt: instant('last_used_at'),
  },
  (table) => [index('passkeys_user').on(table.userId)],
)

/** Questions under way (a passkey's challenge, a sign-in at a provider): each answered once. */
export const challenges = pgTable(
  'challenges',
  {
    id: text('id').primaryKey(),
    kind: text('kind').notNull(),
    userId: uuid('user_id'),
    detail: jsonb('detail').notNull(),
    expiresAt: instant('expires_at').notNull(),
  },
  (table) => [index('challenges_expiry').on(table.expiresAt)],
)

/** Keys of real exchanges, encrypted (AES-256-GCM) under a key of ours that has an id. */
export const exchangeCredentials = pgTable(
  'exchange_credentials',
  {
    userId: userId(),
    exchange: text('exchange').notNull(),
    keyId: text('key_id').notNull(),
    nonce: bytea('nonce').notNull(),
    ciphertext: bytea('ciphertext').notNull(),
    createdAt: instant('created_at').notNull(),
    updatedAt: instant('updated_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.userId, table.exchange] })],
)
