// The texts of messages as admins have left them: rows, each a version, and the defaults where there
// are none.

import { TEMPLATE_KEYS, TEMPLATES, type TemplateKey } from '@motu/shared/message-template.ts'
import type { Sql, Transaction } from './connect.ts'

/** The text of every template. */
export type TemplateContents = Readonly<Record<TemplateKey, string>>

/** One version of a template; `content` is null where it went back to the default. */
export type TemplateVersion = {
  key: string
  version: bigint
  content: string | null
  changed_at: Date
  changed_by: string
}

/** The texts that count now. */
export async function readContents(sql: Sql): Promise<TemplateContents> {
  const rows = await sql<{ key: string; content: string | null }[]>`
    SELECT DISTINCT ON (key) key, content FROM message_templates ORDER BY key, version DESC`
  const changed = new Map(rows.map(({ key, content }) => [key, content]))
  const contents = TEMPLATE_KEYS.map((key) => [key, changed.get(key) ?? TEMPLATES[key].content])
  return Object.fromEntries(contents) as TemplateContents
}

/** Adds a version; of two who change a template at once the later one counts. */
export async function addVersion(
  tx: Transaction,
  change: { key: TemplateKey; content: string | null; changedBy: string; nowMs: number },
): Promise<TemplateVersion> {
  const { key, content, changedBy, nowMs } = change
  await holdTemplate(tx, key)
  const [row] = await tx<TemplateVersion[]>`
    INSERT INTO message_templates (key, version, content, changed_at, changed_by)
    SELECT ${key}, coalesce(max(version), 0) + 1, ${content}, ${new Date(nowMs)}, ${changedBy}
    FROM message_templates WHERE key = ${key}
    RETURNING key, version, content, changed_at, changed_by`
  return row!
}

/** Until the transaction ends nobody else changes this template: what is read stays true. */
export async function holdTemplate(tx: Transaction, key: TemplateKey): Promise<void> {
  await tx`SELECT pg_advisory_xact_lock(hashtext(${`message_templates ${key}`}))`
}
