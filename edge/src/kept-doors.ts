// What the edge's disk keeps of who may come in, for when home is dark or the edge was restarted: what
// was revoked, the API keys home vouched for lately (their hash, never their text), and who signed out
// while home could not be told.

import type { VerifiedKey } from '@motu/shared/api-key-calls.ts'
import { SIGN_OUTS_PER_CALL_MAX } from '@motu/shared/sign-out-calls.ts'
import type { Revocation } from '@motu/shared/upstream.ts'
import type { Clock } from './clock.ts'

/** Outage grace: how long what home said before it went dark counts. */
export const GRACE_MS_MAX = 12 * 60 * 60 * 1_000
/** Half a KB each. */
export const KEYS_MAX = 20_000

export type KeyAsked = { keyId: string; hash: string }
export type KeptKey = { verified: VerifiedKey; verifiedAtMs: number }

type RevocationRow = { kind: string; id: string; at: string; until: string }

export class KeptDoors {
  readonly #sql: SqlStorage
  readonly #now: Clock

  constructor(sql: SqlStorage, now: Clock) {
    this.#sql = sql
    this.#now = now
    sql.exec('DROP TABLE IF EXISTS denials')
    sql.exec(`CREATE TABLE IF NOT EXISTS revocations (
      kind TEXT NOT NULL,
      id TEXT NOT NULL,
      at TEXT NOT NULL,
      until TEXT NOT NULL,
      until_ms INTEGER NOT NULL,
      PRIMARY KEY (kind, id)
    ) WITHOUT ROWID`)
    sql.exec(`CREATE TABLE IF NOT EXISTS api_keys (
      key_id TEXT PRIMARY KEY,
      hash TEXT NOT NULL,
      user_id TEXT NOT NULL,
      verified TEXT NOT NULL,
      verified_at INTEGER NOT NULL
    ) WITHOUT ROWID`)
    sql.exec('CREATE TABLE IF NOT EXISTS sign_outs (sid TEXT PRIMARY KEY) WITHOUT ROWID')
    sql.exec('CREATE INDEX IF NOT EXISTS api_keys_verified_at ON api_keys (verified_at)')
  }

  /** Remembers what was revoked until it cannot matter any more, and forgets what it opened. */
  deny(revocations: readonly Revocation[]): void {
    this.#sql.exec('DELETE FROM revocations WHERE until_ms < ?', this.#now())
    const insert = `INSERT INTO revocations (kind, id, at, until, until_ms) VALUES (?,?,?,?,?)
      ON CONFLICT (kind, id) DO UPDATE SET at = excluded.at, until = excluded.until,
        until_ms = excluded.until_ms WHERE excluded.at > revocations.at`
    for (const { kind, id, at, until } of revocations) {
      const { rowsWritten } = this.#sql.exec(insert, kind, id, at, until, Date.parse(until))
      // Home repeats what still matters: a user who is let in again keeps what he was given since.
      if (rowsWritten === 0) continue
      if (kind === 'key') this.#sql.exec('DELETE FROM api_keys WHERE key_id = ?', id)
      if (kind === 'user') this.#sql.exec('DELETE FROM api_keys WHERE user_id = ?', id)
    }
  }

  /** Everything revoked that can still matter. */
  denied(): Revocation[] {
    const select = 'SELECT kind, id, at, until FROM revocations WHERE until_ms >= ?'
    return [...this.#sql.exec<RevocationRow>(select, this.#now())] as Revocation[]
  }

  /** Keeps what home said of a key a moment ago, unless it was revoked in that moment. */
  keepKey({ keyId, hash }: KeyAsked, { verified, verifiedAtMs }: KeptKey): void {
    const isDenied = `SELECT 1 FROM revocations WHERE kind = 'key' AND id = ?`
    if (this.#sql.exec(isDenied, keyId).toArray().length > 0) return
    this.#sql.exec(
      'INSERT OR REPLACE INTO api_keys (key_id, hash, user_id, verified, verified_at) VALUES (?,?,?,?,?)',
      keyId,
      hash,
      verified.user_id,
      JSON.stringify(verified),
      verifiedAtMs,
    )
    this.#sql.exec('DELETE FROM api_keys WHERE verified_at < ?', this.#now() - GRACE_MS_MAX)
    const newest = 'SELECT key_id FROM api_keys ORDER BY verified_at DESC LIMIT -1 OFFSET ?'
    this.#sql.exec(`DELETE FROM api_keys WHERE key_id IN (${newest})`, KEYS_MAX)
  }

  /** What home said of a key, within the grace; null for another hash, or when nothing is known. */
  findKey({ keyId, hash }: KeyAsked): KeptKey | null {
    const select = `SELECT verified, verified_at FROM api_keys
      WHERE key_id = ? AND hash = ? AND verified_at >= ?`
    const [row] = this.#sql.exec<{ verified: string; verified_at: number }>(
      select,
      keyId,
      hash,
      this.#now() - GRACE_MS_MAX,
    )
    if (!row) return null
    return { verified: JSON.parse(row.verified) as VerifiedKey, verifiedAtMs: row.verified_at }
  }

  /** Only under this hash: whoever knows the public part of a key could take it away otherwise. */
  forgetKey({ keyId, hash }: KeyAsked): void {
    this.#sql.exec('DELETE FROM api_keys WHERE key_id = ? AND hash = ?', keyId, hash)
  }

  noteSignOut(sid: string): void {
    this.#sql.exec('INSERT OR IGNORE INTO sign_outs (sid) VALUES (?)', sid)
  }

  untoldSignOuts(): string[] {
    const select = 'SELECT sid FROM sign_outs LIMIT ?'
    return [...this.#sql.exec<{ sid: string }>(select, SIGN_OUTS_PER_CALL_MAX)].map(
      ({ sid }) => sid,
    )
  }

  forgetSignOuts(sids: readonly string[]): void {
    for (const sid of sids) this.#sql.exec('DELETE FROM sign_outs WHERE sid = ?', sid)
  }
}
